#include "catalog/trail_rows.h"

#include <algorithm>

#include "catalog/catalog.h"

namespace trailsql {

std::vector<Trail> read_trails(SqliteDatabase& database) {
  SqliteStatement statement = database.statement(
      "SELECT d.name, l.location FROM trail_locations l JOIN databases d ON d.id = l.database_id "
      "ORDER BY d.name, l.position");
  std::vector<Trail> trails;
  while (statement.step()) {
    if (trails.empty() || trails.back().name != statement.text(0))
      trails.push_back({statement.text(0), {}, {}});
    trails.back().locations.push_back(statement.text(1));
  }
  for (Trail& trail : trails) {
    SqliteStatement properties = database.statement(
        "SELECT p.key, p.value FROM database_properties p JOIN databases d ON d.id = p.database_id "
        "WHERE d.name = ? ORDER BY p.position");
    properties.bind(trail.name);
    while (properties.step()) trail.properties.emplace_back(properties.text(0), properties.text(1));
  }
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
