#include "service/ddl_runner.h"

#include <fmt/core.h>

#include <filesystem>
#include <optional>
#include <unordered_set>

#include "analysis/analyzer.h"
#include "analysis/table_name.h"
#include "analysis/type_resolver.h"
#include "base/error.h"
#include "base/text.h"
#include "plan/scan_format.h"
#include "service/listing_run.h"

namespace trailsql {
namespace {

// AWS: names of databases, tables and columns have at most 255 characters.
constexpr size_t kMaxNameLength = 255;
constexpr std::string_view kDelimitedSerDe = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe";

void check_name(const Identifier& name) {
  if (!name.value.empty() && num_code_points(name.value) <= kMaxNameLength) return;
  throw semantic_error(ErrorCode::kSyntaxError, name.location, "Names must have 1 to {} characters",
                       kMaxNameLength);
}

void check_distinct(const Identifier& name, std::unordered_set<std::string>& seen,
                    std::string_view what) {
  if (seen.insert(to_lower_ascii(name.value)).second) return;
  throw semantic_error(ErrorCode::kDuplicateColumnName, name.location,
                       "{} '{}' specified more than once", what, to_lower_ascii(name.value));
}

// Fields are found without regard to case, so of two that differ in nothing else one could never
// be read.
void check_distinct_fields(const TypeName& type) {
  std::unordered_set<std::string> seen;
  for (const TypeName::Parameter& parameter : type.parameters) {
    if (parameter.field_name) check_distinct(*parameter.field_name, seen, "Field");
    if (parameter.type) check_distinct_fields(*parameter.type);
  }
}

CatalogColumn catalog_column(const ColumnDefinition& column) {
  check_name(column.name);
  check_distinct_fields(column.type);
  return {to_lower_ascii(column.name.value), resolve_type(column.type), column.comment};
}

/// Puts the properties that Hive uses for ROW FORMAT DELIMITED into the table.
void set_delimited(CatalogTable& table, const DelimitedFormat& format) {
  table.serde_class = kDelimitedSerDe;
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
      table.serde_properties = serde.properties;
    }
  };
  std::visit(Visitor{table}, format);
}

/// STORED AS PARQUET is short for a SerDe and two formats, which is what SHOW CREATE TABLE tells.
/// A SerDe that was named stays.
void expand_parquet(CatalogTable& table) {
  if (!equals_ignoring_case(table.stored_as, "PARQUET")) return;
  if (table.serde_class.empty() || table.serde_class == kDelimitedSerDe)
    table.serde_class = kParquetSerDe;
  table.input_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
  table.output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
}

std::optional<std::string> why_unreadable(const CatalogTable& table) {
  try {
    scan_spec_of(table);
  } catch (const QueryError& error) {
    return error.what();
  }
  return std::nullopt;
}

}  // namespace

void DdlRunner::check_table(const CreateTable& node) const {
  if (!node.external) {
    throw semantic_error(ErrorCode::kNotSupported, statement_.location,
                         "Only external tables can be created: write CREATE EXTERNAL TABLE");
  }
  if (!node.clustered_by.empty()) {
    throw semantic_error(ErrorCode::kNotSupported, node.clustered_by.front().location,
                         "CLUSTERED BY is not supported yet");
  }
  if (node.columns.empty()) {
    throw semantic_error(ErrorCode::kSyntaxError, statement_.location,
                         "At least one column must be specified for the table");
  }
  check_name(node.name.parts.back());
  std::unordered_set<std::string> seen;
  for (const auto* columns : {&node.columns, &node.partitioned_by}) {
    for (const ColumnDefinition& column : *columns) check_distinct(column.name, seen, "Column");
  }
}

std::string DdlRunner::checked_location(const std::string& location) const {
  if (location.empty()) {
    throw semantic_error(ErrorCode::kInvalidTableProperty, statement_.location,
                         "The table has no LOCATION: name the folder of its files, as in LOCATION "
                         "'s3://bucket/prefix/'");
  }
  const std::string normalized = normalize_location(location);
  const bool is_absolute = normalized.starts_with('/') || normalized.starts_with("file:/");
  if (is_absolute || is_s3_location(location)) return location;
  if (normalized.find("://") != std::string::npos) {
    throw semantic_error(ErrorCode::kInvalidTableProperty, statement_.location,
                         "LOCATION '{}' is neither an s3:// URL, a file:/// URL nor an absolute "
                         "path",
                         location);
  }
  throw semantic_error(ErrorCode::kInvalidTableProperty, statement_.location,
                       "LOCATION '{}' is a relative path; write '{}'", location,
                       std::filesystem::absolute(location).lexically_normal().string());
}

std::unique_ptr<QueryRun> DdlRunner::create_table(const CreateTable& node,
                                                  const LocationResolver& resolver) const {
  check_table(node);
  const TableName name = resolve_table_name(node.name, database_);
  CatalogTable table;
  table.database = name.database;
  table.name = name.name;
  for (const ColumnDefinition& column : node.columns) {
    table.columns.push_back(catalog_column(column));
  }
  for (const ColumnDefinition& column : node.partitioned_by) {
    table.partition_columns.push_back(catalog_column(column));
  }
  table.comment = node.comment;
  if (node.row_format) set_row_format(table, *node.row_format);
  table.stored_as = node.stored_as.value_or(node.input_format ? "" : "TEXTFILE");
  table.input_format = node.input_format.value_or("");
  table.output_format = node.output_format.value_or("");
  expand_parquet(table);
  table.location = checked_location(node.location.value_or(""));
  table.table_properties = node.table_properties;
  check_database_exists(catalog_, name.database, node.name.location);
  if (!catalog_.create_table(table, node.if_not_exists)) {
    return make_message_run(fmt::format("Table {} exists already", name.display()));
  }
  std::string message = fmt::format("Table {} was created", name.display());
  if (const std::optional<std::string> reason = why_unreadable(table)) {
    message += ". " + *reason;
  } else if (!resolver.is_mapped(table.location)) {
    message += "; to query it, map its location: " + map_command_for(table.location);
  }
  return make_message_run(std::move(message));
}

