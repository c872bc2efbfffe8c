#include "engine/logical_type.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <vector>

#include "types/column.h"

namespace trailsql {
namespace {

LogicalType make_plain(duckdb_type type) { return LogicalType(duckdb_create_logical_type(type)); }

LogicalType make_struct(std::vector<LogicalType> members) {
  std::vector<duckdb_logical_type> types;
  std::vector<std::string> names;
  std::vector<const char*> name_pointers;
  for (size_t i = 0; i < members.size(); ++i) names.push_back(fmt::format("f{}", i));
  for (size_t i = 0; i < members.size(); ++i) {
    types.push_back(members[i].get());
    name_pointers.push_back(names[i].c_str());
  }
  return LogicalType(duckdb_create_struct_type(types.data(), name_pointers.data(), members.size()));
}

LogicalType make_struct_of(const Type& type, bool begins_with_timestamp) {
  std::vector<LogicalType> members;
  for (const Type& child : child_types(type)) members.push_back(make_logical_type(child));
  if (begins_with_timestamp) members[0] = make_plain(DUCKDB_TYPE_TIMESTAMP);
  return make_struct(std::move(members));
}

}  // namespace

void LogicalTypeDeleter::operator()(_duckdb_logical_type* type) const {
  duckdb_destroy_logical_type(&type);
}

LogicalType make_logical_type(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kUnknown:
    case TypeKind::kFunction: return make_plain(DUCKDB_TYPE_INTEGER);
    case TypeKind::kBoolean: return make_plain(DUCKDB_TYPE_BOOLEAN);
    case TypeKind::kTinyint: return make_plain(DUCKDB_TYPE_TINYINT);
    case TypeKind::kSmallint: return make_plain(DUCKDB_TYPE_SMALLINT);
    case TypeKind::kInteger:
    case TypeKind::kIntervalYearToMonth: return make_plain(DUCKDB_TYPE_INTEGER);
    case TypeKind::kBigint:
    case TypeKind::kTime:
    case TypeKind::kIntervalDayToSecond: return make_plain(DUCKDB_TYPE_BIGINT);
    case TypeKind::kReal: return make_plain(DUCKDB_TYPE_FLOAT);
    case TypeKind::kDouble: return make_plain(DUCKDB_TYPE_DOUBLE);
    case TypeKind::kDecimal:
      return LogicalType(duckdb_create_decimal_type(static_cast<uint8_t>(type.precision()),
                                                    static_cast<uint8_t>(type.scale())));
    case TypeKind::kVarchar:
    case TypeKind::kChar:
    case TypeKind::kJson: return make_plain(DUCKDB_TYPE_VARCHAR);
    case TypeKind::kVarbinary:
    case TypeKind::kUuid:
    case TypeKind::kHyperLogLog:
    case TypeKind::kSetDigest:
    case TypeKind::kIpAddress: return make_plain(DUCKDB_TYPE_BLOB);
    case TypeKind::kDate: return make_plain(DUCKDB_TYPE_DATE);
    case TypeKind::kTimestamp:
      if (!type.has_picoseconds()) return make_plain(DUCKDB_TYPE_TIMESTAMP);
      return make_struct_of(type, true);
    case TypeKind::kTimestampWithTimeZone: return make_struct_of(type, true);
    case TypeKind::kTimeWithTimeZone:
    case TypeKind::kRow: return make_struct_of(type, false);
    case TypeKind::kArray:
      return LogicalType(duckdb_create_list_type(make_logical_type(type.element()).get()));
    case TypeKind::kMap:
      return LogicalType(duckdb_create_map_type(make_logical_type(type.key()).get(),
                                                make_logical_type(type.value()).get()));
  }
  return nullptr;
}

std::string logical_type_text(_duckdb_logical_type* type) {
  const duckdb_type id = duckdb_get_type_id(type);
  switch (id) {
    case DUCKDB_TYPE_BOOLEAN: return "BOOLEAN";
    case DUCKDB_TYPE_TINYINT: return "TINYINT";
    case DUCKDB_TYPE_SMALLINT: return "SMALLINT";
    case DUCKDB_TYPE_INTEGER: return "INTEGER";
    case DUCKDB_TYPE_BIGINT: return "BIGINT";
    case DUCKDB_TYPE_HUGEINT: return "HUGEINT";
    case DUCKDB_TYPE_FLOAT: return "FLOAT";
    case DUCKDB_TYPE_DOUBLE: return "DOUBLE";
    case DUCKDB_TYPE_VARCHAR: return "VARCHAR";
    case DUCKDB_TYPE_BLOB: return "BLOB";
    case DUCKDB_TYPE_DATE: return "DATE";
    case DUCKDB_TYPE_TIMESTAMP: return "TIMESTAMP";
    case DUCKDB_TYPE_TIMESTAMP_TZ: return "TIMESTAMP WITH TIME ZONE";
    case DUCKDB_TYPE_DECIMAL:
      return fmt::format("DECIMAL({},{})", duckdb_decimal_width(type), duckdb_decimal_scale(type));
    case DUCKDB_TYPE_LIST:
      return logical_type_text(LogicalType(duckdb_list_type_child_type(type)).get()) + "[]";
    case DUCKDB_TYPE_MAP:
      return fmt::format("MAP({}, {})",
                         logical_type_text(LogicalType(duckdb_map_type_key_type(type)).get()),
                         logical_type_text(LogicalType(duckdb_map_type_value_type(type)).get()));
    case DUCKDB_TYPE_STRUCT: {
      std::string text = "STRUCT(";
      for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i) {
        if (i != 0) text += ", ";
        text += logical_type_text(LogicalType(duckdb_struct_type_child_type(type, i)).get());
      }
      return text + ")";
    }
    default: return fmt::format("DuckDB type {}", static_cast<int>(id));
  }
}

}  // namespace trailsql
