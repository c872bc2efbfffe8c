#include "partitions/known_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "scan/rows_at_hand.h"

namespace trailsql {
namespace {

std::string conjunction(std::span<const ScanCondition* const> conditions, KnownPositions positions,
                        bool about_events) {
  std::string sql;
  for (const ScanCondition* condition : conditions) {
    if (positions.reads_event_times(*condition) != about_events) continue;
    sql += fmt::format("{}({})", sql.empty() ? "" : " AND ", condition->sql);
  }
  return sql.empty() ? "true" : sql;
}

}  // namespace

bool KnownPositions::reads_event_times(const ScanCondition& condition) const {
  return !condition.columns.empty() && condition.columns.back() >= first_event_time();
}

bool KnownPositions::is_about_partitions(const ScanCondition& condition) const {
  return std::ranges::all_of(condition.columns, [&](uint32_t column) {
    return column < num_partition_columns || column >= first_event_time();
  });
}

ColumnBatch new_known_rows(const ScanSpec& spec) {
  ColumnBatch known;
  for (const ScanTableColumn& column : spec.partition_columns)
    known.columns.emplace_back(column.type);
  for (const Type& type :
       {Type::varchar(), Type(TypeKind::kBigint), Type::timestamp_with_time_zone(3),
        Type::varchar(), Type(TypeKind::kInteger), Type::varchar(), Type::varchar()})
    known.columns.emplace_back(type);
  return known;
}

namespace {

// What the engine is asked here is never the last question: the query follows.
std::unique_ptr<ResultStream> execute_first(EngineQuery query, const ConditionEngine& engine) {
  std::unique_ptr<ResultStream> stream =
      execute(std::move(query), engine.options, engine.cancellation);
  if (engine.options.stock) engine.options.stock->prepare();
  return stream;
}

}  // namespace

KeptRows keep_rows(ColumnBatch known, std::span<const ScanCondition* const> conditions,
                   KnownPositions positions, const ConditionEngine& engine) {
  KeptRows kept;
  const auto num_rows = static_cast<uint32_t>(known.num_rows);
  if (conditions.empty() || num_rows == 0) {
    for (uint32_t row = 0; row < num_rows; ++row) kept.rows.push_back(row);
    return kept;
  }
  Column numbers(TypeKind::kBigint);
  for (uint32_t row = 0; row < num_rows; ++row) numbers.append_int64(row);
  known.columns.push_back(std::move(numbers));
  EngineQuery query;
  query.sql =
      fmt::format("SELECT k.c{} AS n, coalesce({}, false) AS e FROM trailsql_scan(0) AS k WHERE {}",
                  positions.end(), conjunction(conditions, positions, true),
                  conjunction(conditions, positions, false));
  query.scans.push_back(scan_rows_at_hand(std::move(known)));
  query.kernels = engine.kernels;
  query.result_types = {TypeKind::kBigint, TypeKind::kBoolean};
  const std::unique_ptr<ResultStream> stream = execute_first(std::move(query), engine);
  ColumnBatch batch;
  while (stream->next(batch)) {
    for (size_t row = 0; row < batch.num_rows; ++row) {
      if (batch.columns[1].boolean_at(row)) {
        kept.rows.push_back(static_cast<uint32_t>(batch.columns[0].int64_at(row)));
      } else {
        ++kept.num_skipped_by_time;
      }
    }
  }
  std::ranges::sort(kept.rows);
  return kept;
}

std::vector<std::optional<std::string>> evaluate_texts(const std::vector<std::string>& sql,
                                                       const ConditionEngine& engine) {
  EngineQuery query;
  query.sql = fmt::format("SELECT unnest([{}]) AS v", fmt::join(sql, ", "));
  query.kernels = engine.kernels;
  query.result_types = {Type::varchar()};
  query.ordered = true;
  const std::unique_ptr<ResultStream> stream = execute_first(std::move(query), engine);
  std::vector<std::optional<std::string>> texts;
  ColumnBatch batch;
  while (stream->next(batch)) {
    for (size_t row = 0; row < batch.num_rows; ++row) {
      const Column& values = batch.columns[0];
      texts.push_back(values.is_null(row) ? std::nullopt
                                          : std::optional<std::string>(values.string_at(row)));
    }
  }
  return texts;
}

}  // namespace trailsql
