// One DuckDB for one query: opened, locked down, and a connection to it.
#pragma once

#include <string>

#include "engine/database_stock.h"
#include "engine/engine.h"

struct _duckdb_connection;

namespace trailsql {

/// Owns a DuckDB in memory and one connection to it.
class Instance {
 public:
  /// Opens a DuckDB that may touch nothing but its temporary folder, the files of
  /// `query.parquet_tables`, and what `query.output` names.
  /// Throws GENERIC_INTERNAL_ERROR with DuckDB's text when it refuses a setting, and
  /// HIVE_FILESYSTEM_ERROR when the folder for temporary files cannot be made.
  Instance(const EngineOptions& options, const EngineQuery& query);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  _duckdb_connection* connection() const { return connection_; }
  /// Takes away the rights to change settings. Call after everything is registered.
  void lock();

 private:
  void run(const std::string& sql);
  void close();

  Database database_;
  _duckdb_connection* connection_ = nullptr;
};

}  // namespace trailsql
