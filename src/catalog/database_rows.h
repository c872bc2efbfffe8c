// Databases as rows of the catalog's file. Inside transactions of the caller.
#pragma once

#include <cstdint>

#include "catalog/metadata.h"
#include "catalog/sqlite_database.h"

namespace trailsql {

/// Reads the properties of a database, in their order.
CatalogProperties read_database_properties(SqliteDatabase& database, int64_t database_id);
/// Writes the properties of a database that has none.
void write_database_properties(SqliteDatabase& database, int64_t database_id,
                               const CatalogProperties& properties);
/// Adds properties, or sets those that the database has already.
void change_database_properties(SqliteDatabase& database, int64_t database_id,
                                const CatalogProperties& changes);

}  // namespace trailsql
