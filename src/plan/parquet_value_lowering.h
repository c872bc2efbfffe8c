// Values as the engine holds them → values as Parquet files hold them. Internal to the module.
#pragma once

#include <string>
#include <vector>

#include "functions/function.h"
#include "types/type.h"

namespace trailsql {

/// Quotes a name for the engine: "a ""b""".
std::string quoted_name(std::string_view name);

/// Returns names of which no two are equal without regard to case, which is how the engine compares
/// them: a second `N` becomes `N_2`; an empty one `_field<i>`.
std::vector<std::string> distinct_engine_names(std::vector<std::string> names);

/// Writes conversions of values. Rows get their fields' names. The types of Hive's tables stay what
/// they are; of the others
///   time(p ≤ 6)                      TIME
///   timestamp(p ≤ 6) with time zone  TIMESTAMP, adjusted to UTC: the zone is lost
///   json                             text as it is
///   HyperLogLog, SetDigest           bytes
///   everything else                  text, as CAST AS varchar has it
class ParquetValueLowering {
 public:
  explicit ParquetValueLowering(KernelUses& kernels) : kernels_(kernels) {}

  /// Returns `sql` itself where the value stays as it is.
  std::string convert(const std::string& sql, const Type& type);

 private:
  std::string convert_row(const std::string& sql, const Type& type);
  std::string convert_array(const std::string& sql, const Type& type);
  std::string convert_map(const std::string& sql, const Type& type);
  std::string next_name();

  KernelUses& kernels_;
  size_t num_names_ = 0;
};

}  // namespace trailsql
