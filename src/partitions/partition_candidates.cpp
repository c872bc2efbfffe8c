#include "partitions/partition_candidates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "catalog/partition_name.h"
#include "catalog/trail_tables.h"
#include "partitions/layout_candidates.h"
#include "partitions/partition_projection.h"
#include "partitions/partition_values.h"
#include "store/file_listing.h"

namespace trailsql {
namespace {

QueryError too_many(const ScanSpec& spec) {
  return QueryError(
      ErrorCode::kHiveExceededPartitionLimit,
      fmt::format("Query over table '{}' can potentially read more than {} partitions: add a "
                  "condition on its partition columns",
                  spec.table_name, kMaxPartitions));
}

// ---- projected partitions

// The values that the query's own equalities leave to a column that cannot be listed.
ProjectedValues equal_values(const ScanSpec& spec, uint32_t position, const ProjectedColumn& column,
                             const PartitionContext& context) {
  std::vector<std::string> sql;
  for (const ScanEqualValues& values : spec.equal_values) {
    if (values.partition_column == position &&
        (sql.empty() || values.values_sql.size() < sql.size()))
      sql = values.values_sql;
  }
  if (!sql.empty()) return column.among(evaluate_texts(sql, context.engine));
  if (column.kind() != ProjectedColumn::Kind::kInjected) throw too_many(spec);
  throw QueryError(
      ErrorCode::kConstraintViolation,
      fmt::format(
          "For the injected projected partition column {}, the WHERE clause must contain "
          "only static equality conditions, and at least one such condition must be present",
          column.name()));
}

// Leaves out the values that conditions on this column alone exclude.
void filter_values(ProjectedValues& values, const ScanSpec& spec, uint32_t position,
                   const PartitionContext& context) {
  std::vector<const ScanCondition*> conditions;
  for (const ScanCondition& condition : spec.conditions) {
    if (condition.columns.size() == 1 && condition.columns[0] == position)
      conditions.push_back(&condition);
  }
  if (conditions.empty()) return;
  ColumnBatch known = new_known_rows(spec);
  known.num_rows = values.texts.size();
  for (size_t row = 0; row < known.num_rows; ++row)
    known.columns[position].append_from(values.values, row);
  const KnownPositions positions{static_cast<uint32_t>(spec.partition_columns.size())};
  ProjectedValues kept{{}, Column(values.values.type())};
  for (const uint32_t row :
       keep_rows(std::move(known), conditions, positions, context.engine).rows) {
    kept.texts.push_back(std::move(values.texts[row]));
    kept.values.append_from(values.values, row);
  }
  values = std::move(kept);
}

std::vector<ProjectedColumn> projected_columns(const ScanSpec& spec, const CatalogTable& table,
                                               int64_t now_us) {
  std::vector<std::string> missing;
  for (const ScanTableColumn& column : spec.partition_columns) {
    if (!find_property(table.table_properties, fmt::format("projection.{}.type", column.name)))
      missing.push_back(column.name);
  }
  if (!missing.empty()) {
    throw QueryError(ErrorCode::kHiveMetastoreError,
                     fmt::format("Table {} is configured for partition projection, but the "
                                 "following partition columns are missing projection "
                                 "configuration: [{}]",
                                 spec.table_name, fmt::join(missing, ", ")));
  }
  check_location_template(table);
  std::vector<ProjectedColumn> columns;
  for (const ScanTableColumn& column : spec.partition_columns)
    columns.emplace_back(table, column, now_us);
  return columns;
}

PartitionCandidates projected_candidates(const ScanSpec& spec, const CatalogTable& table,
                                         const PartitionContext& context) {
  auto domains = std::make_shared<std::vector<ProjectedValues>>();
  PartitionCandidates candidates;
  candidates.values = new_partition_values(spec.partition_columns);
  candidates.num_in_all = 1;
  uint64_t num_candidates = 1;
  const std::vector<ProjectedColumn> columns = projected_columns(spec, table, context.now_us);
  for (uint32_t i = 0; i < columns.size(); ++i) {
    const std::optional<uint64_t> num_values = columns[i].num_values();
    uint64_t product = 0;
    const bool is_known = candidates.num_in_all && num_values &&
                          !__builtin_mul_overflow(*candidates.num_in_all, *num_values, &product);
    candidates.num_in_all = is_known ? std::optional(product) : std::nullopt;
    domains->push_back(columns[i].can_be_listed() ? columns[i].all()
                                                  : equal_values(spec, i, columns[i], context));
    filter_values(domains->back(), spec, i, context);
    num_candidates *= domains->back().texts.size();
    if (num_candidates > kMaxPartitions) throw too_many(spec);
  }
  // The last column changes fastest.
  for (uint64_t candidate = 0; candidate < num_candidates; ++candidate) {
    uint64_t rest = candidate;
    for (size_t i = columns.size(); i-- > 0;) {
      const size_t size = (*domains)[i].texts.size();
      candidates.values.columns[i].append_from((*domains)[i].values, rest % size);
      rest /= size;
    }
  }
  candidates.values.num_rows = num_candidates;
  const auto texts_of = [domains](size_t candidate) {
    std::vector<std::string> texts(domains->size());
    for (size_t i = domains->size(); i-- > 0;) {
      const size_t size = (*domains)[i].texts.size();
      texts[i] = (*domains)[i].texts[candidate % size];
      candidate /= size;
    }
    return texts;
  };
  candidates.name = [texts_of, &table](size_t candidate) {
    return projected_name(table, texts_of(candidate));
  };
  candidates.location = [texts_of, &table](size_t candidate) {
    return projected_location(table, texts_of(candidate));
  };
  return candidates;
}

}  // namespace

std::string default_location(const CatalogTable& table, const std::string& name) {
  return location_below(table.location, name + "/");
}

PartitionCandidates catalog_candidates(
    const ScanSpec& spec, const CatalogTable& table,
    std::shared_ptr<const std::vector<CatalogPartition>> partitions) {
  PartitionCandidates candidates;
  candidates.values = new_partition_values(spec.partition_columns);
  std::vector<PartitionValueReader> readers;
  for (const ScanTableColumn& column : spec.partition_columns)
    readers.emplace_back(column, spec.table_name);
  for (const CatalogPartition& partition : *partitions) {
    const auto parts = parse_partition_name(partition.name);
    for (size_t i = 0; i < readers.size(); ++i) {
      // Names of partitions have the columns in the table's order.
      const bool has_part = parts && i < parts->size();
      readers[i].append(has_part ? (*parts)[i].value : std::nullopt, candidates.values.columns[i]);
    }
  }
  candidates.values.num_rows = partitions->size();
  candidates.num_in_all = partitions->size();
  candidates.name = [partitions](size_t candidate) { return (*partitions)[candidate].name; };
  candidates.location = [partitions, &table](size_t candidate) {
    const CatalogPartition& partition = (*partitions)[candidate];
    return partition.location ? *partition.location : default_location(table, partition.name);
  };
  return candidates;
}

PartitionCandidates find_candidates(const ScanSpec& spec, const CatalogTable& table,
                                    const PathFilter& paths, const PartitionContext& context) {
  if (is_trail_table(table)) return layout_candidates(spec, table, paths, context);
  if (is_projected(table)) return projected_candidates(spec, table, context);
  return catalog_candidates(spec, table,
                            std::make_shared<const std::vector<CatalogPartition>>(
                                context.catalog.partitions(table.database, table.name)));
}

ColumnBatch partition_rows(const CatalogTable& table, const PartitionContext& context) {
  ScanSpec spec;
  spec.table_name = table.database + "." + table.name;
  for (const CatalogColumn& column : table.partition_columns)
    spec.partition_columns.push_back({column.name, column.type});
  return find_candidates(spec, table, PathFilter(spec, context.engine), context).values;
}

}  // namespace trailsql
