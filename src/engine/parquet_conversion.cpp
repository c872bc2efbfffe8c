#include "engine/parquet_conversion.h"

#include <duckdb.h>
#include <fmt/core.h>

#include "base/text.h"
#include "engine/engine_text.h"
#include "engine/logical_type.h"
#include "functions/cast.h"

namespace trailsql {
namespace {

bool is_integer(duckdb_type id) {
  switch (id) {
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT: return true;
    default: return false;
  }
}

// Returns how Parquet itself calls what DuckDB shows as `stored`, as far as DuckDB tells.
std::string parquet_type_name(_duckdb_logical_type* stored) {
  const duckdb_type id = duckdb_get_type_id(stored);
  switch (id) {
    case DUCKDB_TYPE_BOOLEAN: return "BOOLEAN";
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_TIME: return "INT64";
    case DUCKDB_TYPE_FLOAT: return "FLOAT";
    case DUCKDB_TYPE_DOUBLE: return "DOUBLE";
    case DUCKDB_TYPE_VARCHAR:
    case DUCKDB_TYPE_BLOB: return "BINARY";
    case DUCKDB_TYPE_DATE: return "DATE";
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
    case DUCKDB_TYPE_TIMESTAMP_TZ: return "TIMESTAMP";
    case DUCKDB_TYPE_DECIMAL: return "DECIMAL";
    case DUCKDB_TYPE_LIST: return "LIST";
    case DUCKDB_TYPE_MAP: return "MAP";
    case DUCKDB_TYPE_STRUCT: return "group";
    case DUCKDB_TYPE_UUID:
    case DUCKDB_TYPE_INTERVAL: return "FIXED_LEN_BYTE_ARRAY";
    default: return is_integer(id) ? "INT32" : "BINARY";
  }
}

// Writes one conversion; the parts of nested values one by one.
class Conversion {
 public:
  explicit Conversion(const std::string& out_of_range) : out_of_range_(out_of_range) {}

  // Returns `sql` itself where the value is already as wanted, and nothing when it cannot be read
  // as wanted.
  std::optional<std::string> convert(const std::string& sql, _duckdb_logical_type* stored,
                                     const Type& wanted) {
    switch (wanted.kind()) {
      case TypeKind::kTinyint:
      case TypeKind::kSmallint:
      case TypeKind::kInteger:
      case TypeKind::kBigint:
      case TypeKind::kDecimal: return number(sql, stored, wanted);
      case TypeKind::kVarchar:
      case TypeKind::kChar:
      case TypeKind::kVarbinary: return text(sql, stored, wanted);
      case TypeKind::kTimestamp: return timestamp(sql, stored, wanted);
      case TypeKind::kArray: return array(sql, stored, wanted);
      case TypeKind::kMap: return map(sql, stored, wanted);
      case TypeKind::kRow: return row(sql, stored, wanted);
      default: return plain(sql, stored, wanted);
    }
  }

  struct Part {
    std::string sql;
    LogicalType type;  // null: the stored row has no such field
  };
  // Finds a field of a stored row.
  static Part find_field(const std::string& sql, _duckdb_logical_type* stored,
                         const RowField& field) {
    for (idx_t i = 0; i < duckdb_struct_type_child_count(stored); ++i) {
      char* raw_name = duckdb_struct_type_child_name(stored, i);
      const std::string name = raw_name;
      duckdb_free(raw_name);
      if (!equals_ignoring_case(name, field.name.value_or(""))) continue;
      return {fmt::format("struct_extract({}, {})", sql, engine_text(name)),
              LogicalType(duckdb_struct_type_child_type(stored, i))};
    }
    return {};
  }

  std::string incompatible_type;  // the innermost stored type that stopped a conversion

 private:
  std::optional<std::string> fail(_duckdb_logical_type* stored) {
    incompatible_type = parquet_type_name(stored);
    return std::nullopt;
  }

  std::optional<std::string> plain(const std::string& sql, _duckdb_logical_type* stored,
                                   const Type& wanted) {
    if (logical_type_text(stored) == logical_type_text(make_logical_type(wanted).get())) return sql;
    const duckdb_type id = duckdb_get_type_id(stored);
    if (wanted.is(TypeKind::kDouble) && id == DUCKDB_TYPE_FLOAT)
      return fmt::format("CAST({} AS DOUBLE)", sql);
    if (wanted.is(TypeKind::kDate) && id == DUCKDB_TYPE_INTEGER)
      return fmt::format("(DATE '1970-01-01' + {})", sql);
    return fail(stored);
  }

  std::optional<std::string> number(const std::string& sql, _duckdb_logical_type* stored,
                                    const Type& wanted) {
    const LogicalType target_type = make_logical_type(wanted);
    const std::string target = engine_type_name(wanted);
    if (logical_type_text(stored) == logical_type_text(target_type.get())) return sql;
    const duckdb_type id = duckdb_get_type_id(stored);
    const bool whole_decimal = id == DUCKDB_TYPE_DECIMAL && duckdb_decimal_scale(stored) == 0;
    const bool readable = is_integer(id) || whole_decimal ||
                          (wanted.is(TypeKind::kDecimal) && id == DUCKDB_TYPE_DECIMAL);
    if (!readable) return fail(stored);
    return fmt::format(
        "coalesce(TRY_CAST({0} AS {1}), CASE WHEN {0} IS NOT NULL THEN CAST({2} AS {1}) END)", sql,
        target, out_of_range_);
  }

