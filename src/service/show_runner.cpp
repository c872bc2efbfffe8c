#include "service/show_runner.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "catalog/information_schema.h"
#include "catalog/trail_tables.h"
#include "functions/function.h"
#include "service/create_table_text.h"
#include "service/describe_listing.h"
#include "service/hive_lookup.h"
#include "service/listing_run.h"
#include "service/name_pattern.h"
#include "service/trail_ddl.h"
#include "syntax/printer.h"

namespace trailsql {

std::shared_ptr<const CatalogTable> ShowRunner::find(const QualifiedName& name) const {
  return find_hive_table(catalog_, name, session_.database);
}

std::string ShowRunner::database_of(const std::optional<QualifiedName>& name) const {
  if (name) return find_hive_database(catalog_, *name);
  require_hive_database(catalog_, session_.database, statement_.location);
  return session_.database;
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
  return show_columns(*find(node.table), session_.listing_form);
}

std::unique_ptr<QueryRun> ShowRunner::create_table(
    const ShowCreateTable& node, const LocationResolver& resolver,
    const std::function<std::shared_ptr<const FileStore>(const CatalogTable&)>& store_of,
    const Cancellation& cancellation) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  if (is_in_information_schema(*table) || !table->partitions_of.empty()) {
    throw semantic_error(ErrorCode::kNotSupported, node.table.location,
                         "'{}.{}' is made by no statement", table->database, table->name);
  }
  if (table->kind == TableKind::kView) {
    throw semantic_error(ErrorCode::kNotSupported, node.table.location,
                         "'{}.{}' is a view, not a table; SHOW CREATE VIEW shows it",
                         table->database, table->name);
  }
  if (!is_trail_table(*table)) return make_text_run("createtab_stmt", create_table_text(*table));
  AthenaTable declared = athena_table_of(*table, resolver, *store_of(*table), cancellation);
  return make_text_run("createtab_stmt", create_table_text(declared.table),
                       std::move(declared.advice));
}

std::unique_ptr<QueryRun> ShowRunner::create_view(const ShowCreateView& node) const {
  const std::shared_ptr<const CatalogTable> view = find(node.view);
  if (view->kind != TableKind::kView) {
    throw semantic_error(ErrorCode::kNotSupported, node.view.location,
                         "'{}.{}' is a table, not a view; SHOW CREATE TABLE shows it",
                         view->database, view->name);
  }
  std::string text = "CREATE VIEW ";
  append_identifier(text, {view->name, !is_plain_word(view->name), {}});
  return make_text_run("create view", text + " AS\n" + view->view_text);
}

std::unique_ptr<QueryRun> ShowRunner::table_properties(const ShowTableProperties& node) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  TextRows rows;
  for (const auto& [key, value] : sorted_properties(table->table_properties)) {
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

std::unique_ptr<QueryRun> ShowRunner::describe(
    const Describe& node, const std::optional<DescribedPartition>& partition) const {
  const std::shared_ptr<const CatalogTable> table = find(node.table);
  if (!node.column_path.empty())
    return describe_column(*table, node.column_path, session_.listing_form);
  const DescribeDetail detail = node.extended    ? DescribeDetail::kExtended
                                : node.formatted ? DescribeDetail::kFormatted
                                                 : DescribeDetail::kColumns;
  return describe_table(*table, partition, detail, session_.listing_form);
}

}  // namespace trailsql
