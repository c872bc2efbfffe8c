#include "service/table_definition.h"

#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <system_error>

#include "base/hive_error.h"
#include "base/text.h"
#include "catalog/storage_classes.h"
#include "plan/scan_format.h"
#include "service/bucket_url.h"
#include "service/column_definition.h"

namespace trailsql {
namespace {

/// What STORED AS is short for.
struct StorageFormat {
  std::string_view name;
  std::string_view input_format;
  std::string_view output_format;
  std::string_view serde_class;
};

// The first of those with equal classes gives them their name.
constexpr auto kStorageFormats = std::to_array<StorageFormat>({
    {"TEXTFILE", kTextInputFormat, kTextOutputFormat, kLazySimpleSerDe},
    {"JSONFILE", kTextInputFormat, kTextOutputFormat, kHiveJsonSerDe},
    {"PARQUET", kParquetInputFormat, kParquetOutputFormat, kParquetSerDe},
    {"ORC", "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
     "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
     "org.apache.hadoop.hive.ql.io.orc.OrcSerde"},
    {"AVRO", "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
     "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
     "org.apache.hadoop.hive.serde2.avro.AvroSerDe"},
    {"ION", "com.amazon.ionhiveserde.formats.IonInputFormat",
     "com.amazon.ionhiveserde.formats.IonOutputFormat", "com.amazon.ionhiveserde.IonHiveSerDe"},
    {"RCFILE", "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
     "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
     "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe"},
    {"SEQUENCEFILE", "org.apache.hadoop.mapred.SequenceFileInputFormat",
     "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat", kLazySimpleSerDe},
});

/// Puts the properties that Hive uses for ROW FORMAT DELIMITED into the table.
void set_delimited(CatalogTable& table, const DelimitedFormat& format) {
  table.serde_class = kLazySimpleSerDe;
  const auto add = [&](std::string_view key, const std::optional<std::string>& value) {
    if (value) table.serde_properties.emplace_back(key, *value);
  };
  add("field.delim", format.fields_terminated_by);
  add("escape.delim", format.escaped_by);
  add("collection.delim", format.collection_items_terminated_by);
  add("mapkey.delim", format.map_keys_terminated_by);
  add("line.delim", format.lines_terminated_by);
  add("serialization.null.format", format.null_defined_as);
}

void set_row_format(CatalogTable& table, const RowFormat& format) {
  struct Visitor {
    CatalogTable& table;
    void operator()(const DelimitedFormat& delimited) const { set_delimited(table, delimited); }
    void operator()(const SerDeFormat& serde) const {
      table.serde_class = serde.class_name;
      set_properties(table.serde_properties, serde.properties);
    }
  };
  std::visit(Visitor{table}, format);
}

// A SerDe that was named stays, but the delimited one, which reads no format but text.
void set_storage(CatalogTable& table, const CreateTable& node) {
  table.input_format = node.input_format.value_or("");
  table.output_format = node.output_format.value_or("");
  const std::string stored_as = node.stored_as.value_or(node.input_format ? "" : "TEXTFILE");
  for (const StorageFormat& format : kStorageFormats) {
    const bool is_meant = stored_as.empty() ? format.input_format == table.input_format &&
                                                  format.output_format == table.output_format
                                            : equals_ignoring_case(format.name, stored_as);
    if (!is_meant) continue;
    table.stored_as = format.input_format == kTextInputFormat ? "TEXTFILE" : format.name;
    table.input_format = format.input_format;
    table.output_format = format.output_format;
    const bool reads_text = format.serde_class == kLazySimpleSerDe;
    if (table.serde_class.empty() || (table.serde_class == kLazySimpleSerDe && !reads_text))
      table.serde_class = format.serde_class;
    return;
  }
}

void check_columns(const CreateTable& node) {
  if (node.columns.empty()) {
    throw hive_error(ErrorCode::kSyntaxError, node.name.location,
                     "SemanticException [Error 10043]: Either list of columns or a custom "
                     "serializer should be specified");
  }
  std::unordered_set<std::string> seen;
  for (const ColumnDefinition& column : node.columns) check_distinct_column(column.name, seen);
  for (const ColumnDefinition& column : node.partitioned_by) {
    if (seen.insert(to_lower_ascii(column.name.value)).second) continue;
    throw hive_error(ErrorCode::kDuplicateColumnName, column.name.location,
                     "SemanticException [Error 10035]: Column repeated in partitioning columns");
  }
}

void set_buckets(CatalogTable& table, const CreateTable& node) {
  if (node.clustered_by.empty()) return;
  if (node.num_buckets == 0) {
    throw hive_error(ErrorCode::kInvalidTableProperty, node.clustered_by.front().location,
                     "SemanticException [Error 10038]: Bucket number should be bigger than zero");
  }
  table.num_buckets = node.num_buckets;
  for (const Identifier& column : node.clustered_by) {
    const std::string name = to_lower_ascii(column.value);
    bool is_column = false;
    for (const CatalogColumn& known : table.columns) is_column = is_column || known.name == name;
    if (!is_column) {
      throw hive_error(
          ErrorCode::kColumnNotFound, column.location,
          fmt::format("SemanticException [Error 10002]: Invalid column reference '{}'", name));
    }
    table.bucket_columns.push_back(name);
  }
}

}  // namespace

void check_table_location(const std::string& location, Location place,
                          const LocationResolver& resolver) {
  const auto refuse = [&](const std::string& text) {
    return QueryError(ErrorCode::kInvalidTableProperty, place, text);
  };
  if (location.empty()) {
    throw QueryError(ErrorCode::kInvalidTableProperty, place,
                     "No location was specified for table. An S3 location must be specified",
                     "name the folder of the files, as in LOCATION 's3://bucket/prefix/'");
  }
  if (const std::optional<BucketUrlProblem> problem = find_bucket_url_problem(location)) {
    // Where a secret may stand, the statement is not shown either.
    throw QueryError(ErrorCode::kInvalidTableProperty, problem->is_secret ? Location{} : place,
                     "LOCATION: " + problem->text, problem->hint);
  }
  if (!is_absolute_location(location)) {
    if (location.find("://") != std::string::npos) {
      throw refuse(fmt::format(
          "LOCATION '{}' is neither an s3:// URL, a file:/// URL nor an absolute path", location));
    }
    throw refuse(fmt::format("LOCATION '{}' is a relative path; write '{}'", location,
                             std::filesystem::absolute(location).lexically_normal().string()));
  }
  if (location.find_first_of("*?") != std::string::npos) {
    throw refuse(fmt::format(
        "LOCATION '{}' has wildcards; it is a folder, and all files below it are read", location));
  }
  if (!resolver.is_mapped(location)) return;  // in a bucket
  std::error_code error;
  const std::filesystem::path path = resolver.resolve(location);
  if (std::filesystem::is_regular_file(path, error)) {
    throw refuse(fmt::format("LOCATION '{}' is a file; name the folder that holds it", location));
  }
}

CatalogTable define_table(const CreateTable& node, const std::string& database, Location place,
                          const LocationResolver& resolver) {
  CatalogProperties properties;
  set_properties(properties, node.table_properties);
  if (const std::string* type = find_property(properties, "table_type");
      type && !equals_ignoring_case(*type, "EXTERNAL_TABLE")) {
    throw QueryError(ErrorCode::kNotSupported, place,
                     fmt::format("Tables of type {} are not supported", to_upper_ascii(*type)),
                     "files of logs are read by CREATE EXTERNAL TABLE without table_type");
  }
  if (!node.external) {
    throw QueryError(
        ErrorCode::kNotSupported, place, "External keyword required for table type HIVE",
        "write CREATE EXTERNAL TABLE … LOCATION 's3://bucket/prefix/', or CREATE TABLE "
        "… AS with a query");
  }
  check_name(node.name.parts.back());
  check_columns(node);
  CatalogTable table;
  table.database = database;
  table.name = to_lower_ascii(node.name.parts.back().value);
  for (const ColumnDefinition& column : node.columns)
    table.columns.push_back(catalog_column(column));
  for (const ColumnDefinition& column : node.partitioned_by)
    table.partition_columns.push_back(catalog_column(column));
  table.comment = node.comment;
  set_buckets(table, node);
  if (node.row_format) set_row_format(table, *node.row_format);
  set_storage(table, node);
  table.location = node.location.value_or("");
  check_table_location(table.location, place, resolver);
  table.table_properties = std::move(properties);
  return table;
}

}  // namespace trailsql
