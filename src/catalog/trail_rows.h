// Trails as rows of the catalog's file. Inside transactions of the caller.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/sqlite_database.h"
#include "catalog/trail_tables.h"

namespace trailsql {

/// Reads the trail of that name (lower case).
std::optional<Trail> read_trail(SqliteDatabase& database, std::string_view name);
/// Reads all trails, sorted by name.
std::vector<Trail> read_trails(SqliteDatabase& database);
/// Reads the trail whose tables stand in a database: that of its name, or in `default` the only
/// one.
std::optional<Trail> trail_of_database(SqliteDatabase& database, std::string_view name);
/// Appends locations to a trail; those that it has already stay once.
void add_trail_locations(SqliteDatabase& database, int64_t database_id,
                         const std::vector<std::string>& locations);

}  // namespace trailsql
