// Spells types for the engine (engine_type_name and engine_key of cast.h).
#include <fmt/core.h>

#include "functions/cast.h"

namespace trailsql {
namespace {

std::string struct_name(const Type& type) {
  std::string out = "STRUCT(";
  for (size_t i = 0; i < type.fields().size(); ++i) {
    if (i > 0) out += ", ";
    out += fmt::format("f{} {}", i, engine_type_name(type.fields()[i].type));
  }
  return out + ")";
}

}  // namespace

std::string engine_type_name(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kUnknown: return "INTEGER";
    case TypeKind::kBoolean: return "BOOLEAN";
    case TypeKind::kTinyint: return "TINYINT";
    case TypeKind::kSmallint: return "SMALLINT";
    case TypeKind::kInteger: return "INTEGER";
    case TypeKind::kBigint: return "BIGINT";
    case TypeKind::kReal: return "FLOAT";
    case TypeKind::kDouble: return "DOUBLE";
    case TypeKind::kDecimal: return fmt::format("DECIMAL({}, {})", type.precision(), type.scale());
    case TypeKind::kVarchar:
    case TypeKind::kChar:
    case TypeKind::kJson: return "VARCHAR";
    case TypeKind::kVarbinary:
    case TypeKind::kUuid:
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kIpAddress: return "BLOB";
    case TypeKind::kDate: return "DATE";
    case TypeKind::kTime: return "BIGINT";
    case TypeKind::kTimeWithTimeZone: return "STRUCT(f0 BIGINT, f1 INTEGER)";
    case TypeKind::kTimestamp:
      return type.has_picoseconds() ? "STRUCT(f0 TIMESTAMP, f1 INTEGER)" : "TIMESTAMP";
    case TypeKind::kTimestampWithTimeZone:
      return type.has_picoseconds() ? "STRUCT(f0 TIMESTAMP, f1 INTEGER, f2 VARCHAR)"
                                    : "STRUCT(f0 TIMESTAMP, f1 VARCHAR)";
    case TypeKind::kIntervalYearToMonth: return "INTEGER";
    case TypeKind::kIntervalDayToSecond: return "BIGINT";
    case TypeKind::kArray: return engine_type_name(type.element()) + "[]";
    case TypeKind::kMap:
      return fmt::format("MAP({}, {})", engine_type_name(type.key()),
                         engine_type_name(type.value()));
    case TypeKind::kRow: return struct_name(type);
    case TypeKind::kFunction: return "INTEGER";
  }
  return "INTEGER";
}

std::string engine_key(const std::string& sql, const Type& type) {
  if (!type.has_zone()) return sql;
  if (!type.has_picoseconds()) return fmt::format("struct_extract({}, 'f0')", sql);
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL ELSE struct_pack(f0 := struct_extract({0}, 'f0'), f1 := "
      "struct_extract({0}, 'f1')) END",
      sql);
}

}  // namespace trailsql
