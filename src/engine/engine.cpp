#include "engine/engine.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <optional>

#include "engine/engine_error.h"
#include "engine/engine_text.h"
#include "engine/enough_rows.h"
#include "engine/instance.h"
#include "engine/interrupt_watcher.h"
#include "engine/kernel_function.h"
#include "engine/logical_type.h"
#include "engine/parquet_view.h"
#include "engine/scan_function.h"
#include "engine/scan_rows.h"
#include "engine/vector_reader.h"

namespace trailsql {
namespace {

struct PreparedDeleter {
  void operator()(_duckdb_prepared_statement* statement) const {
    duckdb_destroy_prepare(&statement);
  }
};
struct ChunkDeleter {
  void operator()(_duckdb_data_chunk* chunk) const { duckdb_destroy_data_chunk(&chunk); }
};
using Chunk = std::unique_ptr<_duckdb_data_chunk, ChunkDeleter>;

// Owns a result. DuckDB's is a plain struct, so it needs a flag.
class Result {
 public:
  Result() = default;
  ~Result() { duckdb_destroy_result(&result_); }
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;
  duckdb_result& get() { return result_; }

 private:
  duckdb_result result_{};
};

std::string copy_statement(const std::string& sql, const ParquetOutput& output) {
  std::string options = fmt::format("FORMAT parquet, COMPRESSION {}", output.compression);
  if (output.partition_column.empty()) {
    options += ", USE_TMP_FILE false";
  } else {
    // Number n is then in the folder <column>=<n>, whose name needs no escapes.
    options += fmt::format(", PARTITION_BY ({})", engine_name(output.partition_column));
  }
  return fmt::format("COPY ({}) TO {} ({})", sql, engine_text(output.path), options);
}

class DuckDbStream : public ResultStream {
 public:
  DuckDbStream(EngineQuery query, const EngineOptions& options, const Cancellation& cancellation)
      : cancellation_(cancellation),
        memory_limit_bytes_(options.database.memory_limit_bytes),
        result_types_(query.output ? std::vector<Type>{TypeKind::kBigint}
                                   : std::move(query.result_types)),
        scans_(query.scans, cancellation),
        parquet_tables_(query.parquet_tables),
        instance_(options, query) {
    scans_.register_in(instance_.connection());
    for (KernelPtr& kernel : query.kernels) {
      kernels_.push_back(std::make_unique<BoundKernel>(std::move(kernel)));
      kernels_.back()->register_in(instance_.connection());
    }
    for (size_t i = 0; i < parquet_tables_.size(); ++i) {
      create_parquet_view(instance_.connection(), parquet_tables_[i], i);
    }
    if (query.enough_rows && !query.output) {
      enough_rows_.emplace(scans_, *query.enough_rows);
      enough_rows_->register_in(instance_.connection());
      query.sql = EnoughRows::counted(query.sql);
    }
    instance_.lock();
    watcher_.emplace(instance_.connection(), cancellation);
    start(query.output ? copy_statement(query.sql, *query.output) : query.sql);
  }

  // Ends the query at once: the scan refuses further work, DuckDB is interrupted, and closing the
  // result waits for the tasks that are under way.
  ~DuckDbStream() override {
    if (!finished_) {
      scans_.abandon();
      watcher_->interrupt();
    }
    result_.reset();
    statement_.reset();
    watcher_.reset();
  }

  bool next(ColumnBatch& batch) override {
    if (finished_) {
      batch.reset(result_types_);
      return false;
    }
    while (true) {
      cancellation_.check();
      const Chunk chunk(duckdb_fetch_chunk(result_->get()));
      if (chunk == nullptr) {
        const char* error = duckdb_result_error(&result_->get());
        if (error != nullptr && *error != '\0') throw failure(error);
        finished_ = true;
        for (const ParquetTable& table : parquet_tables_) table.count_as_read();
        batch.reset(result_types_);
        return false;
      }
      const size_t num_rows = duckdb_data_chunk_get_size(chunk.get());
      if (num_rows == 0) continue;
      read(chunk.get(), num_rows, batch);
      return true;
    }
  }

