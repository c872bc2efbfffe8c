#include "service/describe_listing.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"
#include "service/column_definition.h"
#include "service/create_table_text.h"
#include "service/hive_lookup.h"
#include "service/listing_run.h"

namespace trailsql {
namespace {

constexpr size_t kCellWidth = 20;
constexpr size_t kHeadingWidth = 22;  // of "# col_name"

std::string padded(std::string text, size_t width = kCellWidth) {
  const size_t length = num_code_points(text);
  if (length < width) text.append(width - length, ' ');
  return text;
}

/// Collects rows in both forms.
class Listing {
 public:
  explicit Listing(ListingForm form) : form_(form) {}

  void add_column(const std::string& name, const std::string& type, const std::string& comment) {
    // A tab in the comment would look like another value: Athena ends the line there.
    const std::string cell = padded(comment);
    add({name, type, comment},
        padded(name) + "\t" + padded(type) + "\t" + cell.substr(0, cell.find('\t')));
  }
  void add_unpadded(const std::string& name, const std::string& type) {
    add({name, type, ""}, name + "\t" + type);
  }
  void add_heading(const std::string& text) { add({text, "", ""}, text + "\t \t "); }
  void add_blank() { add_heading(""); }
  void add_column_heading() {
    add({"# col_name", "data_type", "comment"}, padded("# col_name", kHeadingWidth) + "\t" +
                                                    padded("data_type") + "\t" + padded("comment"));
  }
  void add_detail(const std::string& label, const std::string& value) {
    add({label, value, ""}, padded(label) + "\t" + padded(value) + "\t ");
  }
  void add_property(const std::string& key, const std::string& value) {
    add({"", key, value}, "\t" + padded(key) + "\t" + padded(value));
  }
  void add_line(const std::string& label, const std::string& text) {
    add({label, text, ""}, label + "\t" + text + "\t");
  }

  std::unique_ptr<QueryRun> run(std::vector<std::string> names) {
    if (form_ == ListingForm::kLines) names.resize(1);
    for (std::vector<std::optional<std::string>>& row : rows_) row.resize(names.size());
    return make_listing_run(names, std::move(rows_));
  }

 private:
  void add(std::vector<std::optional<std::string>> cells, const std::string& line) {
    if (form_ == ListingForm::kLines) cells = {line};
    rows_.push_back(std::move(cells));
  }

