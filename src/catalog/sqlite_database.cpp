#include "catalog/sqlite_database.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace trailsql {
namespace {

namespace fs = std::filesystem;

}  // namespace

SqliteDatabase::SqliteDatabase(std::string path, int busy_timeout_ms)
    : path_(std::move(path)), busy_timeout_ms_(busy_timeout_ms) {
  const fs::path folder = fs::path(path_).parent_path();
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) throw failure(fmt::format("cannot make its folder: {}", error.message()));
  try {
    open();
  } catch (...) {
    close();
    throw;
  }
}

SqliteDatabase::~SqliteDatabase() { close(); }

void SqliteDatabase::open() {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path_.c_str(), &connection_, flags, nullptr) != SQLITE_OK) throw failure();
  sqlite3_extended_result_codes(connection_, 1);
  sqlite3_busy_timeout(connection_, busy_timeout_ms_);
  // FULL: what was committed survives even a loss of power.
  run("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
}

// Several processes may open a new file at once. SQLite does not wait when it changes the journal
// mode, for fear of deadlock, so the waiting is done here.
void SqliteDatabase::switch_to_wal() {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(busy_timeout_ms_);
  while (true) {
    const int code =
        sqlite3_exec(connection_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) return;
    if ((code & 0xff) != SQLITE_BUSY || Clock::now() >= deadline) throw failure();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void SqliteDatabase::close() noexcept {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
  sqlite3_close(connection_);
  connection_ = nullptr;
}

SqliteStatement SqliteDatabase::statement(const char* sql) {
  sqlite3_stmt*& prepared = statements_[sql];
  if (prepared == nullptr && sqlite3_prepare_v3(connection_, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                                &prepared, nullptr) != SQLITE_OK) {
    throw failure();
  }
  return SqliteStatement(*this, prepared);
}

void SqliteDatabase::run(const char* sql) {
  if (sqlite3_exec(connection_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw failure();
}

int64_t SqliteDatabase::last_insert_id() const { return sqlite3_last_insert_rowid(connection_); }

int64_t SqliteDatabase::num_changes() const { return sqlite3_changes64(connection_); }

QueryError SqliteDatabase::failure() const {
  if (connection_ == nullptr) return failure("out of memory");
  const int code = sqlite3_errcode(connection_) & 0xff;
  if (code == SQLITE_NOTADB) return failure("the file is not a catalog");
  if (code == SQLITE_BUSY) return failure("other processes kept it locked for too long");
  return failure(sqlite3_errmsg(connection_));
}

QueryError SqliteDatabase::failure(std::string_view reason) const {
  return {ErrorCode::kHiveMetastoreError,
          fmt::format("Cannot use the catalog {}: {}", path_, reason)};
}

SqliteStatement::~SqliteStatement() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

SqliteStatement& SqliteStatement::bind(std::string_view text) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* bytes = text.empty() ? "" : text.data();
  if (sqlite3_bind_text64(statement_, ++num_bound_, bytes, text.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK) {
    throw database_.failure();
  }
  return *this;
}

SqliteStatement& SqliteStatement::bind_bytes(std::string_view bytes) {
  if (sqlite3_bind_blob64(statement_, ++num_bound_, bytes.empty() ? "" : bytes.data(), bytes.size(),
                          SQLITE_TRANSIENT) != SQLITE_OK) {
    throw database_.failure();
  }
  return *this;
}

SqliteStatement& SqliteStatement::bind(int64_t number) {
  if (sqlite3_bind_int64(statement_, ++num_bound_, number) != SQLITE_OK) throw database_.failure();
  return *this;
}

SqliteStatement& SqliteStatement::bind(const std::optional<std::string>& text) {
  if (text) return bind(std::string_view(*text));
  if (sqlite3_bind_null(statement_, ++num_bound_) != SQLITE_OK) throw database_.failure();
  return *this;
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) throw database_.failure();
  return false;
}

void SqliteStatement::run() {
  while (step()) {
  }
  sqlite3_reset(statement_);
  num_bound_ = 0;
}

int64_t SqliteStatement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string SqliteStatement::bytes(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string SqliteStatement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

std::optional<std::string> SqliteStatement::optional_text(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return text(column);
}

SqliteTransaction::SqliteTransaction(SqliteDatabase& database, Kind kind) : database_(database) {
  // A write takes the lock at once: a transaction that reads first and finds the file changed when
  // it wants to write could only fail.
  database_.run(kind == Kind::kWrite ? "BEGIN IMMEDIATE" : "BEGIN DEFERRED");
}

SqliteTransaction::~SqliteTransaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const QueryError&) {
    // SQLite has rolled back already, as it does after some errors.
  }
}

void SqliteTransaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

namespace {

std::string home_of(const SqliteDatabase& database) {
  return database.path().substr(0, database.path().rfind('/') + 1);
}

}  // namespace

std::string path_in_home(const SqliteDatabase& database, const std::string& path) {
  const std::string home = home_of(database);
  return path.starts_with(home) ? path.substr(home.size()) : path;
}

std::string home_path(const SqliteDatabase& database, const std::string& path) {
  return path.starts_with('/') ? path : home_of(database) + path;
}

}  // namespace trailsql
