#include "plan/parquet_value_lowering.h"

#include <fmt/core.h>

#include <unordered_set>

#include "base/text.h"
#include "functions/cast.h"
#include "types/time_units.h"

namespace trailsql {

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::vector<std::string> distinct_engine_names(std::vector<std::string> names) {
  std::unordered_set<std::string> taken;
  for (const std::string& name : names) taken.insert(to_lower_ascii(name));
  std::unordered_set<std::string> seen;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string base = names[i].empty() ? fmt::format("_field{}", i) : names[i];
    names[i] = base;
    for (int number = 2; !seen.insert(to_lower_ascii(names[i])).second; ++number) {
      const std::string next = fmt::format("{}_{}", base, number);
      if (!taken.contains(to_lower_ascii(next))) names[i] = next;
    }
  }
  return names;
}

std::string ParquetValueLowering::convert(const std::string& sql, const Type& type) {
  constexpr int kMicroDigits = 6;
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint:
    case TypeKind::kReal:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kVarchar:
    case TypeKind::kChar:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kJson:
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest: return sql;
    case TypeKind::kUnknown:
    case TypeKind::kFunction: return "CAST(NULL AS VARCHAR)";
    case TypeKind::kTimestamp:
      if (!type.has_picoseconds()) return sql;
      break;
    case TypeKind::kTimestampWithTimeZone:
      if (!type.has_picoseconds())
        return fmt::format("make_timestamptz(epoch_us(struct_extract({}, 'f0')))", sql);
      break;
    case TypeKind::kTime:
      if (type.precision() <= kMicroDigits) {
        return fmt::format("CAST(make_timestamp({} // {}) AS TIME)", sql,
                           kPicosecondsPerMicrosecond);
      }
      break;
    case TypeKind::kArray: return convert_array(sql, type);
    case TypeKind::kMap: return convert_map(sql, type);
    case TypeKind::kRow: return convert_row(sql, type);
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kIntervalYearToMonth:
    case TypeKind::kIntervalDayToSecond:
    case TypeKind::kUuid:
    case TypeKind::kIpAddress: break;
  }
  return lower_cast(sql, type, Type::varchar(), false, kernels_);
}

std::string ParquetValueLowering::convert_array(const std::string& sql, const Type& type) {
  const std::string element = next_name();
  const std::string converted = convert(element, type.element());
  if (converted == element) return sql;
  return fmt::format("list_transform({}, lambda {}: {})", sql, element, converted);
}

std::string ParquetValueLowering::convert_map(const std::string& sql, const Type& type) {
  const std::string entry = next_name();
  const std::string key = entry + ".key";
  const std::string value = entry + ".value";
  const std::string converted_key = convert(key, type.key());
  const std::string converted_value = convert(value, type.value());
  if (converted_key == key && converted_value == value) return sql;
  return fmt::format(
      "map_from_entries(list_transform(map_entries({}), lambda {}: struct_pack(k := {}, v := {})))",
      sql, entry, converted_key, converted_value);
}

std::string ParquetValueLowering::convert_row(const std::string& sql, const Type& type) {
  std::vector<std::string> names;
  for (const RowField& field : type.fields()) names.push_back(field.name.value_or(""));
  names = distinct_engine_names(std::move(names));
  std::string parts;
  for (size_t i = 0; i < names.size(); ++i) {
    parts += fmt::format(
        "{}{} := {}", i == 0 ? "" : ", ", quoted_name(names[i]),
        convert(fmt::format("struct_extract({}, 'f{}')", sql, i), type.fields()[i].type));
  }
  return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", sql, parts);
}

std::string ParquetValueLowering::next_name() { return fmt::format("e{}", num_names_++); }

}  // namespace trailsql
