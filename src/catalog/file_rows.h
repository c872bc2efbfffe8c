// What the catalog remembers of files and folders of this machine: which are logs, which were
// written, and which are on their way to their place or to their end.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/sqlite_database.h"

namespace trailsql {

/// Folders by their use, sorted.
std::vector<std::string> read_folders(SqliteDatabase& database, FolderUse use);
/// Each of the functions below that write is called inside a transaction of the caller. The first
/// use of a folder stays.
void insert_folders(SqliteDatabase& database, const std::vector<std::string>& paths, FolderUse use);

std::vector<FileMove> read_moves(SqliteDatabase& database);
void insert_moves(SqliteDatabase& database, const std::vector<FileMove>& moves);
void delete_moves(SqliteDatabase& database, const std::vector<FileMove>& moves);

std::vector<std::string> read_dropped_folders(SqliteDatabase& database);
/// Remember the folders of managed tables that are dropped in the same transaction.
void insert_dropped_folder_of_table(SqliteDatabase& database, int64_t table_id);
void insert_dropped_folders_of_database(SqliteDatabase& database, int64_t database_id);
void delete_dropped_folder(SqliteDatabase& database, const std::string& path);

}  // namespace trailsql