namespace {

/// Changes one table as ALTER TABLE says.
struct TableChanger {
  CatalogTable& table;

  void operator()(const AlterTable::AddColumns& change) const { add(change.columns); }
  void operator()(const AlterTable::ReplaceColumns& change) const {
    table.columns.clear();
    add(change.columns);
  }
  void operator()(const AlterTable::SetLocation& change) const {
    table.location = change.location;
    table.is_managed = false;  // what lies there is not for this program to remove
  }
  void operator()(const AlterTable::SetProperties& change) const {
    set_properties(table.table_properties, change.properties);
  }

 private:
  void add(const std::vector<ColumnDefinition>& columns) const {
    std::unordered_set<std::string> seen;
    for (const auto* known : {&table.columns, &table.partition_columns}) {
      for (const CatalogColumn& column : *known) seen.insert(column.name);
    }
    for (const ColumnDefinition& column : columns) {
      check_distinct(column.name, seen, "Column");
      table.columns.push_back(catalog_column(column));
    }
  }
};

}  // namespace

std::unique_ptr<QueryRun> DdlRunner::alter_table(const AlterTable& node) const {
  const TableName name = resolve_table_name(node.name, database_);
  if (find_table_or_throw(catalog_, name, node.name.location)->kind == TableKind::kView) {
    throw semantic_error(ErrorCode::kGenericUserError, node.name.location,
                         "'{}' is a view; ALTER TABLE changes tables", name.display());
  }
  const auto& change = std::get<AlterTable::Change>(node.change);
  if (const auto* moved = std::get_if<AlterTable::SetLocation>(&change))
    checked_location(moved->location);
  catalog_.alter_table(name.database, name.name,
                       [&](CatalogTable& table) { std::visit(TableChanger{table}, change); });
  return make_message_run(fmt::format("Table {} was changed", name.display()));
}

std::unique_ptr<QueryRun> DdlRunner::alter_database(const AlterDatabase& node) const {
  const std::string name = to_lower_ascii(node.name.value);
  check_database_exists(catalog_, name, node.name.location);
  catalog_.set_database_properties(name, node.properties);
  return make_message_run(fmt::format("Database {} was changed", name));
}

std::unique_ptr<QueryRun> DdlRunner::create_database(const CreateDatabase& node) const {
  check_name(node.name);
  CatalogDatabase database;
  database.name = to_lower_ascii(node.name.value);
  database.comment = node.comment;
  database.location = node.location;
  database.properties = node.properties;
  const bool created = catalog_.create_database(database, node.if_not_exists);
  return make_message_run(
      fmt::format("Database {} {}", database.name, created ? "was created" : "exists already"));
}

std::unique_ptr<QueryRun> DdlRunner::drop_database(const DropDatabase& node) const {
  const std::string name = to_lower_ascii(node.name.value);
  if (!node.if_exists) check_database_exists(catalog_, name, node.name.location);
  const bool dropped = catalog_.drop_database(name, node.if_exists, node.cascade);
  return make_message_run(
      fmt::format("Database {} {}", name, dropped ? "was dropped" : "does not exist"));
}

std::unique_ptr<QueryRun> DdlRunner::drop(const QualifiedName& written_name, TableKind kind,
                                          bool if_exists) const {
  const TableName name = resolve_table_name(written_name, database_);
  if (!if_exists) find_table_or_throw(catalog_, name, written_name.location);
  const bool dropped = catalog_.drop_table(name.database, name.name, kind, if_exists);
  return make_message_run(fmt::format("{} {} {}", kind == TableKind::kView ? "View" : "Table",
                                      name.display(), dropped ? "was dropped" : "does not exist"));
}

std::unique_ptr<QueryRun> DdlRunner::drop_table(const DropTable& node) const {
  return drop(node.name, TableKind::kExternal, node.if_exists);
}

std::unique_ptr<QueryRun> DdlRunner::drop_view(const DropView& node) const {
  return drop(node.name, TableKind::kView, node.if_exists);
}

std::unique_ptr<QueryRun> DdlRunner::create_view(const CreateView& node, int64_t now_us) const {
  check_name(node.name.parts.back());
  const TableName name = resolve_table_name(node.name, database_);
  check_database_exists(catalog_, name.database, node.name.location);
  AnalysisOptions options;
  options.database = database_;
  options.start_time_us = now_us;
  const std::unique_ptr<const Analysis> analysis =
      analyze_query(*node.query, statement_.num_nodes, catalog_, options);
  CatalogTable view;
  view.database = name.database;
  view.name = name.name;
  view.kind = TableKind::kView;
  view.view_text = node.query_text;
  std::unordered_set<std::string> seen;
  for (const OutputField& output : analysis->queries[analysis->root].outputs) {
    if (!output.name) {
      throw semantic_error(ErrorCode::kMissingColumnName, node.query->location,
                           "Column name not specified at position {}", view.columns.size() + 1);
    }
    const std::string column = to_lower_ascii(*output.name);
    if (!seen.insert(column).second) {
      throw semantic_error(ErrorCode::kDuplicateColumnName, node.query->location,
                           "Column name '{}' specified more than once", column);
    }
    view.columns.push_back({column, output.type, std::nullopt});
  }
  catalog_.create_view(view, node.or_replace);
  return make_message_run(fmt::format("View {} was created", name.display()));
}

}  // namespace trailsql
