// Statements about partitions: ALTER TABLE … PARTITION, MSCK REPAIR TABLE, SHOW PARTITIONS, and
// DESCRIBE of one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analysis/table_name.h"
#include "catalog/catalog.h"
#include "partitions/partition_candidates.h"
#include "service/describe_listing.h"
#include "service/location_resolver.h"
#include "service/query_service.h"
#include "syntax/statement.h"

namespace trailsql {

/// Carries one statement out. All methods throw TABLE_NOT_FOUND, and GENERIC_USER_ERROR for tables
/// without partitions.
class PartitionRunner {
 public:
  /// All must outlive the runner; `database` is that of unqualified names.
  PartitionRunner(Catalog& catalog, const std::string& database, const LocationResolver& resolver,
                  const PartitionContext& context)
      : catalog_(catalog), database_(database), resolver_(resolver), context_(context) {}

  /// Throws COLUMN_NOT_FOUND and INVALID_PARTITION_VALUE's kin for specs that do not fit the table,
  /// ALREADY_EXISTS, NOT_FOUND.
  std::unique_ptr<QueryRun> alter(const AlterTable& node) const;
  /// Adds the partitions that folders key=value below the table's location name; as Athena, removes
  /// none.
  std::unique_ptr<QueryRun> repair(const RepairTable& node) const;
  /// Lists the partitions of the catalog; projected ones are not listed, as in Athena.
  std::unique_ptr<QueryRun> show(const ShowPartitions& node) const;
  /// Finds the partition that DESCRIBE names. Throws NOT_FOUND, also for projected ones, which the
  /// catalog does not know.
  DescribedPartition find_described(const QualifiedName& table_name,
                                    const PartitionSpec& spec) const;

 private:
  struct Changer;
  std::shared_ptr<const CatalogTable> find(const QualifiedName& name) const;
  std::string full_name(const CatalogTable& table, const PartitionSpec& spec) const;
  std::string name_as_written(const CatalogTable& table, const PartitionSpec& spec) const;
  std::vector<std::string> matching_names(const CatalogTable& table,
                                          const PartitionSpec& spec) const;
  CatalogPartition existing(const CatalogTable& table, const PartitionSpec& spec) const;
  uint32_t position_of(const CatalogTable& table, const PartitionSpec& spec,
                       const Identifier& column) const;

  Catalog& catalog_;
  const std::string& database_;
  const LocationResolver& resolver_;
  const PartitionContext& context_;
};

}  // namespace trailsql
