#include "plan/write_plan.h"

#include <fmt/core.h>

#include "functions/cast.h"
#include "functions/insert_cast.h"
#include "plan/parquet_value_lowering.h"

namespace trailsql {
namespace {

/// Wraps a plan's SQL in a SELECT of other columns over its rows.
class RowsWrapper {
 public:
  explicit RowsWrapper(Plan plan) : plan_(std::move(plan)) {
    for (const KernelPtr& kernel : plan_.kernels) kernels_.add(kernel);
  }

  KernelUses& kernels() { return kernels_; }
  void add(const std::string& sql, std::string name, Type type) {
    items_ += fmt::format("{}{} AS {}", items_.empty() ? "" : ", ", sql, quoted_name(name));
    columns_.push_back({std::move(name), std::move(type)});
  }

  Plan finish() {
    plan_.engine_sql = fmt::format("SELECT {} FROM ({}) AS written", items_, plan_.engine_sql);
    plan_.scan_columns.reset();
    plan_.kernels = kernels_.kernels();
    plan_.columns = std::move(columns_);
    return std::move(plan_);
  }

 private:
  Plan plan_;
  KernelUses kernels_;
  std::string items_;
  std::vector<OutputColumn> columns_;
};

std::string value_of(const WrittenColumn& column, const Analysis& query, KernelUses& kernels) {
  if (!column.output) return fmt::format("CAST(NULL AS {})", engine_type_name(column.type));
  const Type& from = query.queries[query.root].outputs[*column.output].type;
  return lower_insert_cast(fmt::format("written.c{}", *column.output), from, column.type, kernels);
}

// Returns a name that no column has.
std::string partition_column_name(const std::vector<WrittenColumn>& columns) {
  std::vector<std::string> names;
  for (const WrittenColumn& column : columns) names.push_back(column.name);
  names.emplace_back("partition");
  return distinct_engine_names(std::move(names)).back();
}

}  // namespace

Plan plan_write(const WriteAnalysis& write, FileWriter writer,
                const std::shared_ptr<PartitionNumbers>& partitions) {
  RowsWrapper rows(plan_query(*write.query));
  ParquetValueLowering parquet(rows.kernels());
  const size_t num_data_columns = write.columns.size() - write.num_partition_keys;
  std::string keys;
  std::vector<Type> key_types;
  for (size_t i = 0; i < write.columns.size(); ++i) {
    const WrittenColumn& column = write.columns[i];
    const std::string value = value_of(column, *write.query, rows.kernels());
    if (i < num_data_columns) {
      const bool converts = writer == FileWriter::kEngine;
      rows.add(converts ? parquet.convert(value, column.type) : value, column.name, column.type);
      continue;
    }
    keys += (keys.empty() ? "" : ", ") + value;
    key_types.push_back(column.type);
  }
  if (key_types.empty()) return rows.finish();
  const KernelPtr number = make_partition_kernel(partitions, std::move(key_types));
  rows.kernels().add(number);
  const std::string name = partition_column_name(write.columns);
  rows.add(fmt::format("{}({})", number->sql_name, keys), name, TypeKind::kBigint);
  Plan plan = rows.finish();
  plan.partition_column = name;
  return plan;
}

Plan plan_parquet_export(const Analysis& analysis) {
  Plan query = plan_query(analysis);
  std::vector<std::string> names;
  for (const OutputColumn& column : query.columns) names.push_back(column.name);
  names = distinct_engine_names(std::move(names));
  const std::vector<OutputColumn> columns = query.columns;
  RowsWrapper rows(std::move(query));
  ParquetValueLowering parquet(rows.kernels());
  for (size_t i = 0; i < columns.size(); ++i) {
    rows.add(parquet.convert(fmt::format("written.c{}", i), columns[i].type), names[i],
             columns[i].type);
  }
  return rows.finish();
}

}  // namespace trailsql