 private:
  void start(const std::string& sql) {
    cancellation_.check();
    duckdb_prepared_statement raw_statement = nullptr;
    const duckdb_state prepared =
        duckdb_prepare(instance_.connection(), sql.c_str(), &raw_statement);
    statement_.reset(raw_statement);
    if (prepared != DuckDBSuccess) throw failure(duckdb_prepare_error(raw_statement));
    cancellation_.check();
    result_ = std::make_unique<Result>();
    if (duckdb_execute_prepared_streaming(raw_statement, &result_->get()) != DuckDBSuccess) {
      throw failure(duckdb_result_error(&result_->get()));
    }
    check_types();
  }

  // The lowering promised the types of the result; anything else would be read as garbage.
  void check_types() {
    duckdb_result& result = result_->get();
    const size_t num_columns = duckdb_column_count(&result);
    if (num_columns != result_types_.size()) {
      throw QueryError(ErrorCode::kGenericInternalError,
                       fmt::format("The engine made {} columns instead of {}", num_columns,
                                   result_types_.size()));
    }
    for (size_t i = 0; i < num_columns; ++i) {
      const LogicalType type(duckdb_column_logical_type(&result, i));
      const std::string actual = logical_type_text(type.get());
      const std::string expected = logical_type_text(make_logical_type(result_types_[i]).get());
      if (actual == expected) continue;
      throw QueryError(ErrorCode::kGenericInternalError,
                       fmt::format("The engine made column {} as {} instead of {} ({})", i + 1,
                                   actual, expected, result_types_[i].display()));
    }
  }

  void read(duckdb_data_chunk chunk, size_t num_rows, ColumnBatch& batch) const {
    batch.reset(result_types_);
    for (size_t i = 0; i < result_types_.size(); ++i) {
      read_vector(duckdb_data_chunk_get_vector(chunk, i), 0, num_rows, StringPolicy::kCopy,
                  batch.columns[i]);
    }
    batch.num_rows = num_rows;
  }

  QueryError failure(const char* text) const {
    cancellation_.check();  // what DuckDB says of a canceled query does not matter
    QueryError error =
        to_query_error(text == nullptr ? "The engine gave no reason" : text, memory_limit_bytes_);
    // DuckDB does not always say which file it could not read, so all are tried.
    const bool is_own = error.code() == ErrorCode::kGenericInternalError;
    for (size_t i = 0; is_own && i < parquet_tables_.size(); ++i) {
      if (auto malformed = find_malformed_file(instance_.connection(), parquet_tables_[i]))
        return *std::move(malformed);
    }
    return error;
  }

  // Destroyed from the bottom up: DuckDB's objects before what its callbacks use.
  const Cancellation& cancellation_;
  uint64_t memory_limit_bytes_;
  std::vector<Type> result_types_;
  BoundScans scans_;
  std::optional<EnoughRows> enough_rows_;
  std::vector<ParquetTable> parquet_tables_;
  std::vector<std::unique_ptr<BoundKernel>> kernels_;
  Instance instance_;
  std::optional<InterruptWatcher> watcher_;
  std::unique_ptr<_duckdb_prepared_statement, PreparedDeleter> statement_;
  std::unique_ptr<Result> result_;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<ResultStream> execute(EngineQuery query, const EngineOptions& options,
                                      const Cancellation& cancellation) {
  if (query.scan_columns && !query.output)
    return stream_scan_rows(query, options.database, cancellation);
  return std::make_unique<DuckDbStream>(std::move(query), options, cancellation);
}

std::string partition_folder(const ParquetOutput& output, int64_t number) {
  return fmt::format("{}/{}={}", output.path, output.partition_column, number);
}

std::string engine_version() {
  load_duckdb();
  std::string version = duckdb_library_version();
  return version.starts_with('v') ? version.substr(1) : version;
}

}  // namespace trailsql
