#include "plan/scan_format.h"

#include <fmt/format.h>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

constexpr std::string_view kOpenXJsonSerDe = "org.openx.data.jsonserde.JsonSerDe";

[[noreturn]] void refuse(const CatalogTable& table) {
  throw QueryError(ErrorCode::kNotSupported,
                   fmt::format("Table '{}.{}' cannot be read yet: its {} is not supported. "
                               "Supported: ROW FORMAT SERDE '{}', STORED AS PARQUET",
                               table.database, table.name,
                               table.serde_class.empty() ? "format " + table.stored_as
                                                         : "SerDe " + table.serde_class,
                               kOpenXJsonSerDe));
}

}  // namespace

bool is_parquet(const CatalogTable& table) { return table.serde_class == kParquetSerDe; }

ScanSpec scan_spec_of(const CatalogTable& table) {
  const bool parquet = is_parquet(table);
  if (!parquet && table.serde_class != kOpenXJsonSerDe) refuse(table);
  ScanSpec spec;
  spec.table_name = table.database + "." + table.name;
  if (!table.partition_columns.empty()) {
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("Table '{}' cannot be read yet: PARTITIONED BY is not supported",
                                 spec.table_name));
  }
  spec.format.kind = parquet ? ScanFormat::Kind::kParquet : ScanFormat::Kind::kOpenXJson;
  spec.location = table.location;
  for (const CatalogColumn& column : table.columns)
    spec.table_columns.push_back({column.name, column.type});
  for (const auto& [key, value] : table.serde_properties)
    spec.format.properties[to_lower_ascii(key)] = value;
  return spec;
}

ScanColumn::Source hidden_source(std::string_view name) {
  if (name == kHiddenColumnNames[0]) return ScanColumn::Source::kPath;
  if (name == kHiddenColumnNames[1]) return ScanColumn::Source::kFileSize;
  if (name == kHiddenColumnNames[2]) return ScanColumn::Source::kFileModifiedTime;
  throw QueryError(ErrorCode::kNotSupported, fmt::format("Column {} is not supported yet", name));
}

}  // namespace trailsql
