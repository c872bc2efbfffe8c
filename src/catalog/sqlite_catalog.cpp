#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/catalog.h"
#include "catalog/catalog_schema.h"
#include "catalog/database_rows.h"
#include "catalog/file_rows.h"
#include "catalog/information_schema.h"
#include "catalog/sqlite_database.h"
#include "catalog/table_rows.h"
#include "catalog/trail_rows.h"

namespace trailsql {
namespace {

using Kind = SqliteTransaction::Kind;

std::vector<std::string> sorted_once(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string_view kind_name(TableKind kind) { return kind == TableKind::kView ? "View" : "Table"; }

class SqliteCatalog : public Catalog {
 public:
  explicit SqliteCatalog(const std::string& path) : database_(path, kBusyTimeoutMs) {
    prepare_catalog_schema(database_);
  }

  std::shared_ptr<const CatalogTable> find_table(std::string_view database,
                                                 std::string_view name) const override {
    if (is_information_schema(database)) return information_schema_table(to_lower_ascii(name));
    const std::string lower_database = to_lower_ascii(database);
    const std::string lower_name = to_lower_ascii(name);
    SqliteTransaction transaction(database_, Kind::kRead);
    const auto row = find_table_row(database_, lower_database, lower_name);
    if (row) return std::make_shared<const CatalogTable>(read_table(database_, row->id));
    if (const std::optional<Trail> trail = trail_of_database(database_, lower_database)) {
      if (auto table = make_trail_table(*trail, lower_name)) return table;
    }
    return is_of_session_trail(lower_database) ? find_session_table(lower_name) : nullptr;
  }

  std::shared_ptr<const CatalogTable> find_session_table(std::string_view name) const override {
    return session_trail_ ? make_trail_table(*session_trail_, to_lower_ascii(name)) : nullptr;
  }

  std::optional<CatalogDatabase> find_database(std::string_view name) const override {
    if (is_information_schema(name))
      return CatalogDatabase{std::string(kInformationSchema), {}, {}, {}};
    SqliteTransaction transaction(database_, Kind::kRead);
    CatalogDatabase database;
    int64_t id = 0;
    {
      SqliteStatement statement =
          database_.statement("SELECT id, name, comment, location FROM databases WHERE name = ?");
      statement.bind(to_lower_ascii(name));
      if (!statement.step()) {
        if (!session_trail_ || session_trail_->name != to_lower_ascii(name)) return std::nullopt;
        database.name = session_trail_->name;
        return database;
      }
      id = statement.number(0);
      database.name = statement.text(1);
      database.comment = statement.optional_text(2);
      database.location = statement.optional_text(3);
    }
    database.properties = read_database_properties(database_, id);
    return database;
  }

  std::vector<std::string> table_names(std::string_view database) const override {
    if (is_information_schema(database)) return information_schema_table_names();
    SqliteTransaction transaction(database_, Kind::kRead);
    SqliteStatement statement = database_.statement(
        "SELECT t.name FROM tables t JOIN databases d ON d.id = t.database_id WHERE d.name = ? "
        "ORDER BY t.name");
    const std::string lower_database = to_lower_ascii(database);
    statement.bind(lower_database);
    std::vector<std::string> names = read_names(statement);
    if (is_of_session_trail(lower_database) || trail_of_database(database_, lower_database))
      names.insert(names.end(), trail_table_names().begin(), trail_table_names().end());
    return sorted_once(std::move(names));
  }

  std::vector<std::string> database_names() const override {
    SqliteStatement statement = database_.statement("SELECT name FROM databases ORDER BY name");
    std::vector<std::string> names = read_names(statement);
    if (session_trail_) names.push_back(session_trail_->name);
    return sorted_once(std::move(names));
  }

  bool create_database(const CatalogDatabase& database, bool if_not_exists) override {
    const std::string name = to_lower_ascii(database.name);
    SqliteTransaction transaction(database_, Kind::kWrite);
    if (find_database_id(name)) {
      if (if_not_exists) return false;
      throw QueryError(ErrorCode::kSchemaAlreadyExists,
                       fmt::format("Schema '{}' already exists", name));
    }
    database_.statement("INSERT INTO databases (name, comment, location) VALUES (?, ?, ?)")
        .bind(name)
        .bind(database.comment)
        .bind(database.location)
        .run();
    write_database_properties(database_, database_.last_insert_id(), database.properties);
    transaction.commit();
    return true;
  }

  void set_database_properties(std::string_view name,
                               const CatalogProperties& properties) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    change_database_properties(database_, require_database(name), properties);
    transaction.commit();
  }

  bool drop_database(std::string_view name, bool if_exists, bool cascade) override {
    const std::string lower_name = to_lower_ascii(name);
    SqliteTransaction transaction(database_, Kind::kWrite);
    const auto id = find_database_id(lower_name);
    if (!id) {
      if (if_exists) return false;
      throw missing_database(lower_name);
    }
    if (!cascade && has_tables(*id)) {
      throw QueryError(ErrorCode::kSchemaNotEmpty,
                       fmt::format("Cannot drop non-empty schema '{}'", lower_name));
    }
    insert_dropped_folders_of_database(database_, *id);
    database_.statement("DELETE FROM databases WHERE id = ?").bind(*id).run();
    transaction.commit();
    return true;
  }

  bool create_table(const CatalogTable& table, bool if_not_exists,
                    const std::vector<CatalogPartition>& partitions,
                    const std::vector<FileMove>& moves) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const int64_t database_id = require_database(table.database);
    if (const auto existing = find_row(table)) {
      if (if_not_exists) return false;
      throw already_exists(table, existing->kind);
    }
    insert_table(database_, database_id, table);
    insert_partitions(database_, require_table(table.database, table.name, TableKind::kExternal).id,
                      partitions, false);
    insert_moves(database_, moves);
    transaction.commit();
    return true;
  }

