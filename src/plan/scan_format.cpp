#include "plan/scan_format.h"

#include <fmt/core.h>

#include <charconv>
#include <iterator>
#include <optional>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

constexpr std::string_view kOpenXJsonSerDe = "org.openx.data.jsonserde.JsonSerDe";
constexpr std::string_view kCloudTrailSerDe = "com.amazon.emr.hive.serde.CloudTrailSerde";
constexpr std::string_view kHCatalogJsonSerDe = "org.apache.hive.hcatalog.data.JsonSerDe";
constexpr std::string_view kCloudTrailInputFormat =
    "com.amazon.emr.cloudtrail.CloudTrailInputFormat";

// CloudTrail's SerDe gives this column the text of the whole user identity.
constexpr std::string_view kUserIdentityText = "useridentity_as_string";
constexpr std::string_view kUserIdentity = "useridentity";

[[noreturn]] void refuse(const CatalogTable& table) {
  throw QueryError(
      ErrorCode::kNotSupported,
      fmt::format(
          "Table '{}.{}' cannot be read yet: its {} is not supported. Supported: ROW FORMAT "
          "SERDE '{}' or '{}', STORED AS PARQUET",
          table.database, table.name,
          table.serde_class.empty() ? "format " + table.stored_as : "SerDe " + table.serde_class,
          kOpenXJsonSerDe, kCloudTrailSerDe));
}

std::optional<uint32_t> position_of(const CatalogTable& table, std::string_view column) {
  for (uint32_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == column) return i;
  }
  return std::nullopt;
}

// The rows are elements of one column that the table does not declare.
void set_row_per_record(const CatalogTable& table, ScanSpec& spec) {
  std::vector<RowField> fields;
  for (const CatalogColumn& column : table.columns) {
    const bool is_text = column.name == kUserIdentityText;
    fields.push_back({std::string(is_text ? kUserIdentity : column.name), column.type});
  }
  spec.table_columns = {{"records", Type::array(Type::row(std::move(fields)))}};
  spec.unnest_column = 0;
  spec.format.kind = ScanFormat::Kind::kCloudTrail;
}

}  // namespace

bool is_parquet(const CatalogTable& table) { return table.serde_class == kParquetSerDe; }

bool is_row_per_record(const CatalogTable& table) {
  return table.serde_class == kCloudTrailSerDe ||
         (table.serde_class == kHCatalogJsonSerDe && table.input_format == kCloudTrailInputFormat);
}

bool is_log_table(const CatalogTable& table) {
  return is_row_per_record(table) || table.serde_class == kOpenXJsonSerDe;
}

ScanSpec scan_spec_of(const CatalogTable& table) {
  const bool parquet = is_parquet(table);
  const bool row_per_record = is_row_per_record(table);
  if (!parquet && !row_per_record && table.serde_class != kOpenXJsonSerDe) refuse(table);
  ScanSpec spec;
  spec.table_name = table.database + "." + table.name;
  spec.event_time_slack_days = event_time_slack_days(table);
  for (const CatalogColumn& column : table.partition_columns)
    spec.partition_columns.push_back({column.name, column.type});
  spec.format.kind = parquet ? ScanFormat::Kind::kParquet : ScanFormat::Kind::kOpenXJson;
  spec.location = table.location;
  for (const auto& [key, value] : table.serde_properties)
    spec.format.properties[to_lower_ascii(key)] = value;
  if (row_per_record) {
    set_row_per_record(table, spec);
    return spec;
  }
  for (const CatalogColumn& column : table.columns)
    spec.table_columns.push_back({column.name, column.type});
  return spec;
}

ScanColumn data_column(const CatalogTable& table, uint32_t column,
                       const std::vector<uint32_t>& path, const Type& type) {
  ScanColumn result;
  result.type = type;
  if (!is_row_per_record(table)) {
    result.table_column = column;
    result.fields = path;
    return result;
  }
  result.source = ScanColumn::Source::kElement;
  const bool is_text = table.columns[column].name == kUserIdentityText;
  result.fields = {is_text ? position_of(table, kUserIdentity).value_or(column) : column};
  result.fields.insert(result.fields.end(), path.begin(), path.end());
  return result;
}

std::optional<uint32_t> event_time_slack_days(const CatalogTable& table) {
  constexpr std::string_view kProperty = "trailsql.eventtime_pruning";
  constexpr uint32_t kSafeDays = 31;  // CloudTrail tries for 30 days to deliver a file
  std::string value = find_property(table.table_properties, kLayoutProperty) ? "safe" : "off";
  if (const std::string* written = find_property(table.table_properties, kProperty))
    value = to_lower_ascii(*written);
  if (value == "off") return std::nullopt;
  if (value == "safe") return kSafeDays;
  uint32_t days = 0;
  const auto [end, status] = std::from_chars(value.data(), value.data() + value.size(), days);
  if (status == std::errc() && end == value.data() + value.size()) return days;
  throw QueryError(ErrorCode::kInvalidTableProperty,
                   fmt::format("Table {}.{}: {} is '{}'; it must be off, safe or a number of days",
                               table.database, table.name, kProperty, value));
}

bool is_event_time_name(std::string_view name) { return equals_ignoring_case(name, "eventtime"); }

ScanColumn known_column(const CatalogTable& table, uint32_t position, const Type& type) {
  using Source = ScanColumn::Source;
  static constexpr Source kHiddenSources[] = {Source::kPath, Source::kFileSize,
                                              Source::kFileModifiedTime, Source::kPartitionName,
                                              Source::kBucket};
  static_assert(std::size(kHiddenSources) == std::size(kHiddenColumnNames));
  const auto num_partition_columns = static_cast<uint32_t>(table.partition_columns.size());
  if (position < num_partition_columns) return {Source::kPartition, position, {}, type};
  return {kHiddenSources[position - num_partition_columns], 0, {}, type};
}

}  // namespace trailsql
