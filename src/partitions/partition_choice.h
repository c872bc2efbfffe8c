// Which partitions and which files of a table a query reads. The door of this module.
#pragma once

#include <memory>
#include <vector>

#include "partitions/partition_candidates.h"
#include "scan/file_source.h"
#include "scan/scan_report.h"
#include "store/file_listing.h"

namespace trailsql {

/// The files of a scan: known now, or found while these are read.
struct ChosenFiles {
  std::vector<StoredFile> files;
  std::unique_ptr<FileSource> more;  // none: these are all
};

/// Fills in `spec.stored_path` or, for a table with partition columns, `spec.partitions`, and lists
/// the files in them, as far as the conditions of `spec` keep them. With `may_be_found_later`,
/// those of tables that lie in buckets are found later. `report`, which must outlive what is found
/// later, counts partitions read and in all, and is told what times of events have left out. Throws
/// as find_candidates, list_table_files and `context.stored_path_of` do.
ChosenFiles choose_files(ScanSpec& spec, std::shared_ptr<const CatalogTable> table,
                         std::shared_ptr<const PartitionContext> context, ScanReport& report,
                         bool may_be_found_later);

}  // namespace trailsql
