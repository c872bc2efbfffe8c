// Values of partition columns: texts of the catalog, of folders and of projection → typed values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/caster.h"
#include "scan/scan_spec.h"

namespace trailsql {

/// Turns texts into values of one partition column, as Trino's cast from varchar does.
class PartitionValueReader {
 public:
  PartitionValueReader(const ScanTableColumn& column, std::string table_name);

  /// Appends the value that `text` spells, or NULL for none. Throws HIVE_INVALID_PARTITION_VALUE.
  void append(const std::optional<std::string>& text, Column& values);

 private:
  ScanTableColumn column_;
  std::string table_name_;
  Caster caster_;
  Column text_;
};

/// Spells a value of a partition column as names of partitions do; none for NULL.
std::optional<std::string> partition_text(const Column& values, size_t row);

/// Appends a text, or NULL for none.
void append_optional(const std::optional<std::string>& text, Column& column);

/// Returns an empty batch with a column for each partition column.
ColumnBatch new_partition_values(const std::vector<ScanTableColumn>& columns);

}  // namespace trailsql
