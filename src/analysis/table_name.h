// Names of tables as statements write them → database and table of the catalog.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "catalog/catalog.h"
#include "syntax/node.h"

namespace trailsql {

/// Names a table or view of the catalog, in lower case.
struct TableName {
  std::string database;
  std::string name;
  bool is_bare = false;  // the statement names no database
  bool in_view = false;  // which outlives this run, and so the table of --logs

  /// Returns "database.name", for messages.
  std::string display() const { return database + "." + name; }
};

/// Resolves `t`, `database.t` or `awsdatacatalog.database.t`. Throws CATALOG_NOT_FOUND for another
/// catalog, SYNTAX_ERROR for more than three parts.
TableName resolve_table_name(const QualifiedName& name, std::string_view session_database);

/// Resolves `database` or `awsdatacatalog.database`, in lower case; throws as resolve_table_name.
std::string resolve_database_name(const QualifiedName& name);

/// Finds the table or view; null when there is none. "t$partitions" is the table of t's partitions,
/// as in Athena. A bare name means the table of --logs first,
/// then one of the session's database, then that of the only trail.
std::shared_ptr<const CatalogTable> find_named_table(const Metadata& metadata,
                                                     const TableName& name);

/// Finds the table or view as find_named_table does. Throws SCHEMA_NOT_FOUND and TABLE_NOT_FOUND at
/// the name's place, with the nearest name as a hint.
std::shared_ptr<const CatalogTable> find_table_or_throw(const Metadata& metadata,
                                                        const TableName& name, Location place);

/// Throws SCHEMA_NOT_FOUND with the nearest name as a hint unless the database exists.
void check_database_exists(const Metadata& metadata, std::string_view database, Location place);

}  // namespace trailsql
