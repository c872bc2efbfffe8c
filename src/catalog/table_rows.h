// Tables and views as rows of the catalog's file.
#pragma once

#include <optional>
#include <string_view>

#include "catalog/metadata.h"
#include "catalog/sqlite_database.h"

namespace trailsql {

/// Names a table's row.
struct TableRow {
  int64_t id = 0;
  TableKind kind = TableKind::kExternal;
};

/// Finds a table or view. Both names in lower case.
std::optional<TableRow> find_table_row(SqliteDatabase& database, std::string_view database_name,
                                       std::string_view name);
/// Reads the whole table with this id. The location of a managed table is written down relative to
/// the folder of the database's file, so that a home can be moved, and read as an absolute path.
CatalogTable read_table(SqliteDatabase& database, int64_t table_id);
/// Writes a new table into the database with this id, inside a transaction of the caller. Throws
/// NOT_SUPPORTED for a type that cannot be written down.
void insert_table(SqliteDatabase& database, int64_t database_id, const CatalogTable& table);
/// Writes a table anew over the row with this id; what belongs to the table besides its columns and
/// properties stays. Errors as of insert_table.
void update_table(SqliteDatabase& database, int64_t table_id, const CatalogTable& table);
/// Deletes the table with all that belongs to it.
void delete_table(SqliteDatabase& database, int64_t table_id);

/// Adds partitions to a table inside a transaction of the caller, and returns the number of new
/// ones. Throws ALREADY_EXISTS for one that is there, unless `if_not_exists`.
size_t insert_partitions(SqliteDatabase& database, int64_t table_id,
                         const std::vector<CatalogPartition>& partitions, bool if_not_exists);
/// Forgets partitions by their names and returns how many there were.
size_t delete_partitions(SqliteDatabase& database, int64_t table_id,
                         const std::vector<std::string>& names);

}  // namespace trailsql
