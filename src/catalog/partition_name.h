// Names of partitions as Hive has them: "region=us-east-1/day=2023%2F07%2F10". They name folders,
// and "$partition".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trailsql {

/// One column's part of a partition's name.
struct PartitionPart {
  std::string column;                // as written in the name
  std::optional<std::string> value;  // unescaped; none: NULL
};

/// What stands for NULL in a name.
inline constexpr std::string_view kNullPartitionValue = "__HIVE_DEFAULT_PARTITION__";

/// Returns the name; what folders cannot hold is escaped as %2F. An empty value counts as NULL, as
/// in Hive.
std::string partition_name(const std::vector<PartitionPart>& parts);

/// Takes a name, or the path of a folder below a table's location, apart: all parts, or nothing
/// when one of them is not `column=value`.
std::optional<std::vector<PartitionPart>> parse_partition_name(std::string_view name);

}  // namespace trailsql
