#include "partitions/partition_values.h"

#include <fmt/core.h>

#include "base/error.h"
#include "types/value_text.h"

namespace trailsql {

PartitionValueReader::PartitionValueReader(const ScanTableColumn& column, std::string table_name)
    : column_(column),
      table_name_(std::move(table_name)),
      caster_(column.type.is_unbounded_varchar() ? Caster()
                                                 : make_caster(Type::varchar(), column.type)),
      text_(Type::varchar()) {
  if (caster_ || column.type.is_unbounded_varchar()) return;
  throw QueryError(ErrorCode::kNotSupported,
                   fmt::format("Unsupported partition type {} of column {} of {}",
                               column.type.display(), column.name, table_name_));
}

void PartitionValueReader::append(const std::optional<std::string>& text, Column& values) {
  if (!text) return values.append_null();
  if (!caster_) return values.append_string(*text);
  text_.clear();
  text_.append_string(*text);
  CastProblem problem;
  if (caster_(text_, 0, values, problem)) return;
  throw QueryError(ErrorCode::kHiveInvalidPartitionValue,
                   fmt::format("Invalid partition value '{}' for {} partition key: {} (table {})",
                               *text, column_.type.display(), column_.name, table_name_));
}

std::optional<std::string> partition_text(const Column& values, size_t row) {
  if (values.is_null(row)) return std::nullopt;
  std::string text;
  append_text(text, values, row);
  return text;
}

void append_optional(const std::optional<std::string>& text, Column& column) {
  text ? column.append_string(*text) : column.append_null();
}

ColumnBatch new_partition_values(const std::vector<ScanTableColumn>& columns) {
  ColumnBatch batch;
  for (const ScanTableColumn& column : columns) batch.columns.emplace_back(column.type);
  return batch;
}

}  // namespace trailsql
