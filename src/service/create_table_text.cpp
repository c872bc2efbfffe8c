#include "service/create_table_text.h"

#include <fmt/core.h>

#include <string_view>
#include <utility>
#include <vector>

#include "syntax/printer.h"

namespace trailsql {
namespace {

// Fields may have any name; those that are no plain words stand in backticks.
std::string field_name(const std::string& name) {
  const bool is_plain =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
      (name[0] < '0' || name[0] > '9');
  return is_plain ? name : hive_quoted_name(name);
}

// Spells a type as `hive_name` does, but so that every name of a field can be parsed.
std::string type_text(const Type& type) {
  if (type.is(TypeKind::kArray)) return fmt::format("array<{}>", type_text(type.element()));
  if (type.is(TypeKind::kMap)) {
    return fmt::format("map<{},{}>", type_text(type.key()), type_text(type.value()));
  }
  if (!type.is(TypeKind::kRow)) return type.hive_name();
  std::string out;
  for (const RowField& field : type.fields()) {
    if (!out.empty()) out += ',';
    out += fmt::format("{}:{}", field_name(field.name.value_or("")), type_text(field.type));
  }
  return fmt::format("struct<{}>", out);
}

std::string column_list(const std::vector<CatalogColumn>& columns) {
  std::string out;
  for (const CatalogColumn& column : columns) {
    if (!out.empty()) out += ",\n";
    out += fmt::format("  {} {}", hive_quoted_name(column.name), type_text(column.type));
    if (column.comment) out += " COMMENT " + hive_quoted_text(*column.comment);
  }
  return out;
}

std::string property_list(const CatalogProperties& properties) {
  std::string out;
  for (const auto& [key, value] : properties) {
    if (!out.empty()) out += ",\n";
    out += fmt::format("  {}={}", hive_quoted_text(key), hive_quoted_text(value));
  }
  return out;
}

}  // namespace

std::string create_table_text(const CatalogTable& table) {
  std::string out = fmt::format("CREATE EXTERNAL TABLE {}(\n{})\n", hive_quoted_name(table.name),
                                column_list(table.columns));
  if (table.comment) out += fmt::format("COMMENT {}\n", hive_quoted_text(*table.comment));
  if (!table.partition_columns.empty()) {
    out += fmt::format("PARTITIONED BY (\n{})\n", column_list(table.partition_columns));
  }
  if (!table.serde_class.empty()) {
    out += fmt::format("ROW FORMAT SERDE\n  {}\n", hive_quoted_text(table.serde_class));
    if (!table.serde_properties.empty()) {
      out += fmt::format("WITH SERDEPROPERTIES (\n{})\n", property_list(table.serde_properties));
    }
  }
  if (!table.input_format.empty()) {
    out += fmt::format("STORED AS INPUTFORMAT\n  {}\nOUTPUTFORMAT\n  {}\n",
                       hive_quoted_text(table.input_format), hive_quoted_text(table.output_format));
  } else if (!table.stored_as.empty()) {
    out += fmt::format("STORED AS {}\n", table.stored_as);
  }
  out += fmt::format("LOCATION\n  {}\n", hive_quoted_text(table.location));
  if (!table.table_properties.empty()) {
    out += fmt::format("TBLPROPERTIES (\n{})\n", property_list(table.table_properties));
  }
  return out;
}

}  // namespace trailsql
