#include "service/show_runner.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>

#include "analysis/table_name.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/trail_tables.h"
#include "functions/function.h"
#include "service/create_table_text.h"
#include "service/listing_run.h"
#include "service/name_pattern.h"
#include "service/trail_ddl.h"

namespace trailsql {
namespace {

// Tables spell types as Hive does, views as Trino does, since their types may be unknown to Hive.
std::string type_text(const CatalogTable& table, const Type& type) {
  return table.kind == TableKind::kView ? type.display() : type.hive_name();
}

void append_columns(TextRows& rows, const CatalogTable& table,
                    const std::vector<CatalogColumn>& columns) {
  for (const CatalogColumn& column : columns) {
    rows.push_back({column.name, type_text(table, column.type), column.comment.value_or("")});
  }
}

void append_details(TextRows& rows, const CatalogTable& table) {
  const auto add = [&](std::string_view label, const std::string& value) {
    rows.push_back({std::string(label), value, ""});
  };
  add("", "");
  add("# Detailed Table Information", "");
  add("Database:", table.database);
  const auto created_at = static_cast<std::time_t>(table.created_at_ms / 1000);
  add("CreateTime:", fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(created_at)));
  add("Table Type:", table.kind == TableKind::kView ? "VIRTUAL_VIEW" : "EXTERNAL_TABLE");
  if (table.kind == TableKind::kView) {
    add("View Original Text:", table.view_text);
    return;
  }
  add("Location:", table.location);
  add("SerDe Library:", table.serde_class);
  add("Stored As:", table.stored_as.empty() ? table.input_format : table.stored_as);
  for (const auto& [key, value] : table.serde_properties) add("SerDe Parameter " + key, value);
  for (const auto& [key, value] : table.table_properties) add("Table Parameter " + key, value);
}

}  // namespace

std::shared_ptr<const CatalogTable> ShowRunner::find(const QualifiedName& name) const {
  return find_table_or_throw(catalog_, resolve_table_name(name, database_), name.location);
}

std::string ShowRunner::database_of(const std::optional<Identifier>& name) const {
  const std::string database = to_lower_ascii(name ? name->value : database_);
  check_database_exists(catalog_, database, name ? name->location : statement_.location);
  return database;
}

std::unique_ptr<QueryRun> ShowRunner::databases(const ShowDatabases& node) const {
  TextRows rows;
  for (const std::string& name : catalog_.database_names()) {
    if (!node.pattern || matches_show_pattern(*node.pattern, name)) rows.push_back({name});
  }
  return make_listing_run({"database_name"}, std::move(rows));
}

std::unique_ptr<QueryRun> ShowRunner::tables(const ShowTables& node) const {
  TextRows rows;
  for (const std::string& name : catalog_.table_names(database_of(node.database))) {
    if (!node.pattern || matches_show_pattern(*node.pattern, name)) rows.push_back({name});
  }
  return make_listing_run({"tab_name"}, std::move(rows));
}

std::unique_ptr<QueryRun> ShowRunner::views(const ShowViews& node) const {
  const std::string database = database_of(node.database);
  TextRows rows;
  for (const std::string& name : catalog_.table_names(database)) {
    if (node.pattern && !matches_show_pattern(*node.pattern, name)) continue;
    const std::shared_ptr<const CatalogTable> table = catalog_.find_table(database, name);
    if (table && table->kind == TableKind::kView) rows.push_back({name});
  }
  return make_listing_run({"views"}, std::move(rows));
}

std::unique_ptr<QueryRun> ShowRunner::columns(const ShowColumns& node) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  TextRows rows;
  for (const CatalogColumn& column : table->columns) rows.push_back({column.name});
  for (const CatalogColumn& column : table->partition_columns) rows.push_back({column.name});
  return make_listing_run({"field"}, std::move(rows));
}

