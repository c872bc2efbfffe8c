// SQLite as the catalog uses it: a connection, prepared statements and transactions that clean up
// after themselves.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace trailsql {

class SqliteStatement;

class SqliteDatabase;

/// Returns a path below the folder of the database's file relative to that folder, another as it
/// is; and the absolute path again.
std::string path_in_home(const SqliteDatabase& database, const std::string& path);
std::string home_path(const SqliteDatabase& database, const std::string& path);

/// Owns one connection to a database file and the statements prepared for it. Use from one thread.
/// Every call throws HIVE_METASTORE_ERROR, naming the file, when SQLite fails.
class SqliteDatabase {
 public:
  /// Opens or creates `path` with foreign keys on, waiting for other processes up to
  /// `busy_timeout_ms`. Changes nothing in the file yet.
  SqliteDatabase(std::string path, int busy_timeout_ms);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  /// Puts the file into WAL mode, in which readers and a writer do not wait for each other. It
  /// stays so.
  void switch_to_wal();
  /// Returns the statement for `sql`, prepared once and kept. Only one use of it at a time.
  SqliteStatement statement(const char* sql);
  /// Runs statements that answer nothing.
  void run(const char* sql);
  int64_t last_insert_id() const;
  int64_t num_changes() const;
  const std::string& path() const { return path_; }

  /// Returns the error that SQLite's last failure ends with.
  QueryError failure() const;
  QueryError failure(std::string_view reason) const;

 private:
  void open();
  void close() noexcept;

  std::string path_;
  int busy_timeout_ms_;
  sqlite3* connection_ = nullptr;
  std::map<const char*, sqlite3_stmt*> statements_;  // by the address of a literal
};

/// Borrows a prepared statement: bind the parameters in order, then step. Reset when it goes.
class SqliteStatement {
 public:
  SqliteStatement(const SqliteDatabase& database, sqlite3_stmt* statement)
      : database_(database), statement_(statement) {}
  ~SqliteStatement();
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  SqliteStatement& bind(std::string_view text);
  SqliteStatement& bind(const std::string& text) { return bind(std::string_view(text)); }
  SqliteStatement& bind(int64_t number);
  SqliteStatement& bind_bytes(std::string_view bytes);
  SqliteStatement& bind(const std::optional<std::string>& text);
  /// Moves to the next row; false when there is none.
  bool step();
  /// Runs to the end and makes the statement ready to be bound again.
  void run();

  int64_t number(int column) const;
  std::string text(int column) const;
  std::string bytes(int column) const;
  std::optional<std::string> optional_text(int column) const;

 private:
  const SqliteDatabase& database_;
  sqlite3_stmt* statement_;
  int num_bound_ = 0;
};

/// Begins a transaction; rolls it back when it goes without `commit`.
class SqliteTransaction {
 public:
  enum class Kind { kRead, kWrite };
  SqliteTransaction(SqliteDatabase& database, Kind kind);
  ~SqliteTransaction();
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  void commit();

 private:
  SqliteDatabase& database_;
  bool open_ = true;
};

}  // namespace trailsql
