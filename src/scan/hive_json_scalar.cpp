#include "scan/hive_json_scalar.h"

#include <fmt/core.h>

#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "scan/column_text.h"
#include "scan/java_number.h"

namespace trailsql {
namespace {

[[noreturn]] void refuse_value(std::string reason) {
  throw QueryError(ErrorCode::kHiveCursorError, std::move(reason));
}

[[noreturn]] void refuse_not_numeric(std::string_view token) {
  refuse_value(
      fmt::format("Current token ({}) not numeric, can not use numeric value accessors", token));
}

std::string_view java_name(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint: return "Java byte";
    case TypeKind::kSmallint: return "Java short";
    case TypeKind::kInteger: return "int";
    default: return "long";
  }
}

// Bytes may be written without a sign: 200 is -56, as in Jackson.
void append_integer(std::string_view text, Column& column) {
  constexpr int64_t kMaxUnsignedByte = 255;
  const TypeKind kind = column.type().kind();
  const std::optional<int64_t> value = parse_java_long(text);
  if (value && fits_integer(*value, kind)) return column.append_int64(*value);
  if (value && kind == TypeKind::kTinyint && *value > 0 && *value <= kMaxUnsignedByte)
    return column.append_int64(*value - (kMaxUnsignedByte + 1));
  if (!parse_java_decimal(text)) refuse_value(fmt::format("For input string: \"{}\"", text));
  refuse_value(fmt::format("Numeric value ({}) out of range of {}", text, java_name(kind)));
}

void append_decimal(std::string_view text, Column& column) {
  const Type& type = column.type();
  const auto value = parse_scaled_decimal(text, type.precision(), type.scale());
  if (value) return column.append_int128(*value);
  if (parse_java_decimal(text))
    refuse_value(
        fmt::format("Cannot convert '{}' to {}. Value too large.", text, type.hive_name()));
  column.append_null();
}

void append_time(std::string_view text, const std::vector<TimestampPattern>& patterns,
                 Column& column) {
  std::optional<int64_t> value;
  if (column.type().is(TypeKind::kDate)) {
    value = parse_hive_date(text);
  } else if (const auto timestamp = parse_hive_timestamp(text, patterns)) {
    value = timestamp_micros(*timestamp, column.type().precision());
  }
  if (!value) refuse_value(fmt::format("Text '{}' could not be parsed", text));
  column.append_int64(*value);
}

void append_real(std::string_view text, Column& column) {
  const auto value = parse_java_double(text, column.type().is(TypeKind::kReal));
  if (!value) refuse_value(fmt::format("For input string: \"{}\"", text));
  column.append_double(*value);
}

}  // namespace

void append_hive_json_scalar(std::string_view text, bool quoted, bool borrow,
                             const std::vector<TimestampPattern>& patterns, Column& column) {
  switch (column.type().kind()) {
    case TypeKind::kVarchar:
    case TypeKind::kChar: return append_text(text, borrow, column);
    case TypeKind::kVarbinary: return column.append_string(text);
    case TypeKind::kBoolean: return column.append_boolean(equals_ignoring_case(text, "true"));
    case TypeKind::kDecimal: return append_decimal(text, column);
    case TypeKind::kDate:
    case TypeKind::kTimestamp: return append_time(text, patterns, column);
    default: break;
  }
  if (quoted) refuse_not_numeric("VALUE_STRING");
  if (text == "true") refuse_not_numeric("VALUE_TRUE");
  if (text == "false") refuse_not_numeric("VALUE_FALSE");
  if (storage_of(column.type()) == Storage::kDouble) return append_real(text, column);
  append_integer(text, column);
}

void refuse_hive_json_kind(const Type& declared) {
  if (declared.is(TypeKind::kArray)) refuse_value("Invalid JSON: start of array expected");
  if (declared.is(TypeKind::kMap) || declared.is(TypeKind::kRow))
    refuse_value("Invalid JSON: start of object expected");
  refuse_value(
      fmt::format("Invalid JSON: {} value must be a scalar json value", declared.display()));
}

}  // namespace trailsql
