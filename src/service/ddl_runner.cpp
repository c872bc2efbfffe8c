#include "service/ddl_runner.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "analysis/analyzer.h"
#include "analysis/table_name.h"
#include "base/error.h"
#include "base/text.h"
#include "plan/scan_format.h"
#include "service/column_definition.h"
#include "service/hive_lookup.h"
#include "service/listing_run.h"
#include "service/table_definition.h"

namespace trailsql {
namespace {

std::optional<std::string> why_unreadable(const CatalogTable& table) {
  try {
    scan_spec_of(table);
  } catch (const QueryError& error) {
    return error.what();
  }
  return std::nullopt;
}

/// Does `change`; what the catalog refuses with `code` is told in Hive's words.
template <typename MakeError, typename Change>
auto with_hive_text(ErrorCode code, const MakeError& hive_text, const Change& change) {
  try {
    return change();
  } catch (const QueryError& error) {
    if (error.code() != code) throw;
    throw hive_text();
  }
}

}  // namespace

std::unique_ptr<QueryRun> DdlRunner::create_table(const CreateTable& node,
                                                  const LocationResolver& resolver) const {
  const TableName name = resolve_table_name(node.name, database_);
  refuse_information_schema(name.database, node.name.location);
  const CatalogTable table = define_table(node, name.database, statement_.location, resolver);
  require_hive_database(catalog_, name.database, node.name.location);
  const auto already_exists = [&] {
    return hive_execution_error(
        ErrorCode::kTableAlreadyExists, node.name.location,
        fmt::format("AlreadyExistsException(message:Table {} already exists)", name.name));
  };
  if (!with_hive_text(ErrorCode::kTableAlreadyExists, already_exists,
                      [&] { return catalog_.create_table(table, node.if_not_exists); })) {
    return make_message_run(fmt::format("Table {} exists already", name.display()));
  }
  std::string message = fmt::format("Table {} was created", name.display());
  if (const std::optional<std::string> reason = why_unreadable(table)) {
    message += ". " + *reason;
  } else if (!resolver.is_mapped(table.location)) {
    message += "; it is read from its bucket, or from a copy: " + map_command_for(table.location);
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
    const auto is_gone = [&](const std::string& name) {
      return std::ranges::none_of(table.columns,
                                  [&](const CatalogColumn& column) { return column.name == name; });
    };
    if (!std::ranges::any_of(table.bucket_columns, is_gone)) return;
    table.bucket_columns.clear();
    table.num_buckets = 0;
  }
  void operator()(const AlterTable::SetLocation& change) const {
    table.location = change.location;
    // What lies there is not for this program to remove, nor any more what lies where it was.
    table.is_managed = false;
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
      check_distinct_column(column.name, seen);
      table.columns.push_back(catalog_column(column));
    }
  }
};

}  // namespace

std::unique_ptr<QueryRun> DdlRunner::alter_table(const AlterTable& node,
                                                 const LocationResolver& resolver) const {
  const auto table = find_changeable_table(catalog_, node.name, database_);
  const std::string name = table->database + "." + table->name;
  refuse_information_schema(table->database, node.name.location);
  if (table->kind == TableKind::kView) {
    throw semantic_error(ErrorCode::kGenericUserError, node.name.location,
                         "'{}' is a view; ALTER TABLE changes tables", name);
  }
  const auto& change = std::get<AlterTable::Change>(node.change);
  if (const auto* moved = std::get_if<AlterTable::SetLocation>(&change))
    check_table_location(moved->location, statement_.location, resolver);
  catalog_.alter_table(table->database, table->name,
                       [&](CatalogTable& changed) { std::visit(TableChanger{changed}, change); });
  return make_message_run(fmt::format("Table {} was changed", name));
}

std::unique_ptr<QueryRun> DdlRunner::alter_database(const AlterDatabase& node) const {
  const std::string name = find_hive_database(catalog_, node.name);
  refuse_information_schema(name, node.name.location);
  catalog_.set_database_properties(name, node.properties);
  return make_message_run(fmt::format("Database {} was changed", name));
}

std::unique_ptr<QueryRun> DdlRunner::create_database(const CreateDatabase& node) const {
  check_name(node.name.parts.back());
  CatalogDatabase database;
  database.name = resolve_database_name(node.name);
  refuse_information_schema(database.name, node.name.location);
  database.comment = node.comment;
  database.location = node.location;
  set_properties(database.properties, node.properties);
  const auto already_exists = [&] {
    return hive_execution_error(ErrorCode::kSchemaAlreadyExists, node.name.location,
                                fmt::format("Database {} already exists", database.name));
  };
  const bool created = with_hive_text(ErrorCode::kSchemaAlreadyExists, already_exists, [&] {
    return catalog_.create_database(database, node.if_not_exists);
  });
  return make_message_run(
      fmt::format("Database {} {}", database.name, created ? "was created" : "exists already"));
}

