#include "analysis/type_resolver.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

// What is being resolved: the whole type as written, which errors name, and where it stands.
struct Place {
  const TypeName& whole;
  Location location;
};

Type resolve(const TypeName& name, const Place& place);

[[noreturn]] void fail(const TypeName& name, const Place& place) {
  std::vector<std::string> known{"string",    "varchar", "char",  "decimal",
                                 "timestamp", "time",    "array", "map"};
  for (const PlainTypeName& type : plain_type_names()) known.emplace_back(type.name);
  const std::string_view near = nearest_name(name.name, known);
  std::string hint;
  if (!near.empty() && !equals_ignoring_case(near, name.name))
    hint = fmt::format("did you mean {}?", near);
  throw QueryError(ErrorCode::kTypeMismatch, place.location,
                   fmt::format("Unknown type: {}", print_type(place.whole)), hint);
}

Type checked_part(const TypeName& name, size_t index, const Place& place) {
  if (index >= name.parameters.size() || !name.parameters[index].type) fail(name, place);
  return resolve(*name.parameters[index].type, place);
}

uint64_t checked_number(const TypeName& name, size_t index, uint64_t fallback, const Place& place) {
  if (index >= name.parameters.size()) return fallback;
  if (!name.parameters[index].number) fail(name, place);
  return *name.parameters[index].number;
}

Type resolve_decimal(const TypeName& name, const Place& place) {
  const uint64_t precision = checked_number(name, 0, Type::kMaxDecimalPrecision, place);
  const uint64_t scale = checked_number(name, 1, 0, place);
  return checked_decimal_type(precision, scale);
}

Type resolve_character(const TypeName& name, const Place& place) {
  if (name.name == "string") return Type::varchar();
  if (name.name == "varchar") {
    const uint64_t length = checked_number(name, 0, Type::kUnbounded, place);
    if (length > Type::kUnbounded) fail(name, place);
    return Type::varchar(static_cast<uint32_t>(length));
  }
  const uint64_t length = checked_number(name, 0, 1, place);
  if (length > Type::kMaxCharLength) fail(name, place);
  return Type::character(static_cast<uint32_t>(length));
}

std::optional<Type> resolve_time(const TypeName& name, const Place& place) {
  using Maker = Type (*)(int);
  constexpr std::array<std::pair<std::string_view, Maker>, 4> kMakers{{
      {"time", &Type::time},
      {"time with time zone", &Type::time_with_time_zone},
      {"timestamp", &Type::timestamp},
      {"timestamp with time zone", &Type::timestamp_with_time_zone},
  }};
  for (const auto& [spelling, make] : kMakers) {
    if (name.name != spelling) continue;
    const uint64_t precision = checked_number(name, 0, Type::kDefaultTimePrecision, place);
    if (precision > Type::kMaxTimePrecision) fail(name, place);
    return make(static_cast<int>(precision));
  }
  return std::nullopt;
}

Type resolve_row(const TypeName& name, const Place& place) {
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

Type resolve(const TypeName& name, const Place& place) {
  for (const PlainTypeName& plain : plain_type_names()) {
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

}  // namespace

Type resolve_type(const TypeName& name, Location place) { return resolve(name, {name, place}); }

}  // namespace trailsql
