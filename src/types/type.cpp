#include "types/type.h"

#include <fmt/core.h>

#include <cassert>

namespace trailsql {
namespace {

enum class Spelling { kDisplay, kProtocol, kHive };

std::string_view plain_name(TypeKind kind, Spelling spelling) {
  switch (kind) {
    case TypeKind::kUnknown: return "unknown";
    case TypeKind::kBoolean: return "boolean";
    case TypeKind::kTinyint: return "tinyint";
    case TypeKind::kSmallint: return "smallint";
    case TypeKind::kInteger: return spelling == Spelling::kHive ? "int" : "integer";
    case TypeKind::kBigint: return "bigint";
    case TypeKind::kReal: return spelling == Spelling::kHive ? "float" : "real";
    case TypeKind::kDouble: return "double";
    case TypeKind::kDecimal: return "decimal";
    case TypeKind::kVarchar: return "varchar";
    case TypeKind::kChar: return "char";
    case TypeKind::kVarbinary: return spelling == Spelling::kHive ? "binary" : "varbinary";
    case TypeKind::kDate: return "date";
    case TypeKind::kTime:
    case TypeKind::kTimeWithTimeZone: return "time";
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: return "timestamp";
    case TypeKind::kIntervalYearToMonth:
      return spelling == Spelling::kProtocol ? "INTERVAL YEAR TO MONTH" : "interval year to month";
    case TypeKind::kIntervalDayToSecond:
      return spelling == Spelling::kProtocol ? "INTERVAL DAY TO SECOND" : "interval day to second";
    case TypeKind::kArray: return "array";
    case TypeKind::kMap: return "map";
    case TypeKind::kRow: return spelling == Spelling::kHive ? "struct" : "row";
    case TypeKind::kJson: return "json";
    case TypeKind::kUuid: return "uuid";
    case TypeKind::kIpAddress: return "ipaddress";
    case TypeKind::kHyperLogLog: return "HyperLogLog";
    case TypeKind::kSetDigest: return "SetDigest";
    case TypeKind::kFunction: return "function";
  }
  return "unknown";
}

// In the protocol's spelling Trino quotes a field name that is no plain identifier; in messages it
// never does.
std::string field_name(const std::string& name, Spelling spelling) {
  if (spelling != Spelling::kProtocol) return name;
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  bool plain = !name.empty() && !digit(name[0]);
  for (char c : name) plain = plain && (letter(c) || digit(c));
  if (plain) return name;
  std::string quoted = "\"";
  for (char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void spell(const Type& type, Spelling spelling, std::string& out);

void spell_fields(const Type& type, Spelling spelling, std::string& out) {
  const bool hive = spelling == Spelling::kHive;
  bool first = true;
  for (const RowField& field : type.fields()) {
    if (!first) out += hive ? "," : ", ";
    first = false;
    if (field.name && hive) out += *field.name + ":";
    if (field.name && !hive) out += field_name(*field.name, spelling) + " ";
    spell(field.type, spelling, out);
  }
}

void spell_time(const Type& type, Spelling spelling, std::string& out) {
  if (spelling == Spelling::kHive) return;
  out += fmt::format("({})", type.precision());
  if (type.has_zone()) out += " with time zone";
}

void spell(const Type& type, Spelling spelling, std::string& out) {
  const bool hive = spelling == Spelling::kHive;
  if (hive && type.is_unbounded_varchar()) {
    out += "string";
    return;
  }
  out += plain_name(type.kind(), spelling);
  switch (type.kind()) {
    case TypeKind::kDecimal:
      out += fmt::format("({},{}{})", type.precision(), spelling == Spelling::kProtocol ? " " : "",
                         type.scale());
      break;
    case TypeKind::kVarchar:
      if (!type.is_unbounded_varchar()) out += fmt::format("({})", type.length());
      break;
    case TypeKind::kChar: out += fmt::format("({})", type.length()); break;
    case TypeKind::kTime:
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: spell_time(type, spelling, out); break;
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow:
    case TypeKind::kFunction:
      out += hive ? '<' : '(';
      spell_fields(type, spelling, out);
      out += hive ? '>' : ')';
      break;
    default: break;
  }
}

std::string spelled(const Type& type, Spelling spelling) {
  std::string out;
  spell(type, spelling, out);
  return out;
}

}  // namespace

Type::Type(TypeKind kind) : kind_(kind) { assert(kind != TypeKind::kDecimal && !is_nested()); }

Type Type::decimal(int precision, int scale) {
  Type type;
  type.kind_ = TypeKind::kDecimal;
  type.first_ = static_cast<uint32_t>(precision);
  type.second_ = static_cast<uint32_t>(scale);
  return type;
}

Type Type::varchar(uint32_t length) {
  Type type;
  type.kind_ = TypeKind::kVarchar;
  type.first_ = length;
  return type;
}

Type Type::character(uint32_t length) {
  Type type;
  type.kind_ = TypeKind::kChar;
  type.first_ = length;
  return type;
}

Type Type::time(int precision) {
  Type type;
  type.kind_ = TypeKind::kTime;
  type.first_ = static_cast<uint32_t>(precision);
  return type;
}

Type Type::time_with_time_zone(int precision) {
  Type type = time(precision);
  type.kind_ = TypeKind::kTimeWithTimeZone;
  return type;
}

Type Type::timestamp(int precision) {
  Type type = time(precision);
  type.kind_ = TypeKind::kTimestamp;
  return type;
}

Type Type::timestamp_with_time_zone(int precision) {
  Type type = time(precision);
  type.kind_ = TypeKind::kTimestampWithTimeZone;
  return type;
}

Type Type::with_precision(int precision) const {
  Type type = *this;
  type.first_ = static_cast<uint32_t>(precision);
  return type;
}

Type Type::array(Type element) {
  Type type;
  type.kind_ = TypeKind::kArray;
  type.fields_ = std::make_shared<const std::vector<RowField>>(
      std::vector<RowField>{{std::nullopt, std::move(element)}});
  return type;
}

Type Type::map(Type key, Type value) {
  Type type;
  type.kind_ = TypeKind::kMap;
  type.fields_ = std::make_shared<const std::vector<RowField>>(
      std::vector<RowField>{{std::nullopt, std::move(key)}, {std::nullopt, std::move(value)}});
  return type;
}

Type Type::row(std::vector<RowField> fields) {
  Type type;
  type.kind_ = TypeKind::kRow;
  type.fields_ = std::make_shared<const std::vector<RowField>>(std::move(fields));
  return type;
}

Type Type::function(std::vector<Type> arguments, Type result) {
  std::vector<RowField> fields;
  for (Type& argument : arguments) fields.push_back({std::nullopt, std::move(argument)});
  fields.push_back({std::nullopt, std::move(result)});
  Type type = row(std::move(fields));
  type.kind_ = TypeKind::kFunction;
  return type;
}

const std::vector<RowField>& Type::fields() const {
  static const std::vector<RowField> kNone;
  return fields_ ? *fields_ : kNone;
}

const Type& Type::element() const { return fields().at(0).type; }
const Type& Type::key() const { return fields().at(0).type; }
const Type& Type::value() const { return fields().at(1).type; }

std::string Type::display() const { return spelled(*this, Spelling::kDisplay); }
std::string Type::protocol_name() const { return spelled(*this, Spelling::kProtocol); }
std::string Type::hive_name() const { return spelled(*this, Spelling::kHive); }

bool Type::operator==(const Type& other) const {
  return kind_ == other.kind_ && first_ == other.first_ && second_ == other.second_ &&
         (fields_ == other.fields_ || fields() == other.fields());
}

std::string_view kind_name(TypeKind kind) { return plain_name(kind, Spelling::kDisplay); }

}  // namespace trailsql
