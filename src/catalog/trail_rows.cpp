#include "catalog/trail_rows.h"

#include <algorithm>

#include "catalog/catalog.h"
#include "catalog/database_rows.h"

namespace trailsql {

std::vector<Trail> read_trails(SqliteDatabase& database) {
  std::vector<Trail> trails;
  std::vector<int64_t> ids;  // of their databases
  {
    SqliteStatement statement = database.statement(
        "SELECT d.id, d.name, l.location FROM trail_locations l JOIN databases d "
        "ON d.id = l.database_id ORDER BY d.name, l.position");
    while (statement.step()) {
      if (ids.empty() || ids.back() != statement.number(0)) {
        ids.push_back(statement.number(0));
        trails.push_back({statement.text(1), {}, {}});
      }
      trails.back().locations.push_back(statement.text(2));
    }
  }
  for (size_t i = 0; i < trails.size(); ++i)
    trails[i].properties = read_database_properties(database, ids[i]);
  return trails;
}

std::optional<Trail> read_trail(SqliteDatabase& database, std::string_view name) {
  for (Trail& trail : read_trails(database)) {
    if (trail.name == name) return std::move(trail);
  }
  return std::nullopt;
}

std::optional<Trail> trail_of_database(SqliteDatabase& database, std::string_view name) {
  if (name != Catalog::kDefaultDatabase) return read_trail(database, name);
  std::vector<Trail> trails = read_trails(database);
  if (trails.size() != 1) return std::nullopt;
  return std::move(trails.front());
}

void add_trail_locations(SqliteDatabase& database, int64_t database_id,
                         const std::vector<std::string>& locations) {
  std::vector<std::string> known;
  {
    SqliteStatement statement = database.statement(
        "SELECT location FROM trail_locations WHERE database_id = ? ORDER BY position");
    statement.bind(database_id);
    while (statement.step()) known.push_back(statement.text(0));
  }
  for (const std::string& location : locations) {
    if (std::find(known.begin(), known.end(), location) != known.end()) continue;
    database
        .statement("INSERT INTO trail_locations (database_id, position, location) VALUES (?, ?, ?)")
        .bind(database_id)
        .bind(static_cast<int64_t>(known.size()))
        .bind(location)
        .run();
    known.push_back(location);
  }
}

}  // namespace trailsql
