#include "service/create_table_text.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>
#include <vector>

namespace trailsql {
namespace {

// Quotes text as a Hive string literal.
std::string hive_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    switch (c) {
      case '\'': out += "\\'"; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default: out.push_back(c);
    }
  }
  out.push_back('\'');
  return out;
}

std::string quoted_name(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out.push_back('`');
    out.push_back(c);
  }
  out.push_back('`');
  return out;
}

// Fields may have any name; those that are no plain words stand in backticks.
std::string field_name(const std::string& name) {
  const bool is_plain =
      !name.empty() &&
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
      (name[0] < '0' || name[0] > '9');
  return is_plain ? name : quoted_name(name);
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
    out += fmt::format("  {} {}", quoted_name(column.name), type_text(column.type));
    if (column.comment) out += " COMMENT " + hive_literal(*column.comment);
  }
  return out;
}

std::string property_list(const std::vector<std::pair<std::string, std::string>>& properties) {
  std::string out;
  for (const auto& [key, value] : properties) {
    if (!out.empty()) out += ",\n";
    out += fmt::format("  {}={}", hive_literal(key), hive_literal(value));
  }
  return out;
}

}  // namespace

std::string create_table_text(const CatalogTable& table) {
  std::string out = fmt::format("CREATE EXTERNAL TABLE {}(\n{})\n", quoted_name(table.name),
                                column_list(table.columns));
  if (table.comment) out += fmt::format("COMMENT {}\n", hive_literal(*table.comment));
  if (!table.partition_columns.empty()) {
    out += fmt::format("PARTITIONED BY (\n{})\n", column_list(table.partition_columns));
  }
  if (!table.serde_class.empty()) {
    out += fmt::format("ROW FORMAT SERDE\n  {}\n", hive_literal(table.serde_class));
    if (!table.serde_properties.empty()) {
      out += fmt::format("WITH SERDEPROPERTIES (\n{})\n", property_list(table.serde_properties));
    }
  }
  if (!table.input_format.empty()) {
    out += fmt::format("STORED AS INPUTFORMAT\n  {}\nOUTPUTFORMAT\n  {}\n",
                       hive_literal(table.input_format), hive_literal(table.output_format));
  } else if (!table.stored_as.empty()) {
    out += fmt::format("STORED AS {}\n", table.stored_as);
  }
  out += fmt::format("LOCATION\n  {}\n", hive_literal(table.location));
  if (!table.table_properties.empty()) {
    out += fmt::format("TBLPROPERTIES (\n{})\n", property_list(table.table_properties));
  }
  return out;
}

}  // namespace trailsql
