#include "catalog/database_rows.h"

namespace trailsql {

CatalogProperties read_database_properties(SqliteDatabase& database, int64_t database_id) {
  SqliteStatement statement = database.statement(
      "SELECT key, value FROM database_properties WHERE database_id = ? ORDER BY position");
  statement.bind(database_id);
  CatalogProperties properties;
  while (statement.step()) properties.emplace_back(statement.text(0), statement.text(1));
  return properties;
}

void write_database_properties(SqliteDatabase& database, int64_t database_id,
                               const CatalogProperties& properties) {
  SqliteStatement statement = database.statement(
      "INSERT INTO database_properties (database_id, position, key, value) VALUES (?, ?, ?, ?)");
  int64_t position = 0;
  for (const auto& [key, value] : properties)
    statement.bind(database_id).bind(position++).bind(key).bind(value).run();
}

void change_database_properties(SqliteDatabase& database, int64_t database_id,
                                const CatalogProperties& changes) {
  CatalogProperties all = read_database_properties(database, database_id);
  set_properties(all, changes);
  database.statement("DELETE FROM database_properties WHERE database_id = ?")
      .bind(database_id)
      .run();
  write_database_properties(database, database_id, all);
}

}  // namespace trailsql
