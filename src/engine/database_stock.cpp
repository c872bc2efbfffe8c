#include "engine/database_stock.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <exception>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/late_library.h"
#include "engine/engine_error.h"

namespace trailsql {

extern const LateLibrary kLateDuckdb;  // made by the build

namespace {

struct ConfigDeleter {
  void operator()(_duckdb_config* config) const { duckdb_destroy_config(&config); }
};
using Config = std::unique_ptr<_duckdb_config, ConfigDeleter>;

void set(const Config& config, const char* name, const std::string& value) {
  if (duckdb_set_config(config.get(), name, value.c_str()) == DuckDBSuccess) return;
  throw QueryError(ErrorCode::kGenericInternalError,
                   fmt::format("The engine refused {} = {}", name, value));
}

}  // namespace

void load_duckdb() {
  static const std::string problem = load_library(kLateDuckdb);
  if (!problem.empty()) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("The engine cannot be loaded: {}", problem));
  }
}

void DatabaseCloser::operator()(_duckdb_database* database) const { duckdb_close(&database); }

Database open_database(const DatabaseSettings& settings) {
  load_duckdb();
  duckdb_config raw_config = nullptr;
  duckdb_create_config(&raw_config);
  const Config config(raw_config);
  if (settings.num_threads != 0) set(config, "threads", std::to_string(settings.num_threads));
  if (settings.memory_limit_bytes != 0)
    set(config, "memory_limit", fmt::format("{}B", settings.memory_limit_bytes));
  set(config, "autoinstall_known_extensions", "false");
  set(config, "autoload_known_extensions", "false");
  duckdb_database raw_database = nullptr;
  char* error = nullptr;
  if (duckdb_open_ext(nullptr, &raw_database, config.get(), &error) != DuckDBSuccess) {
    const QueryError failure =
        to_query_error(error == nullptr ? "DuckDB gave no reason" : error, 0);
    duckdb_free(error);
    throw failure;
  }
  return Database(raw_database);
}

DatabaseStock::~DatabaseStock() {
  if (opening_.joinable()) opening_.join();
}

void DatabaseStock::prepare() {
  const std::lock_guard lock(mutex_);
  if (opening_.joinable()) return;
  opening_ = std::thread([this] {
    try {
      database_ = open_database(settings_);
    } catch (const std::exception&) {
      // Whoever takes it tries again, and is told.
    }
  });
}

Database DatabaseStock::take() {
  Database database;
  {
    const std::lock_guard lock(mutex_);
    if (opening_.joinable()) opening_.join();
    database = std::move(database_);
  }
  return database ? std::move(database) : open_database(settings_);
}

}  // namespace trailsql