std::unique_ptr<QueryRun> DdlRunner::drop_database(const DropDatabase& node) const {
  const std::string name = resolve_database_name(node.name);
  refuse_information_schema(name, node.name.location);
  if (!node.if_exists) require_hive_database(catalog_, name, node.name.location);
  if (name == Catalog::kDefaultDatabase) {
    throw hive_execution_error(ErrorCode::kGenericUserError, node.name.location,
                               "MetaException(message:Can not drop default database)");
  }
  const std::vector<Trail> trails = catalog_.trails();
  if (std::ranges::any_of(trails, [&](const Trail& trail) { return trail.name == name; })) {
    throw QueryError(ErrorCode::kNotSupported, node.name.location,
                     fmt::format("Database {} is that of a trail", name),
                     fmt::format("trailsql trail remove {} forgets both", name));
  }
  const auto not_empty = [&] {
    return hive_execution_error(
        ErrorCode::kSchemaNotEmpty, node.name.location,
        fmt::format("InvalidOperationException(message:Database {} is not empty. One or more "
                    "tables exist.)",
                    name),
        "DROP DATABASE … CASCADE drops its tables, too");
  };
  const bool dropped = with_hive_text(ErrorCode::kSchemaNotEmpty, not_empty, [&] {
    return catalog_.drop_database(name, node.if_exists, node.cascade);
  });
  return make_message_run(
      fmt::format("Database {} {}", name, dropped ? "was dropped" : "does not exist"));
}

std::unique_ptr<QueryRun> DdlRunner::drop_table(const DropTable& node) const {
  const TableName name = resolve_table_name(node.name, database_);
  refuse_information_schema(name.database, node.name.location);
  if (!node.if_exists || catalog_.find_table(name.database, name.name))
    find_changeable_table(catalog_, node.name, database_);
  const auto is_view = [&] {
    return hive_execution_error(ErrorCode::kGenericUserError, node.name.location,
                                "Cannot drop a view with DROP TABLE",
                                "write DROP VIEW " + name.display());
  };
  const bool dropped = with_hive_text(ErrorCode::kGenericUserError, is_view, [&] {
    return catalog_.drop_table(name.database, name.name, TableKind::kExternal, node.if_exists);
  });
  return make_message_run(
      fmt::format("Table {} {}", name.display(), dropped ? "was dropped" : "does not exist"));
}

std::unique_ptr<QueryRun> DdlRunner::drop_view(const DropView& node) const {
  const TableName name = resolve_table_name(node.name, database_);
  const bool dropped =
      catalog_.drop_table(name.database, name.name, TableKind::kView, node.if_exists);
  return make_message_run(
      fmt::format("View {} {}", name.display(), dropped ? "was dropped" : "does not exist"));
}

std::unique_ptr<QueryRun> DdlRunner::create_view(const CreateView& node, int64_t now_us) const {
  check_name(node.name.parts.back());
  const TableName name = resolve_table_name(node.name, database_);
  check_database_exists(catalog_, name.database, node.name.location);
  refuse_information_schema(name.database, node.name.location);
  AnalysisOptions options;
  options.database = database_;
  options.start_time_us = now_us;
  options.makes_view = true;
  if (node.or_replace) options.replaced_view = name.display();
  const std::unique_ptr<const Analysis> analysis =
      analyze_query(*node.query, statement_.num_nodes, catalog_, options);
  CatalogTable view;
  view.database = name.database;
  view.name = name.name;
  view.kind = TableKind::kView;
  view.view_text = node.query_text;
  view.comment = node.comment;
  view.view_database = database_;
  std::unordered_set<std::string> seen;
  for (const OutputField& output : analysis->queries[analysis->root].outputs) {
    if (!output.name) {
      throw semantic_error(ErrorCode::kMissingColumnName, statement_.location,
                           "Column name not specified at position {}", view.columns.size() + 1);
    }
    const std::string column = to_lower_ascii(*output.name);
    if (!seen.insert(column).second) {
      throw semantic_error(ErrorCode::kDuplicateColumnName, statement_.location,
                           "Column name '{}' specified more than once", column);
    }
    view.columns.push_back({column, output.type, std::nullopt});
  }
  catalog_.create_view(view, node.or_replace);
  return make_message_run(fmt::format("View {} was created", name.display()));
}

}  // namespace trailsql