std::unique_ptr<QueryRun> ShowRunner::create_table(const ShowCreateTable& node,
                                                   const LocationResolver& resolver,
                                                   const Cancellation& cancellation) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  if (table->kind == TableKind::kView) {
    throw semantic_error(ErrorCode::kNotSupported, node.table.location,
                         "'{}.{}' is a view, not a table; SHOW CREATE VIEW shows it",
                         table->database, table->name);
  }
  const bool is_ready_made = is_trail_table(*table);
  return make_text_run(
      "createtab_stmt",
      create_table_text(is_ready_made ? athena_table_of(*table, resolver, cancellation) : *table));
}

std::unique_ptr<QueryRun> ShowRunner::create_view(const ShowCreateView& node) const {
  const std::shared_ptr<const CatalogTable> view = find(node.view);
  if (view->kind != TableKind::kView) {
    throw semantic_error(ErrorCode::kNotSupported, node.view.location,
                         "'{}.{}' is a table, not a view; SHOW CREATE TABLE shows it",
                         view->database, view->name);
  }
  return make_text_run("Create View",
                       fmt::format("CREATE VIEW {} AS\n{}", view->name, view->view_text));
}

std::unique_ptr<QueryRun> ShowRunner::table_properties(const ShowTableProperties& node) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  TextRows rows;
  for (const auto& [key, value] : table->table_properties) {
    if (!node.key || *node.key == key) rows.push_back({key, value});
  }
  if (node.key && rows.empty()) {
    rows.push_back({*node.key, fmt::format("Table {}.{} does not have property: {}",
                                           table->database, table->name, *node.key)});
  }
  return make_listing_run({"prpt_name", "prpt_value"}, std::move(rows));
}

std::unique_ptr<QueryRun> ShowRunner::functions(const ShowFunctions& node) const {
  TextRows rows;
  for (const FunctionEntry* entry : all_functions()) {
    const std::string name(entry->name);
    if (name.starts_with('$')) continue;
    if (node.pattern && !matches_like_pattern(*node.pattern, name)) continue;
    const size_t arrow = entry->signature.find(" -> ");
    const std::string_view arguments = entry->signature.substr(0, arrow);
    const std::string_view result =
        arrow == std::string_view::npos ? std::string_view() : entry->signature.substr(arrow + 4);
    std::string argument_text(arguments);
    if (argument_text.starts_with('(') && argument_text.ends_with(')')) {
      argument_text = argument_text.substr(1, argument_text.size() - 2);
    }
    const std::string_view kind = entry->kind == FunctionKind::kScalar      ? "scalar"
                                  : entry->kind == FunctionKind::kAggregate ? "aggregate"
                                                                            : "window";
    rows.push_back({name, std::string(result), std::move(argument_text), std::string(kind),
                    entry->deterministic ? "true" : "false", std::string(entry->doc)});
  }
  // The two that analysis answers itself.
  const TextRows analyzed = {
      {"now", "timestamp(3) with time zone", "", "scalar", "true",
       "The time at which the query began."},
      {"typeof", "varchar", "T", "scalar", "true", "Returns the name of a value's type."}};
  for (const auto& row : analyzed) {
    if (!node.pattern || matches_like_pattern(*node.pattern, *row[0])) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end());
  return make_listing_run({"Function", "Return Type", "Argument Types", "Function Type",
                           "Deterministic", "Description"},
                          std::move(rows));
}

std::unique_ptr<QueryRun> ShowRunner::describe(const Describe& node) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  TextRows rows;
  append_columns(rows, *table, table->columns);
  append_columns(rows, *table, table->partition_columns);
  if (!table->partition_columns.empty()) {
    rows.push_back({"", "", ""});
    rows.push_back({"# Partition Information", "", ""});
    rows.push_back({"# col_name", "data_type", "comment"});
    append_columns(rows, *table, table->partition_columns);
  }
  if (node.extended || node.formatted) append_details(rows, *table);
  return make_listing_run({"col_name", "data_type", "comment"}, std::move(rows));
}

}  // namespace trailsql
