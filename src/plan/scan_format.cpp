#include "plan/scan_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "analysis/analysis.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/information_schema.h"
#include "catalog/storage_classes.h"
#include "catalog/trail_tables.h"

namespace trailsql {
namespace {

struct KnownSerDe {
  std::string_view class_name;
  ScanFormat::Kind kind;
};
constexpr KnownSerDe kKnownSerDes[] = {
    {kOpenXJsonSerDe, ScanFormat::Kind::kOpenXJson},
    {kHCatalogJsonSerDe, ScanFormat::Kind::kHiveJson},
    {kHiveJsonSerDe, ScanFormat::Kind::kHiveJson},
    {kLazySimpleSerDe, ScanFormat::Kind::kDelimited},
    {"org.apache.hadoop.hive.serde2.OpenCSVSerde", ScanFormat::Kind::kCsv},
    {"com.bizo.hive.serde.csv.CSVSerde", ScanFormat::Kind::kCsv},
    {"org.apache.hadoop.hive.serde2.RegexSerDe", ScanFormat::Kind::kRegex},
    {"org.apache.hadoop.hive.contrib.serde2.RegexSerDe", ScanFormat::Kind::kRegex},
    {"com.amazonaws.glue.serde.GrokSerDe", ScanFormat::Kind::kGrok},
    {kParquetSerDe, ScanFormat::Kind::kParquet},
};

// Files that are not read at all, by what STORED AS, the SerDe or the input format calls them.
constexpr std::string_view kOtherFormats[] = {"ORC", "AVRO", "ION", "RCFILE", "SEQUENCEFILE"};

// CloudTrail's SerDe gives this column the text of the whole user identity.
constexpr std::string_view kUserIdentityText = "useridentity_as_string";
constexpr std::string_view kUserIdentity = "useridentity";

// Returns the name of the format without a reader that the table's files are in, if they are.
std::optional<std::string_view> unread_format(const CatalogTable& table) {
  const std::string said[] = {to_upper_ascii(table.stored_as), to_upper_ascii(table.serde_class),
                              to_upper_ascii(table.input_format)};
  for (const std::string_view format : kOtherFormats) {
    if (said[0] == format) return format;
    // org.apache.hadoop.hive.ql.io.orc.OrcSerde, ….SequenceFileInputFormat: the last name's start.
    for (const std::string_view name : {std::string_view(said[1]), std::string_view(said[2])}) {
      if (name.substr(name.rfind('.') + 1).starts_with(format)) return format;
    }
  }
  return std::nullopt;
}

[[noreturn]] void refuse(const CatalogTable& table, const std::string& reason) {
  throw QueryError(ErrorCode::kNotSupported, fmt::format("Table '{}.{}' cannot be read: {}",
                                                         table.database, table.name, reason));
}

ScanFormat::Kind kind_of(const CatalogTable& table) {
  if (const std::optional<std::string_view> format = unread_format(table)) {
    refuse(table, fmt::format("files in {} are not supported. Convert them in Athena to Parquet, "
                              "with CREATE TABLE … WITH (format = 'PARQUET') AS SELECT or UNLOAD, "
                              "or export them as lines of JSON or text",
                              *format));
  }
  if (is_row_per_record(table)) return ScanFormat::Kind::kCloudTrail;
  if (table.serde_class.empty()) return ScanFormat::Kind::kDelimited;
  for (const KnownSerDe& known : kKnownSerDes) {
    if (known.class_name == table.serde_class) return known.kind;
  }
  std::string names;
  for (const KnownSerDe& known : kKnownSerDes)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", known.class_name);
  refuse(table, fmt::format("its SerDe {} is not supported. Supported: {}, {}", table.serde_class,
                            names, kCloudTrailSerDe));
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
  if (is_trail_table(table)) spec.format.kind = ScanFormat::Kind::kCloudTrailRecords;
}

// Tables of information_schema have no files: the service has their rows.
ScanSpec spec_of_rows_at_hand(const CatalogTable& table) {
  ScanSpec spec;
  spec.table_name = table.database + "." + table.name;
  for (const CatalogColumn& column : table.columns)
    spec.table_columns.push_back({column.name, column.type});
  return spec;
}

}  // namespace

bool is_parquet(const CatalogTable& table) { return table.serde_class == kParquetSerDe; }

bool can_unnest(const CatalogTable& table) {
  const ScanFormat::Kind kind = kind_of(table);
  return kind == ScanFormat::Kind::kOpenXJson || kind == ScanFormat::Kind::kHiveJson;
}

bool is_row_per_record(const CatalogTable& table) {
  if (table.serde_class == kCloudTrailSerDe) return true;
  if (table.input_format != kCloudTrailInputFormat) return false;
  // The input format hands over one record at a time, whichever SerDe then reads its JSON.
  return std::ranges::any_of(kKnownSerDes, [&](const KnownSerDe& known) {
    return known.class_name == table.serde_class && (known.kind == ScanFormat::Kind::kOpenXJson ||
                                                     known.kind == ScanFormat::Kind::kHiveJson);
  });
}

bool is_at_hand(const CatalogTable& table) {
  return is_in_information_schema(table) || !table.partitions_of.empty();
}

bool is_log_table(const CatalogTable& table) {
  if (is_row_per_record(table) || table.serde_class == kOpenXJsonSerDe) return true;
  const auto* const known =
      std::find_if(std::begin(kKnownSerDes), std::end(kKnownSerDes),
                   [&](const KnownSerDe& serde) { return serde.class_name == table.serde_class; });
  return known != std::end(kKnownSerDes) &&
         (known->kind == ScanFormat::Kind::kRegex || known->kind == ScanFormat::Kind::kGrok);
}

ScanSpec scan_spec_of(const CatalogTable& table) {
  if (is_at_hand(table)) return spec_of_rows_at_hand(table);
  const ScanFormat::Kind kind = kind_of(table);
  ScanSpec spec;
  spec.table_name = table.database + "." + table.name;
  spec.event_time_slack_days = event_time_slack_days(table);
  for (const CatalogColumn& column : table.partition_columns)
    spec.partition_columns.push_back({column.name, column.type});
  spec.format.kind = kind;
  spec.location = table.location;
  // Hive hands both to the SerDe; where they differ, its own properties count.
  for (const CatalogProperties* properties : {&table.table_properties, &table.serde_properties}) {
    for (const auto& [key, value] : *properties)
      spec.format.properties[to_lower_ascii(key)] = value;
  }
  if (kind == ScanFormat::Kind::kCloudTrail) {
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

namespace {

std::optional<uint32_t> slack_days(const CatalogTable& table, std::string value) {
  constexpr std::string_view kProperty = "trailsql.eventtime_pruning";
  constexpr uint32_t kSafeDays = 31;  // CloudTrail tries for 30 days to deliver a file
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

}  // namespace

std::optional<uint32_t> event_time_slack_days(const CatalogTable& table) {
  return slack_days(table, is_trail_table(table) ? "safe" : "off");
}

std::optional<uint32_t> bounded_slack_days(const CatalogTable& table) {
  return slack_days(table, "safe");
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
  const uint32_t hidden = position - num_partition_columns;
  if (hidden == std::size(kHiddenSources)) return {Source::kRecordText, 0, {}, type};
  return {kHiddenSources[hidden], 0, {}, type};
}

}  // namespace trailsql
