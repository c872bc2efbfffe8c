#include "service/create_table_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "catalog/storage_classes.h"
#include "service/column_definition.h"
#include "syntax/printer.h"

namespace trailsql {
namespace {

// Fields may have any name; those that are no plain words stand in backticks.
std::string field_name(const std::string& name) {
  return is_plain_word(name) ? name : hive_quoted_name(name);
}

/// Spells a column's type as `hive_name` does, but so that every name of a field can be parsed, and
/// with the comments of fields.
class TypeText {
 public:
  explicit TypeText(const CatalogProperties& comments) : comments_(comments) {}

  std::string spell(const Type& type, const std::string& path) const {
    if (type.is(TypeKind::kArray))
      return fmt::format("array<{}>", spell(type.element(), inner_path(path, kElementPart)));
    if (type.is(TypeKind::kMap)) {
      return fmt::format("map<{},{}>", spell(type.key(), inner_path(path, kKeyPart)),
                         spell(type.value(), inner_path(path, kValuePart)));
    }
    if (!type.is(TypeKind::kRow)) return type.hive_name();
    std::string out;
    for (const RowField& field : type.fields()) {
      const std::string name = field.name.value_or("");
      const std::string field_path = inner_path(path, name);
      if (!out.empty()) out += ',';
      out += fmt::format("{}:{}", field_name(name), spell(field.type, field_path));
      const auto comment = std::find_if(comments_.begin(), comments_.end(),
                                        [&](const auto& each) { return each.first == field_path; });
      if (comment != comments_.end()) out += " COMMENT " + hive_quoted_text(comment->second);
    }
    return fmt::format("struct<{}>", out);
  }

 private:
  const CatalogProperties& comments_;
};

std::string column_list(const std::vector<CatalogColumn>& columns) {
  std::string out;
  for (const CatalogColumn& column : columns) {
    if (!out.empty()) out += ", \n";
    out += fmt::format("  {} {}", hive_quoted_name(column.name),
                       TypeText(column.field_comments).spell(column.type, ""));
    if (column.comment) out += " COMMENT " + hive_quoted_text(*column.comment);
  }
  return out;
}

std::string property_list(const CatalogProperties& properties) {
  std::string out;
  for (const auto& [key, value] : sorted_properties(properties)) {
    if (!out.empty()) out += ", \n";
    out += fmt::format("  {}={}", hive_quoted_text(key), hive_quoted_text(value));
  }
  return out;
}

/// What ROW FORMAT DELIMITED calls the properties of its SerDe, in the order of the clauses.
struct Delimiter {
  std::string_view key;
  std::string_view clause;
};
constexpr auto kDelimiters = std::to_array<Delimiter>({
    {"field.delim", "FIELDS TERMINATED BY"},
    {"escape.delim", "ESCAPED BY"},
    {"collection.delim", "COLLECTION ITEMS TERMINATED BY"},
    {"mapkey.delim", "MAP KEYS TERMINATED BY"},
    {"line.delim", "LINES TERMINATED BY"},
    {"serialization.null.format", "NULL DEFINED AS"},
});

// Returns whether ROW FORMAT DELIMITED says everything about the table's SerDe.
bool is_delimited(const CatalogTable& table) {
  if (table.serde_class != kLazySimpleSerDe) return false;
  size_t num_known = 0;
  for (const Delimiter& delimiter : kDelimiters)
    num_known += find_property(table.serde_properties, delimiter.key) != nullptr ? 1 : 0;
  const bool escapes_only = find_property(table.serde_properties, "escape.delim") != nullptr &&
                            find_property(table.serde_properties, "field.delim") == nullptr;
  return num_known == table.serde_properties.size() && !escapes_only;
}

std::string row_format(const CatalogTable& table) {
  if (table.serde_class.empty()) return {};
  if (is_delimited(table)) {
    std::string out = "ROW FORMAT DELIMITED \n";
    for (const Delimiter& delimiter : kDelimiters) {
      if (const std::string* value = find_property(table.serde_properties, delimiter.key))
        out += fmt::format("  {} {} \n", delimiter.clause, hive_quoted_text(*value));
    }
    return out;
  }
  std::string out = fmt::format("ROW FORMAT SERDE \n  {} \n", hive_quoted_text(table.serde_class));
  if (!table.serde_properties.empty()) {
    out += fmt::format("WITH SERDEPROPERTIES ( \n{}) \n", property_list(table.serde_properties));
  }
  return out;
}

std::string bucket_list(const CatalogTable& table) {
  std::string out;
  for (const std::string& name : table.bucket_columns)
    out += fmt::format("{}  {}", out.empty() ? "" : ", \n", hive_quoted_name(name));
  return fmt::format("CLUSTERED BY ( \n{}) \nINTO {} BUCKETS\n", out, table.num_buckets);
}

}  // namespace

bool is_plain_word(std::string_view name) {
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

CatalogProperties sorted_properties(CatalogProperties properties) {
  std::stable_sort(properties.begin(), properties.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return properties;
}

std::string create_table_text(const CatalogTable& table) {
  std::string out = fmt::format("CREATE EXTERNAL TABLE {}(\n{})\n", hive_quoted_name(table.name),
                                column_list(table.columns));
  if (table.comment) out += fmt::format("COMMENT {}\n", hive_quoted_text(*table.comment));
  if (!table.partition_columns.empty()) {
    out += fmt::format("PARTITIONED BY ( \n{})\n", column_list(table.partition_columns));
  }
  if (!table.bucket_columns.empty()) out += bucket_list(table);
  out += row_format(table);
  if (!table.input_format.empty()) {
    out += fmt::format("STORED AS INPUTFORMAT \n  {} \nOUTPUTFORMAT \n  {}\n",
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
