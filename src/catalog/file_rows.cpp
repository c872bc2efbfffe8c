#include "catalog/file_rows.h"

namespace trailsql {
namespace {

std::string_view folder_use_text(FolderUse use) {
  return use == FolderUse::kReadAsLogs ? "LOGS" : "WRITTEN";
}

std::vector<std::string> read_paths(SqliteStatement& statement) {
  std::vector<std::string> paths;
  while (statement.step()) paths.push_back(statement.text(0));
  return paths;
}

}  // namespace

std::vector<std::string> read_folders(SqliteDatabase& database, FolderUse use) {
  SqliteStatement statement =
      database.statement("SELECT path FROM folders WHERE use = ? ORDER BY path");
  statement.bind(folder_use_text(use));
  return read_paths(statement);
}

void insert_folders(SqliteDatabase& database, const std::vector<std::string>& paths,
                    FolderUse use) {
  for (const std::string& path : paths) {
    database
        .statement("INSERT INTO folders (path, use) VALUES (?, ?) ON CONFLICT (path) DO NOTHING")
        .bind(path)
        .bind(folder_use_text(use))
        .run();
  }
}

std::vector<FileMove> read_moves(SqliteDatabase& database) {
  SqliteStatement statement =
      database.statement("SELECT source, target FROM moves ORDER BY source");
  std::vector<FileMove> moves;
  while (statement.step()) moves.push_back({statement.text(0), statement.text(1)});
  return moves;
}

void insert_moves(SqliteDatabase& database, const std::vector<FileMove>& moves) {
  for (const FileMove& move : moves) {
    database.statement("INSERT INTO moves (source, target) VALUES (?, ?)")
        .bind(move.source)
        .bind(move.target)
        .run();
  }
}

void delete_moves(SqliteDatabase& database, const std::vector<FileMove>& moves) {
  for (const FileMove& move : moves)
    database.statement("DELETE FROM moves WHERE source = ?").bind(move.source).run();
}

std::vector<std::string> read_dropped_folders(SqliteDatabase& database) {
  SqliteStatement statement = database.statement("SELECT path FROM dropped_folders ORDER BY path");
  std::vector<std::string> paths = read_paths(statement);
  for (std::string& path : paths) path = home_path(database, path);
  return paths;
}

void insert_dropped_folder_of_table(SqliteDatabase& database, int64_t table_id) {
  database
      .statement(
          "INSERT OR IGNORE INTO dropped_folders (path) "
          "SELECT location FROM tables WHERE is_managed = 1 AND id = ?")
      .bind(table_id)
      .run();
}

void insert_dropped_folders_of_database(SqliteDatabase& database, int64_t database_id) {
  database
      .statement(
          "INSERT OR IGNORE INTO dropped_folders (path) "
          "SELECT location FROM tables WHERE is_managed = 1 AND database_id = ?")
      .bind(database_id)
      .run();
}

void delete_dropped_folder(SqliteDatabase& database, const std::string& path) {
  database.statement("DELETE FROM dropped_folders WHERE path IN (?, ?)")
      .bind(path)
      .bind(path_in_home(database, path))
      .run();
}

}  // namespace trailsql
