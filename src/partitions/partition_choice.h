// Which partitions and which files of a table a query reads. The door of this module.
#pragma once

#include <vector>

#include "partitions/partition_candidates.h"
#include "scan/scan_report.h"
#include "store/file_listing.h"

namespace trailsql {

/// Fills in `spec.stored_path` or, for a table with partition columns, `spec.partitions`, and lists
/// the files in them, as far as the conditions of `spec` keep them. `report` counts partitions read
/// and in all, and is told what times of events have left out. `table` must outlive the call.
/// Throws as find_candidates, list_table_files and `context.stored_path_of` do.
std::vector<StoredFile> choose_files(ScanSpec& spec, const CatalogTable& table,
                                     const PartitionContext& context, ScanReport& report);

}  // namespace trailsql
