#include "catalog/catalog_schema.h"

#include <fmt/core.h>

#include <array>
#include <iterator>

namespace trailsql {
namespace {

// SQLite's field for the kind of file: "Trai".
constexpr int64_t kApplicationId = 0x54726169;

constexpr const char* kVersion1 = R"sql(
CREATE TABLE databases (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  comment TEXT,
  location TEXT
) STRICT;

CREATE TABLE database_properties (
  database_id INTEGER NOT NULL REFERENCES databases (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (database_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tables (
  id INTEGER PRIMARY KEY,
  database_id INTEGER NOT NULL REFERENCES databases (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('EXTERNAL_TABLE', 'VIRTUAL_VIEW')),
  comment TEXT,
  serde_class TEXT NOT NULL,
  stored_as TEXT NOT NULL,
  input_format TEXT NOT NULL,
  output_format TEXT NOT NULL,
  location TEXT NOT NULL,
  view_text TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  UNIQUE (database_id, name)
) STRICT;

CREATE TABLE columns (
  table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
  is_partition_key INTEGER NOT NULL CHECK (is_partition_key IN (0, 1)),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  comment TEXT,
  PRIMARY KEY (table_id, is_partition_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE table_properties (
  table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('SERDE', 'TABLE')),
  position INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (table_id, kind, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE location_maps (
  url_prefix TEXT PRIMARY KEY,
  local_path TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO databases (name) VALUES ('default');
)sql";

constexpr const char* kVersion2 = R"sql(
CREATE TABLE prepared_statements (
  name TEXT PRIMARY KEY,
  statement TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion3 = R"sql(
CREATE TABLE partitions (
  table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  location TEXT,
  PRIMARY KEY (table_id, name)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion4 = R"sql(
CREATE TABLE trail_locations (
  database_id INTEGER NOT NULL REFERENCES databases (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (database_id, position)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion5 = R"sql(
CREATE TABLE field_comments (
  table_id INTEGER NOT NULL,
  is_partition_key INTEGER NOT NULL,
  column_position INTEGER NOT NULL,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  comment TEXT NOT NULL,
  PRIMARY KEY (table_id, is_partition_key, column_position, position),
  FOREIGN KEY (table_id, is_partition_key, column_position)
    REFERENCES columns (table_id, is_partition_key, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE bucket_columns (
  table_id INTEGER NOT NULL REFERENCES tables (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (table_id, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE tables ADD COLUMN num_buckets INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tables ADD COLUMN view_database TEXT NOT NULL DEFAULT '';
)sql";

constexpr const char* kVersion6 = R"sql(
ALTER TABLE tables ADD COLUMN is_managed INTEGER NOT NULL DEFAULT 0 CHECK (is_managed IN (0, 1));

CREATE TABLE folders (
  path TEXT PRIMARY KEY,
  use TEXT NOT NULL CHECK (use IN ('LOGS', 'WRITTEN'))
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion7 = R"sql(
CREATE TABLE moves (
  source TEXT PRIMARY KEY,
  target TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dropped_folders (
  path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kVersion8 = R"sql(
CREATE TABLE listings (
  folder TEXT NOT NULL,
  first_key TEXT NOT NULL,
  end_key TEXT NOT NULL,
  objects BLOB NOT NULL,
  PRIMARY KEY (folder, first_key)
) STRICT, WITHOUT ROWID;
)sql";

// Step i makes version i + 1 of version i.
constexpr std::array kSteps = {kVersion1, kVersion2, kVersion3, kVersion4,
                               kVersion5, kVersion6, kVersion7, kVersion8};
static_assert(std::size(kSteps) == kCatalogVersion);

int64_t read_number(SqliteDatabase& database, const char* sql) {
  SqliteStatement statement = database.statement(sql);
  statement.step();
  return statement.number(0);
}

// Returns the file's version; 0 for an empty file. Call inside a transaction.
int64_t read_version(SqliteDatabase& database) {
  const int64_t version = read_number(database, "PRAGMA user_version");
  const int64_t application_id = read_number(database, "PRAGMA application_id");
  if (application_id == kApplicationId) {
    if (version >= 1 && version <= kCatalogVersion) return version;
    throw database.failure(
        fmt::format("it was written by a newer program (its version is {}, this program knows {}); "
                    "update trailsql, or choose another folder with TRAILSQL_HOME",
                    version, kCatalogVersion));
  }
  if (version == 0 && application_id == 0 &&
      read_number(database, "SELECT count(*) FROM sqlite_schema") == 0) {
    return 0;
  }
  throw database.failure("it is a database of another program");
}

}  // namespace

void prepare_catalog_schema(SqliteDatabase& database) {
  int64_t version_found = 0;
  {
    // One snapshot, as another process may be making the file just now.
    SqliteTransaction transaction(database, SqliteTransaction::Kind::kRead);
    version_found = read_version(database);
  }
  // Only now, so that files of other programs stay as they are.
  database.switch_to_wal();
  if (version_found == kCatalogVersion) return;
  SqliteTransaction transaction(database, SqliteTransaction::Kind::kWrite);
  // Read again: another process may have done it in the meantime.
  for (int64_t version = read_version(database); version < kCatalogVersion; ++version) {
    database.run(kSteps[static_cast<size_t>(version)]);
  }
  database.run(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
  database.run(fmt::format("PRAGMA user_version = {}", kCatalogVersion).c_str());
  transaction.commit();
}

}  // namespace trailsql
