#include "service/table_format.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "plan/scan_format.h"

namespace trailsql {
namespace {

constexpr std::string_view kHCatalogJsonSerDe = "org.apache.hive.hcatalog.data.JsonSerDe";
constexpr std::string_view kHiveJsonSerDe = "org.apache.hadoop.hive.serde2.JsonSerDe";
constexpr std::string_view kLazySimpleSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

[[noreturn]] void refuse(const CatalogTable& table, const std::string& why) {
  throw QueryError(ErrorCode::kNotSupported, fmt::format("Cannot insert into table '{}.{}': {}",
                                                         table.database, table.name, why));
}

std::string property_of(const CatalogProperties& properties, std::string_view key) {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const auto& property) { return property.first == key; });
  return found == properties.end() ? std::string() : found->second;
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
  const std::string line_end = property_of(table.serde_properties, "line.delim");
  if (!line_end.empty() && line_end != "\n") refuse(table, "its lines do not end with a newline");
}

}  // namespace

FileForm form_of(const WriteProperties& properties) {
  FileForm form{properties.format, properties.compression, {}};
  form.text.separators[0] = properties.field_delimiter;
  form.text.escape = '\\';
  return form;
}

void set_format(CatalogTable& table, const FileForm& form) {
  const std::string compression(name_of(form.compression));
  if (form.format == FileFormat::kParquet) {
    table.stored_as = "PARQUET";
    table.serde_class = kParquetSerDe;
    table.input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
    table.output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
    table.table_properties.emplace_back("parquet.compression", compression);
    return;
  }
  table.stored_as = "TEXTFILE";
  table.input_format = "org.apache.hadoop.mapred.TextInputFormat";
  table.output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat";
  table.table_properties.emplace_back("write.compression", compression);
  if (form.format == FileFormat::kJson) {
    table.serde_class = kHCatalogJsonSerDe;
    return;
  }
  table.serde_class = kLazySimpleSerDe;
  table.serde_properties.emplace_back("field.delim", std::string(1, form.text.separators[0]));
  table.serde_properties.emplace_back("escape.delim", "\\");
}

FileForm form_of(const CatalogTable& table) {
  if (is_log_table(table)) {
    refuse(table, fmt::format("it is a table of logs, which are never changed; its SerDe is {}",
                              table.serde_class));
  }
  if (equals_ignoring_case(property_of(table.table_properties, "projection.enabled"), "true"))
    refuse(table, "its partitions are projected, not made");
  FileForm form;
  form.format = format_of(table);
  if (form.format != FileFormat::kParquet) check_text_properties(table);
  if (form.format == FileFormat::kText) form.text = delimited_text_of(table.serde_properties);
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
