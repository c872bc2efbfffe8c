// The partitions that a table has, before the conditions of a query are asked: from the catalog,
// from projection, or from the folders of CloudTrail's own layout.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "partitions/known_rows.h"
#include "partitions/path_filter.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"
#include "store/file_store.h"

namespace trailsql {

/// What looking for partitions needs of its surroundings.
struct PartitionContext {
  const Catalog& catalog;
  std::function<std::string(const std::string& location)> stored_path_of;
  std::function<std::shared_ptr<const FileStore>(const CatalogTable& table)> store_of;
  ConditionEngine engine;
  int64_t now_us = 0;  // since 1970-01-01 UTC: what NOW means
};

/// Partitions whose values are known and whose locations can be asked for.
struct PartitionCandidates {
  ColumnBatch values;  // a row a candidate, a column a partition column
  std::function<std::string(size_t candidate)> name;      // of "$partition"; empty: of the values
  std::function<std::string(size_t candidate)> location;  // as declared
  std::optional<uint64_t> num_in_all;  // of the table; nothing where values are injected, or
                                       // folders were passed over
  bool skipped_by_time = false;        // some were passed over for the time of their events alone
  std::vector<UnlistedPath> unlisted;  // folders of which nothing is known
  /// By candidate, where they are known already: its files.
  std::vector<std::vector<StoredFile>> files;
};

/// Finds the partitions of `table` that conditions on single columns, and on paths, keep. Throws
/// HIVE_METASTORE_ERROR for wrong projection properties, CONSTRAINT_VIOLATION for an injected
/// column without values, HIVE_EXCEEDED_PARTITION_LIMIT beyond kMaxPartitions.
PartitionCandidates find_candidates(const ScanSpec& spec, const CatalogTable& table,
                                    const PathFilter& paths, const PartitionContext& context);

/// Returns candidates for partitions that the catalog knows, in their order. `table` must outlive
/// them.
PartitionCandidates catalog_candidates(
    const ScanSpec& spec, const CatalogTable& table,
    std::shared_ptr<const std::vector<CatalogPartition>> partitions);

/// Returns the values of all partitions of a table, a row a partition. Throws as find_candidates.
ColumnBatch partition_rows(const CatalogTable& table, const PartitionContext& context);

/// Returns where a partition of the catalog lies that has no location of its own.
std::string default_location(const CatalogTable& table, const std::string& name);

/// Athena's limit of partitions in one scan.
inline constexpr uint64_t kMaxPartitions = 1'000'000;

}  // namespace trailsql
