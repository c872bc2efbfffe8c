// Partitions of ready-made tables: the folders of CloudTrail's own layout, found by every query, so
// new accounts and days need no repair.
#pragma once

#include "partitions/partition_candidates.h"

namespace trailsql {

/// Lists the folders of days, and the files outside such folders, at all locations of a ready-made
/// table; in the order of the locations and of the paths. Folders that a condition on organization,
/// account, region, date, path or the time of events excludes are not listed. Throws as list_trail
/// does.
PartitionCandidates layout_candidates(const ScanSpec& spec, const CatalogTable& table,
                                      const PathFilter& paths, const PartitionContext& context);

}  // namespace trailsql