  std::optional<std::string> text(const std::string& sql, _duckdb_logical_type* stored,
                                  const Type& wanted) {
    const duckdb_type id = duckdb_get_type_id(stored);
    if (id != DUCKDB_TYPE_VARCHAR && id != DUCKDB_TYPE_BLOB) return fail(stored);
    const bool is_blob = id == DUCKDB_TYPE_BLOB;
    if (wanted.is(TypeKind::kVarbinary)) return is_blob ? sql : fmt::format("encode({})", sql);
    // Decoding fails for bytes that are no UTF-8, so such a value is NULL.
    const std::string value = is_blob ? fmt::format("try(decode({}))", sql) : sql;
    if (wanted.is_unbounded_varchar()) return value;
    const std::string cut = fmt::format(
        "CASE WHEN strlen({0}) > {1} THEN substring({0}, 1, {1}) "
        "ELSE {0} END",
        value, wanted.length());
    return wanted.is(TypeKind::kChar) ? fmt::format("rtrim({}, ' ')", cut) : cut;
  }

  std::optional<std::string> timestamp(const std::string& sql, _duckdb_logical_type* stored,
                                       const Type& wanted) {
    constexpr int kMicroDigits = 6;
    if (wanted.precision() > kMicroDigits) return fail(stored);
    int64_t unit = 1;  // of the wanted precision, in microseconds
    for (int digit = wanted.precision(); digit < kMicroDigits; ++digit) unit *= 10;
    std::string microseconds;
    switch (duckdb_get_type_id(stored)) {
      case DUCKDB_TYPE_TIMESTAMP:
      case DUCKDB_TYPE_TIMESTAMP_TZ:
        microseconds = rounded(fmt::format("epoch_us({})", sql), unit);
        break;
      case DUCKDB_TYPE_TIMESTAMP_S:
      case DUCKDB_TYPE_TIMESTAMP_MS:
        microseconds = rounded(fmt::format("epoch_us(CAST({} AS TIMESTAMP))", sql), unit);
        break;
      case DUCKDB_TYPE_TIMESTAMP_NS:
        microseconds = rounded(fmt::format("epoch_ns({})", sql), unit * 1000) + " // 1000";
        break;
      default: return fail(stored);
    }
    return fmt::format("make_timestamp({})", microseconds);
  }

  // Returns the multiple of `unit` nearest to an integer; halves go up.
  static std::string rounded(const std::string& value, int64_t unit) {
    if (unit == 1) return value;
    return fmt::format("({0} + {1} - (({0} + {1}) % {2} + {2}) % {2})", value, unit / 2, unit);
  }

  std::optional<std::string> array(const std::string& sql, _duckdb_logical_type* stored,
                                   const Type& wanted) {
    if (duckdb_get_type_id(stored) != DUCKDB_TYPE_LIST) return fail(stored);
    const std::string element = next_name();
    const auto converted =
        convert(element, LogicalType(duckdb_list_type_child_type(stored)).get(), wanted.element());
    if (!converted || *converted == element) return converted ? std::optional(sql) : converted;
    return fmt::format("list_transform({}, lambda {}: {})", sql, element, *converted);
  }

  // Maps are kept sorted by key, whatever the file has.
  std::optional<std::string> map(const std::string& sql, _duckdb_logical_type* stored,
                                 const Type& wanted) {
    if (duckdb_get_type_id(stored) != DUCKDB_TYPE_MAP) return fail(stored);
    const std::string entry = next_name();
    const auto key =
        convert(entry + ".key", LogicalType(duckdb_map_type_key_type(stored)).get(), wanted.key());
    if (!key) return key;
    const auto value = convert(
        entry + ".value", LogicalType(duckdb_map_type_value_type(stored)).get(), wanted.value());
    if (!value) return value;
    return fmt::format(
        "map_from_entries(list_sort(list_transform(map_entries({}), lambda {}: "
        "struct_pack(k := {}, v := {}))))",
        sql, entry, *key, *value);
  }

  std::optional<std::string> row(const std::string& sql, _duckdb_logical_type* stored,
                                 const Type& wanted) {
    if (duckdb_get_type_id(stored) != DUCKDB_TYPE_STRUCT) return fail(stored);
    std::string parts;
    for (size_t i = 0; i < wanted.fields().size(); ++i) {
      const RowField& field = wanted.fields()[i];
      std::string part = fmt::format("CAST(NULL AS {})", engine_type_name(field.type));
      if (const Part found = find_field(sql, stored, field); found.type != nullptr) {
        const auto converted = convert(found.sql, found.type.get(), field.type);
        if (!converted) return converted;
        part = *converted;
      }
      parts += fmt::format("{}f{} := {}", parts.empty() ? "" : ", ", i, part);
    }
    return fmt::format("CASE WHEN {} IS NOT NULL THEN struct_pack({}) END", sql, parts);
  }

  std::string next_name() { return fmt::format("e{}", num_names_++); }

  const std::string& out_of_range_;
  size_t num_names_ = 0;
};

}  // namespace

ParquetValue convert_parquet_value(const std::string& column, _duckdb_logical_type* stored,
                                   const Type& declared, const std::vector<uint32_t>& fields,
                                   const Type& wanted, const std::string& out_of_range) {
  const std::string null = fmt::format("CAST(NULL AS {})", engine_type_name(wanted));
  if (stored == nullptr) return {null, {}};
  std::string sql = column;
  LogicalType held;
  Type type = declared;
  for (const uint32_t position : fields) {
    if (duckdb_get_type_id(stored) != DUCKDB_TYPE_STRUCT) return {{}, parquet_type_name(stored)};
    const RowField field = type.fields().at(position);
    Conversion::Part found = Conversion::find_field(sql, stored, field);
    if (found.type == nullptr) return {null, {}};
    sql = std::move(found.sql);
    held = std::move(found.type);
    stored = held.get();
    type = field.type;
  }
  Conversion conversion(out_of_range);
  if (const auto converted = conversion.convert(sql, stored, wanted)) return {*converted, {}};
  return {{}, conversion.incompatible_type};
}

}  // namespace trailsql
