#include "analysis/type_resolver.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

constexpr int kDefaultTimePrecision = 3;
constexpr uint32_t kMaxCharLength = 65536;

struct PlainType {
  std::string_view name;
  TypeKind kind;
};
constexpr auto kPlainTypes = std::to_array<PlainType>({
    {"boolean", TypeKind::kBoolean},
    {"tinyint", TypeKind::kTinyint},
    {"smallint", TypeKind::kSmallint},
    {"integer", TypeKind::kInteger},
    {"int", TypeKind::kInteger},
    {"bigint", TypeKind::kBigint},
    {"real", TypeKind::kReal},
    {"float", TypeKind::kReal},
    {"double", TypeKind::kDouble},
    {"double precision", TypeKind::kDouble},
    {"varbinary", TypeKind::kVarbinary},
    {"binary", TypeKind::kVarbinary},
    {"date", TypeKind::kDate},
    {"interval day to second", TypeKind::kIntervalDayToSecond},
    {"interval year to month", TypeKind::kIntervalYearToMonth},
    {"json", TypeKind::kJson},
    {"uuid", TypeKind::kUuid},
    {"ipaddress", TypeKind::kIpAddress},
    {"setdigest", TypeKind::kSetDigest},
    {"unknown", TypeKind::kUnknown},
});

[[noreturn]] void fail(const TypeName& name, Location place) {
  std::vector<std::string> known{"string",    "varchar", "char",  "decimal",
                                 "timestamp", "time",    "array", "map"};
  for (const PlainType& type : kPlainTypes) known.emplace_back(type.name);
  const std::string_view near = nearest_name(name.name, known);
  std::string hint;
  if (!near.empty() && !equals_ignoring_case(near, name.name))
    hint = fmt::format("did you mean {}?", near);
  throw QueryError(ErrorCode::kTypeMismatch, place, fmt::format("Unknown type: {}", name.name),
                   hint);
}

Type checked_part(const TypeName& name, size_t index, Location place) {
  if (index >= name.parameters.size() || !name.parameters[index].type) fail(name, place);
  return resolve_type(*name.parameters[index].type, place);
}

uint64_t checked_number(const TypeName& name, size_t index, uint64_t fallback, Location place) {
  if (index >= name.parameters.size()) return fallback;
  if (!name.parameters[index].number) fail(name, place);
  return *name.parameters[index].number;
}

Type resolve_decimal(const TypeName& name, Location place) {
  const uint64_t precision = checked_number(name, 0, Type::kMaxDecimalPrecision, place);
  const uint64_t scale = checked_number(name, 1, 0, place);
  if (precision < 1 || precision > Type::kMaxDecimalPrecision) {
    throw semantic_error(ErrorCode::kInvalidFunctionArgument, place,
                         "DECIMAL precision must be in range [1, 38]: {}", precision);
  }
  if (scale > precision) {
    throw semantic_error(ErrorCode::kInvalidFunctionArgument, place,
                         "DECIMAL scale must be in range [0, precision ({})]: {}", precision,
                         scale);
  }
  return Type::decimal(static_cast<int>(precision), static_cast<int>(scale));
}

Type resolve_character(const TypeName& name, Location place) {
  if (name.name == "string") return Type::varchar();
  if (name.name == "varchar") {
    return Type::varchar(static_cast<uint32_t>(
        std::min<uint64_t>(checked_number(name, 0, Type::kUnbounded, place), Type::kUnbounded)));
  }
  const uint64_t length = checked_number(name, 0, 1, place);
  if (length > kMaxCharLength) {
    throw semantic_error(ErrorCode::kInvalidFunctionArgument, place,
                         "CHAR length must be in range [0, 65536], got {}", length);
  }
  return Type::character(static_cast<uint32_t>(length));
}

std::optional<Type> resolve_time(const TypeName& name, Location place) {
  using Maker = Type (*)(int);
  constexpr std::array<std::pair<std::string_view, Maker>, 4> kMakers{{
      {"time", &Type::time},
      {"time with time zone", &Type::time_with_time_zone},
      {"timestamp", &Type::timestamp},
      {"timestamp with time zone", &Type::timestamp_with_time_zone},
  }};
  for (const auto& [spelling, make] : kMakers) {
    if (name.name != spelling) continue;
    const uint64_t precision = checked_number(name, 0, kDefaultTimePrecision, place);
    if (precision > Type::kMaxTimePrecision) {
      throw semantic_error(ErrorCode::kInvalidFunctionArgument, place,
                           "{} precision must be in range [0, 12]: {}",
                           spelling.starts_with("timestamp") ? "TIMESTAMP" : "TIME", precision);
    }
    return make(static_cast<int>(precision));
  }
  return std::nullopt;
}

Type resolve_row(const TypeName& name, Location place) {
  std::vector<RowField> fields;
  for (size_t i = 0; i < name.parameters.size(); ++i) {
    std::optional<std::string> field;
    if (const auto& identifier = name.parameters[i].field_name) {
      const bool keeps_case = identifier->quoted && name.name == "row";
      field = keeps_case ? identifier->value : to_lower_ascii(identifier->value);
    }
    fields.push_back({std::move(field), checked_part(name, i, place)});
  }
  if (fields.empty()) fail(name, place);
  return Type::row(std::move(fields));
}

}  // namespace

Type resolve_type(const TypeName& name, Location place) {
  for (const PlainType& plain : kPlainTypes) {
    if (plain.name == name.name && name.parameters.empty()) return Type(plain.kind);
  }
  if (name.name == "decimal" || name.name == "numeric" || name.name == "dec")
    return resolve_decimal(name, place);
  if (name.name == "varchar" || name.name == "char" || name.name == "string")
    return resolve_character(name, place);
  if (std::optional<Type> time = resolve_time(name, place)) return *time;
  if (name.name == "array" && name.parameters.size() == 1)
    return Type::array(checked_part(name, 0, place));
  if (name.name == "map" && name.parameters.size() == 2) {
    return Type::map(checked_part(name, 0, place), checked_part(name, 1, place));
  }
  if (name.name == "row" || name.name == "struct") return resolve_row(name, place);
  fail(name, place);
}

}  // namespace trailsql
