#include "catalog/table_rows.h"

#include <fmt/core.h>

#include <chrono>

#include "base/text.h"
#include "catalog/file_rows.h"

namespace trailsql {
namespace {

constexpr std::string_view kTableKindText = "EXTERNAL_TABLE";  // as AWS Glue names them
constexpr std::string_view kViewKindText = "VIRTUAL_VIEW";
constexpr std::string_view kSerdeProperties = "SERDE";
constexpr std::string_view kTableProperties = "TABLE";

TableKind parse_kind(std::string_view text) {
  return text == kViewKindText ? TableKind::kView : TableKind::kExternal;
}

int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// The protocol's spelling quotes field names, so parse_type gets the same type from it. A name that
// even so comes back different must not be stored as something else.
std::string type_text(const Type& type) {
  std::string text = type.protocol_name();
  bool same = false;
  try {
    same = parse_type(text) == type;
  } catch (const QueryError&) {
    same = false;
  }
  if (same) return text;
  throw QueryError(ErrorCode::kNotSupported,
                   fmt::format("Type {} cannot be kept in the catalog", type.display()));
}

// Reads the comments of fields into the columns that they belong to.
void read_field_comments(SqliteDatabase& database, int64_t table_id, bool is_partition_key,
                         std::vector<CatalogColumn>& columns) {
  SqliteStatement statement = database.statement(
      "SELECT column_position, path, comment FROM field_comments "
      "WHERE table_id = ? AND is_partition_key = ? ORDER BY column_position, position");
  statement.bind(table_id).bind(int64_t{is_partition_key});
  while (statement.step()) {
    const auto column = static_cast<size_t>(statement.number(0));
    if (column >= columns.size()) throw database.failure("a field's comment has no column");
    columns[column].field_comments.emplace_back(statement.text(1), statement.text(2));
  }
}

std::vector<CatalogColumn> read_columns(SqliteDatabase& database, int64_t table_id,
                                        bool is_partition_key) {
  SqliteStatement statement = database.statement(
      "SELECT name, type, comment FROM columns WHERE table_id = ? AND is_partition_key = ? "
      "ORDER BY position");
  statement.bind(table_id).bind(int64_t{is_partition_key});
  std::vector<CatalogColumn> columns;
  while (statement.step()) {
    CatalogColumn column{statement.text(0), {}, statement.optional_text(2)};
    try {
      column.type = parse_type(statement.text(1));
    } catch (const QueryError& error) {
      throw database.failure(
          fmt::format("the type of column {} is unreadable: {}", column.name, error.what()));
    }
    columns.push_back(std::move(column));
  }
  read_field_comments(database, table_id, is_partition_key, columns);
  return columns;
}

std::vector<std::string> read_bucket_columns(SqliteDatabase& database, int64_t table_id) {
  SqliteStatement statement =
      database.statement("SELECT name FROM bucket_columns WHERE table_id = ? ORDER BY position");
  statement.bind(table_id);
  std::vector<std::string> names;
  while (statement.step()) names.push_back(statement.text(0));
  return names;
}

CatalogProperties read_properties(SqliteDatabase& database, int64_t table_id,
                                  std::string_view kind) {
  SqliteStatement statement = database.statement(
      "SELECT key, value FROM table_properties WHERE table_id = ? AND kind = ? ORDER BY position");
  statement.bind(table_id).bind(kind);
  CatalogProperties properties;
  while (statement.step()) properties.emplace_back(statement.text(0), statement.text(1));
  return properties;
}

void insert_columns(SqliteDatabase& database, int64_t table_id, bool is_partition_key,
                    const std::vector<CatalogColumn>& columns) {
  SqliteStatement statement = database.statement(
      "INSERT INTO columns (table_id, is_partition_key, position, name, type, comment) "
      "VALUES (?, ?, ?, ?, ?, ?)");
  int64_t position = 0;
  for (const CatalogColumn& column : columns) {
    statement.bind(table_id).bind(int64_t{is_partition_key}).bind(position++);
    statement.bind(to_lower_ascii(column.name)).bind(type_text(column.type)).bind(column.comment);
    statement.run();
  }
  SqliteStatement comments = database.statement(
      "INSERT INTO field_comments (table_id, is_partition_key, column_position, position, path, "
      "comment) VALUES (?, ?, ?, ?, ?, ?)");
  for (size_t i = 0; i < columns.size(); ++i) {
    position = 0;
    for (const auto& [path, comment] : columns[i].field_comments) {
      comments.bind(table_id).bind(int64_t{is_partition_key}).bind(static_cast<int64_t>(i));
      comments.bind(position++).bind(path).bind(comment);
      comments.run();
    }
  }
}

void insert_bucket_columns(SqliteDatabase& database, int64_t table_id,
                           const std::vector<std::string>& names) {
  SqliteStatement statement =
      database.statement("INSERT INTO bucket_columns (table_id, position, name) VALUES (?, ?, ?)");
  int64_t position = 0;
  for (const std::string& name : names) {
    statement.bind(table_id).bind(position++).bind(name);
    statement.run();
  }
}

void insert_properties(SqliteDatabase& database, int64_t table_id, std::string_view kind,
                       const CatalogProperties& properties) {
  SqliteStatement statement = database.statement(
      "INSERT INTO table_properties (table_id, kind, position, key, value) VALUES (?, ?, ?, ?, ?)");
  int64_t position = 0;
  for (const auto& [key, value] : properties) {
    statement.bind(table_id).bind(kind).bind(position++).bind(key).bind(value);
    statement.run();
  }
}

}  // namespace

std::optional<TableRow> find_table_row(SqliteDatabase& database, std::string_view database_name,
                                       std::string_view name) {
  SqliteStatement statement = database.statement(
      "SELECT t.id, t.kind FROM tables t JOIN databases d ON d.id = t.database_id "
      "WHERE d.name = ? AND t.name = ?");
  statement.bind(database_name).bind(name);
  if (!statement.step()) return std::nullopt;
  return TableRow{statement.number(0), parse_kind(statement.text(1))};
}

CatalogTable read_table(SqliteDatabase& database, int64_t table_id) {
  CatalogTable table;
  {
    SqliteStatement statement = database.statement(
        "SELECT d.name, t.name, t.kind, t.comment, t.serde_class, t.stored_as, t.input_format, "
        "t.output_format, t.location, t.view_text, t.created_at_ms, t.num_buckets, "
        "t.view_database, t.is_managed "
        "FROM tables t JOIN databases d ON d.id = t.database_id WHERE t.id = ?");
    statement.bind(table_id);
    if (!statement.step()) throw database.failure(fmt::format("it has no table {}", table_id));
    table.id = table_id;
    table.database = statement.text(0);
    table.name = statement.text(1);
    table.kind = parse_kind(statement.text(2));
    table.comment = statement.optional_text(3);
    table.serde_class = statement.text(4);
    table.stored_as = statement.text(5);
    table.input_format = statement.text(6);
    table.output_format = statement.text(7);
    table.location = statement.text(8);
    table.view_text = statement.text(9);
    table.created_at_ms = statement.number(10);
    table.num_buckets = static_cast<uint32_t>(statement.number(11));
    table.view_database = statement.text(12);
    table.is_managed = statement.number(13) != 0;
    if (table.is_managed) table.location = home_path(database, table.location);
  }
  table.bucket_columns = read_bucket_columns(database, table_id);
  table.columns = read_columns(database, table_id, false);
  table.partition_columns = read_columns(database, table_id, true);
  table.serde_properties = read_properties(database, table_id, kSerdeProperties);
  table.table_properties = read_properties(database, table_id, kTableProperties);
  return table;
}

namespace {

void insert_parts(SqliteDatabase& database, int64_t table_id, const CatalogTable& table) {
  insert_columns(database, table_id, false, table.columns);
  insert_columns(database, table_id, true, table.partition_columns);
  insert_bucket_columns(database, table_id, table.bucket_columns);
  insert_properties(database, table_id, kSerdeProperties, table.serde_properties);
  insert_properties(database, table_id, kTableProperties, table.table_properties);
}

// Binds what a table's row says of the table, in the order of both statements below.
void bind_table(const SqliteDatabase& database, SqliteStatement& statement,
                const CatalogTable& table) {
  statement.bind(table.comment).bind(table.serde_class).bind(table.stored_as);
  statement.bind(table.input_format).bind(table.output_format);
  statement.bind(table.is_managed ? path_in_home(database, table.location) : table.location);
  statement.bind(table.view_text);
  statement.bind(table.created_at_ms != 0 ? table.created_at_ms : now_ms());
  statement.bind(int64_t{table.num_buckets}).bind(table.view_database);
  statement.bind(int64_t{table.is_managed});
}

}  // namespace

void insert_table(SqliteDatabase& database, int64_t database_id, const CatalogTable& table) {
  {
    SqliteStatement statement = database.statement(
        "INSERT INTO tables (database_id, name, kind, comment, serde_class, stored_as, "
        "input_format, output_format, location, view_text, created_at_ms, num_buckets, "
        "view_database, is_managed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    statement.bind(database_id).bind(to_lower_ascii(table.name));
    statement.bind(table.kind == TableKind::kView ? kViewKindText : kTableKindText);
    bind_table(database, statement, table);
    statement.run();
  }
  insert_parts(database, database.last_insert_id(), table);
}

void update_table(SqliteDatabase& database, int64_t table_id, const CatalogTable& table) {
  {
    SqliteStatement statement = database.statement(
        "UPDATE tables SET comment = ?, serde_class = ?, stored_as = ?, input_format = ?, "
        "output_format = ?, location = ?, view_text = ?, created_at_ms = ?, num_buckets = ?, "
        "view_database = ?, is_managed = ? WHERE id = ?");
    bind_table(database, statement, table);
    statement.bind(table_id);
    statement.run();
  }
  database.statement("DELETE FROM columns WHERE table_id = ?").bind(table_id).run();
  database.statement("DELETE FROM bucket_columns WHERE table_id = ?").bind(table_id).run();
  database.statement("DELETE FROM table_properties WHERE table_id = ?").bind(table_id).run();
  insert_parts(database, table_id, table);
}

void delete_table(SqliteDatabase& database, int64_t table_id) {
  insert_dropped_folder_of_table(database, table_id);
  database.statement("DELETE FROM tables WHERE id = ?").bind(table_id).run();
}

size_t insert_partitions(SqliteDatabase& database, int64_t table_id,
                         const std::vector<CatalogPartition>& partitions, bool if_not_exists) {
  size_t num_added = 0;
  for (const CatalogPartition& partition : partitions) {
    database
        .statement(
            "INSERT INTO partitions (table_id, name, location) VALUES (?, ?, ?) "
            "ON CONFLICT (table_id, name) DO NOTHING")
        .bind(table_id)
        .bind(partition.name)
        .bind(partition.location)
        .run();
    if (database.num_changes() != 0) {
      ++num_added;
    } else if (!if_not_exists) {
      throw QueryError(ErrorCode::kAlreadyExists,
                       fmt::format("Partition already exists: {}", partition.name));
    }
  }
  return num_added;
}

size_t delete_partitions(SqliteDatabase& database, int64_t table_id,
                         const std::vector<std::string>& names) {
  size_t num_deleted = 0;
  for (const std::string& name : names) {
    database.statement("DELETE FROM partitions WHERE table_id = ? AND name = ?")
        .bind(table_id)
        .bind(name)
        .run();
    num_deleted += static_cast<size_t>(database.num_changes());
  }
  return num_deleted;
}

}  // namespace trailsql
