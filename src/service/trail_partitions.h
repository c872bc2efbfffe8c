// The partitions of a ready-made table: the third source of partitions, beside the catalog's and
// projection's. They are found by every query, so new accounts and days need no repair.
#pragma once

#include "base/cancellation.h"
#include "catalog/metadata.h"
#include "scan/scan_spec.h"
#include "service/location_resolver.h"
#include "store/trail_layout.h"

namespace trailsql {

/// Lists the folders of days, and the files outside such folders, at all locations of a ready-made
/// table, as far as the filter wants them; in the order of the locations and of the paths. Values
/// are those of its partition columns. Throws as list_trail does, and HIVE_FILESYSTEM_ERROR for an
/// S3 location that is not mapped.
ScanPartitions trail_partitions(const CatalogTable& table, const TrailFilter& filter,
                                const LocationResolver& resolver, const Cancellation& cancellation);

}  // namespace trailsql
