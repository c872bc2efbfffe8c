// DuckDBs that are opened ahead of the queries that take them: loading the library and opening one
// takes longer than all else that a small query does, and meanwhile the query is read and planned.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>

struct _duckdb_database;

namespace trailsql {

/// What a DuckDB is opened with; the rest is set when a query takes it.
struct DatabaseSettings {
  uint32_t num_threads = 0;         // 0: as many as the machine has
  uint64_t memory_limit_bytes = 0;  // 0: 80 % of what the machine (or its control group) has
  bool operator==(const DatabaseSettings&) const = default;
};

/// Loads DuckDB's library, if that was not done yet. Throws GENERIC_INTERNAL_ERROR, now and each
/// time, when it cannot be loaded.
void load_duckdb();

/// Closes a DuckDB.
struct DatabaseCloser {
  void operator()(_duckdb_database* database) const;
};
using Database = std::unique_ptr<_duckdb_database, DatabaseCloser>;

/// Opens a DuckDB in memory. Throws like load_duckdb, and when DuckDB refuses a setting.
Database open_database(const DatabaseSettings& settings);

/// Opens DuckDBs in the background, one ahead. Safe from any thread.
class DatabaseStock {
 public:
  explicit DatabaseStock(const DatabaseSettings& settings) : settings_(settings) {}
  ~DatabaseStock();
  DatabaseStock(const DatabaseStock&) = delete;
  DatabaseStock& operator=(const DatabaseStock&) = delete;

  /// Sees to it that one is being opened, or there.
  void prepare();
  /// Returns the one that was prepared, once it is open; a new one when none was. Throws like
  /// open_database.
  Database take();

 private:
  const DatabaseSettings settings_;
  std::mutex mutex_;
  std::thread opening_;
  Database database_;  // to be looked at when `opening_` has ended
};

}  // namespace trailsql
