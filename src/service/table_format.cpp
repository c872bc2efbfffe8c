#include "service/table_format.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"
#include "catalog/storage_classes.h"
#include "partitions/partition_projection.h"
#include "plan/scan_format.h"

namespace trailsql {
namespace {

[[noreturn]] void refuse(const CatalogTable& table, const std::string& why) {
  throw QueryError(ErrorCode::kNotSupported, fmt::format("Cannot insert into table '{}.{}': {}",
                                                         table.database, table.name, why));
}

std::string property_of(const CatalogProperties& properties, std::string_view key) {
  const std::string* found = find_property(properties, key);
  return found == nullptr ? std::string() : *found;
}

FileFormat format_of(const CatalogTable& table) {
  if (is_parquet(table)) return FileFormat::kParquet;
  if (table.serde_class == kHCatalogJsonSerDe || table.serde_class == kHiveJsonSerDe)
    return FileFormat::kJson;
  const bool is_text = equals_ignoring_case(table.stored_as, "TEXTFILE") ||
                       table.input_format.ends_with(".TextInputFormat");
  if (is_text && (table.serde_class.empty() || table.serde_class == kLazySimpleSerDe))
    return FileFormat::kText;
  refuse(table, fmt::format("its {} cannot be written. What can: PARQUET, JSON (SerDe {}) and text "
                            "(ROW FORMAT DELIMITED)",
                            table.serde_class.empty() ? "format " + table.stored_as
                                                      : "SerDe " + table.serde_class,
                            kHCatalogJsonSerDe));
}

void check_text_properties(const CatalogTable& table) {
  const std::string header_lines = property_of(table.table_properties, "skip.header.line.count");
  if (!header_lines.empty() && header_lines != "0")
    refuse(table, "its property skip.header.line.count would hide the first row of every file");
}

// A digit would be read as the number of a character.
std::string delimiter_text(char delimiter) {
  const bool is_digit = delimiter >= '0' && delimiter <= '9';
  return is_digit ? std::to_string(static_cast<int>(delimiter)) : std::string(1, delimiter);
}

}  // namespace

FileForm form_of(const WriteProperties& properties) {
  CatalogTable table;
  set_format(table, properties);
  return form_of(table);
}

void set_format(CatalogTable& table, const WriteProperties& properties) {
  const std::string compression(name_of(properties.compression));
  if (properties.format == FileFormat::kParquet) {
    table.stored_as = "PARQUET";
    table.serde_class = kParquetSerDe;
    table.input_format = kParquetInputFormat;
    table.output_format = kParquetOutputFormat;
    table.table_properties.emplace_back("parquet.compression", compression);
    return;
  }
  table.stored_as = "TEXTFILE";
  table.input_format = kTextInputFormat;
  table.output_format = kTextOutputFormat;
  table.table_properties.emplace_back("write.compression", compression);
  if (properties.format == FileFormat::kJson) {
    table.serde_class = kHCatalogJsonSerDe;
    return;
  }
  table.serde_class = kLazySimpleSerDe;
  table.serde_properties.emplace_back("field.delim", delimiter_text(properties.field_delimiter));
  table.serde_properties.emplace_back("escape.delim", "\\");
  table.serde_properties.emplace_back("serialization.escape.crlf", "true");
}

FileForm form_of(const CatalogTable& table) {
  if (is_log_table(table)) {
    refuse(table, fmt::format("it is a table of logs, which are never changed; its SerDe is {}",
                              table.serde_class));
  }
  if (is_projected(table)) refuse(table, "its partitions are projected, not made");
  FileForm form;
  form.format = format_of(table);
  if (form.format != FileFormat::kParquet) check_text_properties(table);
  if (form.format == FileFormat::kText) form.text = delimited_rules(scan_spec_of(table).format);
  for (const std::string_view key : {"parquet.compression", "write.compression"}) {
    const std::string name = property_of(table.table_properties, key);
    if (name.empty()) continue;
    const auto compression = find_compression(name, form.format);
    if (!compression) refuse(table, fmt::format("its {} is {}", key, name));
    form.compression = *compression;
  }
  return form;
}

}  // namespace trailsql
