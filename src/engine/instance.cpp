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

QueryError engine_failure(const char* text) {
  return to_query_error(text == nullptr ? "DuckDB gave no reason" : text, 0);
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
  std::string settings =
      fmt::format("SET temp_directory = {}", engine_text(temporary_folder(options)));
  const auto set = [&](std::string_view setting) { settings += fmt::format("; SET {}", setting); };
  set(fmt::format("preserve_insertion_order = {}", query.ordered));
  set(fmt::format("max_expression_depth = {}", kMaxExpressionDepth));
  set("order_by_non_integer_literal = true");
  // Rows that are ready while others are handed on: a batch of wide rows is megabytes.
  set(query.enough_rows ? "enable_caching_operators = false" : "streaming_buffer_size = '16MB'");
  if (!query.parquet_tables.empty()) set("parquet_metadata_cache = true");
  if (!query.parquet_tables.empty() || query.output)
    set(fmt::format("allowed_paths = {}", path_list(query)));
  if (query.output && !query.output->partition_column.empty()) {
    const std::string parent = fs::path(query.output->path).parent_path().string();
    set(fmt::format("allowed_directories = [{}]", engine_text(parent + "/")));
  }
  set("enable_external_access = false");
  database_ = options.stock ? options.stock->take() : open_database(options.database);
  try {
    if (duckdb_connect(database_.get(), &connection_) != DuckDBSuccess)
      throw engine_failure(nullptr);
    run(settings);
  } catch (...) {
    close();
    throw;
  }
}

Instance::~Instance() { close(); }

void Instance::close() {
  if (connection_ != nullptr) duckdb_disconnect(&connection_);
  database_.reset();
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
