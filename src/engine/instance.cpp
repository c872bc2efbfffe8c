#include "engine/instance.h"

#include <duckdb.h>
#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "engine/engine_error.h"
#include "engine/engine_text.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// Above what the lowering of the deepest tree allowed needs, and far below what a thread's stack
// holds.
constexpr int kMaxExpressionDepth = 3000;

struct ConfigDeleter {
  void operator()(_duckdb_config* config) const { duckdb_destroy_config(&config); }
};
using Config = std::unique_ptr<_duckdb_config, ConfigDeleter>;

QueryError engine_failure(const char* text) {
  return to_query_error(text == nullptr ? "DuckDB gave no reason" : text, 0);
}

void set(const Config& config, const char* name, const std::string& value) {
  if (duckdb_set_config(config.get(), name, value.c_str()) == DuckDBSuccess) return;
  throw QueryError(ErrorCode::kGenericInternalError,
                   fmt::format("The engine refused {} = {}", name, value));
}

// DuckDB names its temporary files alike in every instance, so each needs a folder of its own. The
// last level is left to DuckDB, which makes it when it spills and removes it afterwards.
std::string temporary_folder(const EngineOptions& options) {
  static std::atomic<uint64_t> next_number{0};
  if (options.temporary_directory.empty()) {
    throw QueryError(ErrorCode::kGenericInternalError, "No folder for temporary files was given");
  }
  std::error_code error;
  fs::create_directories(options.temporary_directory, error);
  if (error) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Cannot make the folder for temporary files {}: {}",
                                 options.temporary_directory, error.message()));
  }
  return (fs::path(options.temporary_directory) /
          fmt::format("query-{}-{}", getpid(), next_number.fetch_add(1)))
      .string();
}

std::string path_list(const EngineQuery& query) {
  std::string out;
  const auto add = [&](const std::string& path) {
    out += (out.empty() ? "" : ", ") + engine_text(path);
  };
  for (const ParquetTable& table : query.parquet_tables) {
    for (const ParquetFile& file : table.files) {
      add(file.path);
      // The pattern is looked at like a path.
      const std::string pattern = path_pattern(file.path);
      if (pattern != file.path) add(pattern);
    }
  }
  if (query.output && query.output->partition_column.empty()) add(query.output->path);
  return "[" + out + "]";
}

}  // namespace

Instance::Instance(const EngineOptions& options, const EngineQuery& query) {
  duckdb_config raw_config = nullptr;
  duckdb_create_config(&raw_config);
  const Config config(raw_config);
  if (options.num_threads != 0) set(config, "threads", std::to_string(options.num_threads));
  if (options.memory_limit_bytes != 0) {
    set(config, "memory_limit", fmt::format("{}B", options.memory_limit_bytes));
  }
  set(config, "temp_directory", temporary_folder(options));
  set(config, "autoinstall_known_extensions", "false");
  set(config, "autoload_known_extensions", "false");
  set(config, "preserve_insertion_order", query.ordered ? "true" : "false");
  char* error = nullptr;
  if (duckdb_open_ext(nullptr, &database_, config.get(), &error) != DuckDBSuccess) {
    const QueryError failure = engine_failure(error);
    duckdb_free(error);
    throw failure;
  }
  try {
    if (duckdb_connect(database_, &connection_) != DuckDBSuccess) {
      throw engine_failure(nullptr);
    }
    run(fmt::format("SET max_expression_depth = {}", kMaxExpressionDepth));
    run("SET order_by_non_integer_literal = true");
    if (query.stops_early) run("SET enable_caching_operators = false");
    if (!query.parquet_tables.empty()) {
      run("SET parquet_metadata_cache = true");
    }
    if (!query.parquet_tables.empty() || query.output)
      run(fmt::format("SET allowed_paths = {}", path_list(query)));
    if (query.output && !query.output->partition_column.empty()) {
      const std::string parent = fs::path(query.output->path).parent_path().string();
      run(fmt::format("SET allowed_directories = [{}]", engine_text(parent + "/")));
    }
    run("SET enable_external_access = false");
  } catch (...) {
    close();
    throw;
  }
}

Instance::~Instance() { close(); }

void Instance::close() {
  if (connection_ != nullptr) duckdb_disconnect(&connection_);
  if (database_ != nullptr) duckdb_close(&database_);
}

void Instance::lock() { run("SET lock_configuration = true"); }

void Instance::run(const std::string& sql) {
  duckdb_result result;
  const duckdb_state state = duckdb_query(connection_, sql.c_str(), &result);
  if (state == DuckDBSuccess) {
    duckdb_destroy_result(&result);
    return;
  }
  const QueryError failure = engine_failure(duckdb_result_error(&result));
  duckdb_destroy_result(&result);
  throw failure;
}

}  // namespace trailsql