  void insert_files(const CatalogTable& table, const std::vector<CatalogPartition>& partitions,
                    const std::vector<FileMove>& moves) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const auto row = find_row(table);
    const auto is_the_same = [&] {
      const CatalogTable now = read_table(database_, row->id);
      return now.created_at_ms == table.created_at_ms && now.location == table.location;
    };
    if (!row || row->id != table.id || !is_the_same()) {
      throw QueryError(ErrorCode::kTableNotFound,
                       fmt::format("Table '{}.{}' was dropped or changed while rows were written",
                                   table.database, table.name));
    }
    insert_partitions(database_, row->id, partitions, true);
    insert_moves(database_, moves);
    transaction.commit();
  }

  std::vector<FileMove> moves() const override { return read_moves(database_); }

  void forget_moves(const std::vector<FileMove>& moves) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    delete_moves(database_, moves);
    transaction.commit();
  }

  std::vector<std::string> dropped_folders() const override {
    return read_dropped_folders(database_);
  }

  void forget_dropped_folder(const std::string& path) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    delete_dropped_folder(database_, path);
    transaction.commit();
  }

  void alter_table(std::string_view database, std::string_view name,
                   const std::function<void(CatalogTable&)>& change) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const TableRow row = require_table(database, name, TableKind::kExternal);
    CatalogTable table = read_table(database_, row.id);
    change(table);
    update_table(database_, row.id, table);
    transaction.commit();
  }

  void create_view(const CatalogTable& view, bool or_replace) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const int64_t database_id = require_database(view.database);
    if (const auto existing = find_row(view)) {
      if (!or_replace || existing->kind != TableKind::kView) {
        throw already_exists(view, existing->kind);
      }
      delete_table(database_, existing->id);
    }
    CatalogTable row = view;
    row.kind = TableKind::kView;
    insert_table(database_, database_id, row);
    transaction.commit();
  }

  bool drop_table(std::string_view database, std::string_view name, TableKind kind,
                  bool if_exists) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    if (if_exists && !find_table_row(database_, to_lower_ascii(database), to_lower_ascii(name)))
      return false;
    delete_table(database_, require_table(database, name, kind).id);
    transaction.commit();
    return true;
  }

  std::vector<CatalogPartition> partitions(std::string_view database,
                                           std::string_view table) const override {
    SqliteTransaction transaction(database_, Kind::kRead);
    std::vector<CatalogPartition> found;
    const auto row = find_table_row(database_, to_lower_ascii(database), to_lower_ascii(table));
    if (!row) return found;
    SqliteStatement statement = database_.statement(
        "SELECT name, location FROM partitions WHERE table_id = ? ORDER BY name");
    statement.bind(row->id);
    while (statement.step()) found.push_back({statement.text(0), statement.optional_text(1)});
    return found;
  }

  size_t add_partitions(std::string_view database, std::string_view table,
                        const std::vector<CatalogPartition>& partitions,
                        bool if_not_exists) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const TableRow row = require_table(database, table, TableKind::kExternal);
    const size_t num_added = insert_partitions(database_, row.id, partitions, if_not_exists);
    transaction.commit();
    return num_added;
  }

  size_t drop_partitions(std::string_view database, std::string_view table,
                         const std::vector<std::string>& names) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const TableRow row = require_table(database, table, TableKind::kExternal);
    const size_t num_dropped = delete_partitions(database_, row.id, names);
    transaction.commit();
    return num_dropped;
  }

  void replace_partition(std::string_view database, std::string_view table, const std::string& name,
                         const CatalogPartition& now) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const TableRow row = require_table(database, table, TableKind::kExternal);
    if (delete_partitions(database_, row.id, {name}) == 0) {
      throw QueryError(ErrorCode::kNotFound, fmt::format("Partition {} was dropped", name));
    }
    insert_partitions(database_, row.id, {now}, false);
    transaction.commit();
  }

  std::vector<LocationMap> location_maps() const override {
    SqliteStatement statement = database_.statement(
        "SELECT url_prefix, local_path FROM location_maps "
        "ORDER BY length(CAST(url_prefix AS BLOB)) DESC, url_prefix");
    std::vector<LocationMap> maps;
    while (statement.step()) maps.push_back({statement.text(0), statement.text(1)});
    return maps;
  }

  void add_location_map(const LocationMap& map) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    database_
        .statement(
            "INSERT INTO location_maps (url_prefix, local_path) VALUES (?, ?) "
            "ON CONFLICT (url_prefix) DO UPDATE SET local_path = excluded.local_path")
        .bind(map.url_prefix)
        .bind(map.local_path)
        .run();
    transaction.commit();
  }

  bool remove_location_map(std::string_view url_prefix) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    database_.statement("DELETE FROM location_maps WHERE url_prefix = ?").bind(url_prefix).run();
    const bool removed = database_.num_changes() != 0;
    transaction.commit();
    return removed;
  }

  std::vector<std::string> folders(FolderUse use) const override {
    return read_folders(database_, use);
  }

  void add_folders(const std::vector<std::string>& paths, FolderUse use) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    insert_folders(database_, paths, use);
    transaction.commit();
  }

  std::vector<Trail> trails() const override {
    SqliteTransaction transaction(database_, Kind::kRead);
    return read_trails(database_);
  }

  void add_trail(const Trail& trail) override {
    const std::string name = to_lower_ascii(trail.name);
    SqliteTransaction transaction(database_, Kind::kWrite);
    std::optional<int64_t> id = find_database_id(name);
    if (id && !read_trail(database_, name)) {
      throw QueryError(ErrorCode::kSchemaAlreadyExists,
                       fmt::format("Database '{}' already exists and is no trail", name));
    }
    if (!id) {
      database_.statement("INSERT INTO databases (name) VALUES (?)").bind(name).run();
      id = database_.last_insert_id();
    }
    add_trail_locations(database_, *id, trail.locations);
    change_database_properties(database_, *id, trail.properties);
    transaction.commit();
  }

  bool remove_trail(std::string_view name) override {
    const std::string lower_name = to_lower_ascii(name);
    SqliteTransaction transaction(database_, Kind::kWrite);
    if (!read_trail(database_, lower_name)) return false;
    const int64_t id = require_database(lower_name);
    if (has_tables(id)) {
      throw QueryError(ErrorCode::kSchemaNotEmpty,
                       fmt::format("Database '{}' has tables or views beside those of the trail: "
                                   "drop them first",
                                   lower_name));
    }
    database_.statement("DELETE FROM databases WHERE id = ?").bind(id).run();
    transaction.commit();
    return true;
  }

  void set_session_trail(Trail trail) override { session_trail_ = std::move(trail); }
  std::optional<Trail> session_trail() const override { return session_trail_; }

  std::optional<std::string> find_prepared_statement(std::string_view name) const override {
    SqliteStatement statement =
        database_.statement("SELECT statement FROM prepared_statements WHERE name = ?");
    const std::string lower_name = to_lower_ascii(name);
    statement.bind(lower_name);
    if (!statement.step()) return std::nullopt;
    return statement.text(0);
  }

  std::vector<std::string> prepared_statement_names() const override {
    SqliteStatement statement =
        database_.statement("SELECT name FROM prepared_statements ORDER BY name");
    return read_names(statement);
  }

  void add_prepared_statement(std::string_view name, std::string_view text) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const std::string lower_name = to_lower_ascii(name);
    database_
        .statement(
            "INSERT INTO prepared_statements (name, statement) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET statement = excluded.statement")
        .bind(lower_name)
        .bind(text)
        .run();
    transaction.commit();
  }

  bool remove_prepared_statement(std::string_view name) override {
    SqliteTransaction transaction(database_, Kind::kWrite);
    const std::string lower_name = to_lower_ascii(name);
    database_.statement("DELETE FROM prepared_statements WHERE name = ?").bind(lower_name).run();
    const bool removed = database_.num_changes() != 0;
    transaction.commit();
    return removed;
  }

 private:
  static bool is_information_schema(std::string_view database) {
    return equals_ignoring_case(database, kInformationSchema);
  }

  static std::vector<std::string> read_names(SqliteStatement& statement) {
    std::vector<std::string> names;
    while (statement.step()) names.push_back(statement.text(0));
    return names;
  }

  static std::string full_name(std::string_view database, std::string_view name) {
    return fmt::format("{}.{}.{}", kCatalogName, to_lower_ascii(database), to_lower_ascii(name));
  }

  bool is_of_session_trail(std::string_view database) const {
    return session_trail_ && (database == session_trail_->name || database == kDefaultDatabase);
  }

  TableRow require_table(std::string_view database, std::string_view name, TableKind kind) {
    const std::string shown = full_name(database, name);
    const auto row = find_table_row(database_, to_lower_ascii(database), to_lower_ascii(name));
    if (!row) {
      throw QueryError(
          kind == TableKind::kView ? ErrorCode::kGenericUserError : ErrorCode::kTableNotFound,
          fmt::format("{} '{}' does not exist", kind_name(kind), shown));
    }
    if (row->kind != kind) throw wrong_kind(shown, kind);
    return *row;
  }

  static QueryError missing_database(std::string_view name) {
    return {ErrorCode::kSchemaNotFound, fmt::format("Schema '{}' does not exist", name)};
  }

  static QueryError already_exists(const CatalogTable& table, TableKind existing) {
    return {ErrorCode::kTableAlreadyExists,
            fmt::format("{} already exists: '{}'", kind_name(existing),
                        full_name(table.database, table.name))};
  }

  // The text is Trino's.
  static QueryError wrong_kind(std::string_view full_name, TableKind wanted) {
    if (wanted == TableKind::kView) {
      return {ErrorCode::kGenericUserError,
              fmt::format("View '{0}' does not exist, but a table with that name exists. Did you "
                          "mean DROP TABLE {0}?",
                          full_name)};
    }
    return {ErrorCode::kGenericUserError,
            fmt::format("Table '{0}' does not exist, but a view with that name exists. Did you "
                        "mean DROP VIEW {0}?",
                        full_name)};
  }

  std::optional<TableRow> find_row(const CatalogTable& table) {
    return find_table_row(database_, to_lower_ascii(table.database), to_lower_ascii(table.name));
  }

  std::optional<int64_t> find_database_id(std::string_view lower_name) {
    SqliteStatement statement = database_.statement("SELECT id FROM databases WHERE name = ?");
    statement.bind(lower_name);
    if (!statement.step()) return std::nullopt;
    return statement.number(0);
  }

  int64_t require_database(std::string_view name) {
    const std::string lower_name = to_lower_ascii(name);
    const auto id = find_database_id(lower_name);
    if (!id) throw missing_database(lower_name);
    return *id;
  }

  bool has_tables(int64_t database_id) {
    SqliteStatement statement =
        database_.statement("SELECT 1 FROM tables WHERE database_id = ? LIMIT 1");
    statement.bind(database_id);
    return statement.step();
  }

  std::optional<Trail> session_trail_;
  mutable SqliteDatabase database_;  // reading prepares statements and begins transactions
};

}  // namespace

std::unique_ptr<Catalog> Catalog::open(const std::string& path) {
  return std::make_unique<SqliteCatalog>(path);
}

}  // namespace trailsql