  ListingForm form_;
  TextRows rows_;
};

void add_columns(Listing& listing, const std::vector<CatalogColumn>& columns) {
  for (const CatalogColumn& column : columns)
    listing.add_column(column.name, column.type.hive_name(), column.comment.value_or(""));
}

void add_partition_columns(Listing& listing, const CatalogTable& table) {
  if (table.partition_columns.empty()) return;
  listing.add_blank();
  listing.add_heading("# Partition Information");
  listing.add_column_heading();
  listing.add_blank();
  add_columns(listing, table.partition_columns);
}

std::string create_time(const CatalogTable& table) {
  const auto created_at = static_cast<std::time_t>(table.created_at_ms / 1000);
  return fmt::format("{:%a %b %d %H:%M:%S} UTC {:%Y}", fmt::gmtime(created_at),
                     fmt::gmtime(created_at));
}

std::string_view table_type(const CatalogTable& table) {
  return table.kind == TableKind::kView ? "VIRTUAL_VIEW" : "EXTERNAL_TABLE";
}

std::string bucket_columns(const CatalogTable& table) {
  std::string out = "[";
  for (const std::string& name : table.bucket_columns) out += (out == "[" ? "" : ", ") + name;
  return out + "]";
}

std::string num_buckets(const CatalogTable& table) {
  return table.num_buckets == 0 ? "-1" : std::to_string(table.num_buckets);
}

std::string values_text(const DescribedPartition& partition) {
  return fmt::format("[{}]", fmt::join(partition.values, ", "));
}

void add_storage_details(Listing& listing, const CatalogTable& table) {
  listing.add_heading("# Storage Information");
  listing.add_detail("SerDe Library:", table.serde_class);
  listing.add_detail("InputFormat:", table.input_format);
  listing.add_detail("OutputFormat:", table.output_format);
  listing.add_detail("Compressed:", "No");
  listing.add_detail("Num Buckets:", num_buckets(table));
  listing.add_detail("Bucket Columns:", bucket_columns(table));
  listing.add_detail("Sort Columns:", "[]");
  if (table.serde_properties.empty()) return;
  listing.add_heading("Storage Desc Params:");
  for (const auto& [key, value] : sorted_properties(table.serde_properties))
    listing.add_property(key, value);
}

// The catalog keeps no times of partitions.
void add_formatted_details(Listing& listing, const CatalogTable& table,
                           const DescribedPartition& partition) {
  listing.add_blank();
  listing.add_heading("# Detailed Partition Information");
  listing.add_detail("Partition Value:", values_text(partition));
  listing.add_detail("Database:", table.database);
  listing.add_detail("Table:", table.name);
  listing.add_detail("CreateTime:", "UNKNOWN");
  listing.add_detail("LastAccessTime:", "UNKNOWN");
  listing.add_detail("Protect Mode:", "None");
  listing.add_detail("Location:", partition.location);
  listing.add_heading("Partition Parameters:");
  listing.add_blank();
  add_storage_details(listing, table);
}

void add_formatted_details(Listing& listing, const CatalogTable& table) {
  listing.add_blank();
  listing.add_heading("# Detailed Table Information");
  listing.add_detail("Database:", table.database);
  listing.add_detail("CreateTime:", create_time(table));
  listing.add_detail("LastAccessTime:", "UNKNOWN");
  listing.add_detail("Protect Mode:", "None");
  listing.add_detail("Retention:", "0");
  if (table.kind != TableKind::kView) listing.add_detail("Location:", table.location);
  listing.add_detail("Table Type:", std::string(table_type(table)));
  listing.add_heading("Table Parameters:");
  if (table.kind != TableKind::kView) listing.add_property("EXTERNAL", "TRUE");
  for (const auto& [key, value] : sorted_properties(table.table_properties))
    listing.add_property(key, value);
  listing.add_blank();
  if (table.kind == TableKind::kView) {
    listing.add_heading("# View Information");
    listing.add_detail("View Original Text:", table.view_text);
    return;
  }
  add_storage_details(listing, table);
}

std::string parameters_text(const CatalogProperties& properties) {
  std::string out = "{";
  for (const auto& [key, value] : sorted_properties(properties))
    out += fmt::format("{}{}={}", out == "{" ? "" : ", ", key, value);
  return out + "}";
}

std::string storage_text(const CatalogTable& table, std::string_view location) {
  return fmt::format(
      "location:{}, inputFormat:{}, outputFormat:{}, numBuckets:{}, "
      "serdeInfo:SerDeInfo(serializationLib:{}, parameters:{}), bucketCols:{}, ",
      location, table.input_format, table.output_format, num_buckets(table), table.serde_class,
      parameters_text(table.serde_properties), bucket_columns(table));
}

// EXTENDED tells the same on one line.
void add_extended_details(Listing& listing, const CatalogTable& table,
                          const DescribedPartition& partition) {
  listing.add_blank();
  listing.add_line("Detailed Partition Information",
                   fmt::format("Partition(values:{}, dbName:{}, tableName:{}, {}parameters:{{}})",
                               values_text(partition), table.database, table.name,
                               storage_text(table, partition.location)));
}

void add_extended_details(Listing& listing, const CatalogTable& table) {
  listing.add_blank();
  const std::string storage =
      table.kind == TableKind::kView ? "" : storage_text(table, table.location);
  listing.add_line(
      "Detailed Table Information",
      fmt::format("Table(tableName:{}, dbName:{}, createTime:{}, {}parameters:{}, tableType:{})",
                  table.name, table.database, table.created_at_ms / 1000, storage,
                  parameters_text(table.table_properties), table_type(table)));
}

const CatalogColumn* find_column(const CatalogTable& table, std::string_view name) {
  for (const auto* columns : {&table.columns, &table.partition_columns}) {
    for (const CatalogColumn& column : *columns) {
      if (column.name == name) return &column;
    }
  }
  return nullptr;
}

// The texts of Hive's object inspectors: what a struct, or the table, has instead.
QueryError no_such_field(const Identifier& name, const std::vector<std::string>& fields) {
  std::string all;
  for (size_t i = 0; i < fields.size(); ++i)
    all += fmt::format("{}{}:{}", i == 0 ? "" : ", ", i, fields[i]);
  const std::string lower = to_lower_ascii(name.value);
  return hive_execution_error(ErrorCode::kColumnNotFound, name.location,
                              fmt::format("cannot find field {} from [{}]", lower, all),
                              did_you_mean(lower, fields));
}

// Returns the type of the part `name` of a value of type `type`.
Type part_of(const Type& type, const Identifier& name) {
  const std::string lower = to_lower_ascii(name.value);
  if (type.is(TypeKind::kArray) && lower == kElementPart) return type.element();
  if (type.is(TypeKind::kMap) && lower == kKeyPart) return type.key();
  if (type.is(TypeKind::kMap) && lower == kValuePart) return type.value();
  if (!type.is(TypeKind::kRow)) {
    throw hive_execution_error(ErrorCode::kColumnNotFound, name.location,
                               fmt::format("Unknown type for {}", lower));
  }
  std::vector<std::string> names;
  for (const RowField& field : type.fields()) {
    names.push_back(field.name.value_or(""));
    if (names.back() == lower) return field.type;
  }
  throw no_such_field(name, names);
}

std::string comment_of(const CatalogColumn& column, const std::string& path) {
  if (path.empty()) return column.comment.value_or("");
  for (const auto& [commented, comment] : column.field_comments) {
    if (commented == path) return comment;
  }
  return {};
}

}  // namespace

std::unique_ptr<QueryRun> describe_table(const CatalogTable& table,
                                         const std::optional<DescribedPartition>& partition,
                                         DescribeDetail detail, ListingForm form) {
  Listing listing(form);
  const bool is_view = table.kind == TableKind::kView;
  if (is_view && detail == DescribeDetail::kColumns) {
    for (const CatalogColumn& column : table.columns)
      listing.add_unpadded(column.name, column.type.display());
    return listing.run({"column", "type"});
  }
  const bool formatted = detail == DescribeDetail::kFormatted;
  if (formatted) {
    listing.add_column_heading();
    listing.add_blank();
  }
  add_columns(listing, table.columns);
  if (!formatted) add_columns(listing, table.partition_columns);
  add_partition_columns(listing, table);
  const bool extended = detail == DescribeDetail::kExtended;
  if (partition) {
    if (formatted) add_formatted_details(listing, table, *partition);
    if (extended) add_extended_details(listing, table, *partition);
  } else {
    if (formatted) add_formatted_details(listing, table);
    if (extended) add_extended_details(listing, table);
  }
  return listing.run({"col_name", "data_type", "comment"});
}

std::unique_ptr<QueryRun> describe_column(const CatalogTable& table,
                                          const std::vector<Identifier>& path, ListingForm form) {
  const CatalogColumn* column = find_column(table, to_lower_ascii(path[0].value));
  if (column == nullptr) {
    std::vector<std::string> names;
    for (const auto* columns : {&table.columns, &table.partition_columns}) {
      for (const CatalogColumn& known : *columns) names.push_back(known.name);
    }
    throw no_such_field(path[0], names);
  }
  Type type = column->type;
  std::string inner;
  for (size_t i = 1; i < path.size(); ++i) {
    type = part_of(type, path[i]);
    inner = inner_path(inner, to_lower_ascii(path[i].value));
  }
  Listing listing(form);
  if (type.is(TypeKind::kRow) && path.size() > 1) {
    for (const RowField& field : type.fields()) {
      const std::string name = field.name.value_or("");
      listing.add_column(name, field.type.hive_name(),
                         comment_of(*column, inner_path(inner, name)));
    }
  } else {
    listing.add_column(to_lower_ascii(path.back().value), type.hive_name(),
                       comment_of(*column, inner));
  }
  return listing.run({"col_name", "data_type", "comment"});
}

std::unique_ptr<QueryRun> show_columns(const CatalogTable& table, ListingForm form) {
  if (table.kind == TableKind::kView)
    return describe_table(table, std::nullopt, DescribeDetail::kColumns, form);
  TextRows rows;
  const bool pads = form == ListingForm::kLines;
  for (const auto* columns : {&table.columns, &table.partition_columns}) {
    for (const CatalogColumn& column : *columns)
      rows.push_back({pads ? padded(column.name) : column.name});
  }
  return make_listing_run({"field"}, std::move(rows));
}

}  // namespace trailsql
