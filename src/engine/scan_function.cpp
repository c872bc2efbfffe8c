#include "engine/scan_function.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <algorithm>

#include "engine/engine_error.h"
#include "engine/logical_type.h"
#include "engine/vector_writer.h"

namespace trailsql {
namespace {

// DuckDB orders joins by the number of rows. All that is known before the scan is the number of
// files, and that a file of a log holds some hundred records.
constexpr size_t kAssumedRowsPerFile = 100;

struct TableFunctionDeleter {
  void operator()(_duckdb_table_function* function) const {
    duckdb_destroy_table_function(&function);
  }
};
struct ValueDeleter {
  void operator()(_duckdb_value* value) const { duckdb_destroy_value(&value); }
};

// What one thread of DuckDB's scans with.
struct LocalScan {
  std::unique_ptr<ScanWorker> worker;
  ColumnBatch batch;
  std::vector<idx_t> positions;  // of the batch's columns in DuckDB's output
};

void destroy_local_scan(void* local) { delete static_cast<LocalScan*>(local); }

void bind_scan(duckdb_bind_info info) {
  try {
    auto& scans = *static_cast<BoundScans*>(duckdb_bind_get_extra_info(info));
    const std::unique_ptr<_duckdb_value, ValueDeleter> index(duckdb_bind_get_parameter(info, 0));
    Scan& scan = scans.scan(duckdb_get_int64(index.get()));
    const ScanSpec& spec = scan.spec();
    for (size_t i = 0; i < spec.columns.size(); ++i) {
      duckdb_bind_add_result_column(info, fmt::format("c{}", i).c_str(),
                                    make_logical_type(spec.columns[i].type).get());
    }
    // DuckDB wants at least one column; nobody reads this one.
    if (spec.columns.empty()) {
      duckdb_bind_add_result_column(info, "none", make_logical_type(TypeKind::kBoolean).get());
    }
    duckdb_bind_set_cardinality(info, std::max<size_t>(scan.max_workers(), 1) * kAssumedRowsPerFile,
                                false);
    duckdb_bind_set_bind_data(info, &scan, nullptr);
  } catch (...) {
    duckdb_bind_set_error(info, encode_current_exception().c_str());
  }
}

void init_scan(duckdb_init_info info) {
  try {
    const Scan& scan = *static_cast<Scan*>(duckdb_init_get_bind_data(info));
    duckdb_init_set_max_threads(info, std::max<size_t>(scan.max_workers(), 1));
  } catch (...) {
    duckdb_init_set_error(info, encode_current_exception().c_str());
  }
}

void init_worker(duckdb_init_info info) {
  try {
    Scan& scan = *static_cast<Scan*>(duckdb_init_get_bind_data(info));
    const std::vector<ScanColumn>& columns = scan.spec().columns;
    auto local = std::make_unique<LocalScan>();
    std::vector<uint32_t> wanted;
    for (idx_t i = 0; i < duckdb_init_get_column_count(info); ++i) {
      const idx_t column = duckdb_init_get_column_index(info, i);
      // Beyond the columns are DuckDB's virtual ones, asked for when only the rows' number counts.
      if (column >= columns.size()) continue;
      wanted.push_back(static_cast<uint32_t>(column));
      local->batch.columns.emplace_back(columns[column].type);
      local->positions.push_back(i);
    }
    local->worker = scan.new_worker(wanted);
    duckdb_init_set_init_data(info, local.release(), destroy_local_scan);
  } catch (...) {
    duckdb_init_set_error(info, encode_current_exception().c_str());
  }
}

void check_batch(const ColumnBatch& batch, size_t num_rows, size_t max_rows) {
  bool fits = num_rows <= max_rows;
  for (const Column& column : batch.columns) fits = fits && column.size() == num_rows;
  if (fits) return;
  throw QueryError(ErrorCode::kGenericInternalError,
                   fmt::format("A scan delivered columns that do not have {} rows", num_rows));
}

void scan_batch(duckdb_function_info info, duckdb_data_chunk output) {
  try {
    const auto& scans = *static_cast<BoundScans*>(duckdb_function_get_extra_info(info));
    auto& local = *static_cast<LocalScan*>(duckdb_function_get_local_init_data(info));
    scans.check();
    local.batch.clear();
    const size_t max_rows = duckdb_vector_size();
    const size_t num_rows = scans.is_stopped() ? 0 : local.worker->next(local.batch, max_rows);
    if (num_rows != 0) check_batch(local.batch, num_rows, max_rows);
    for (size_t i = 0; num_rows != 0 && i < local.positions.size(); ++i) {
      write_vector(duckdb_data_chunk_get_vector(output, local.positions[i]),
                   local.batch.columns[i]);
    }
    duckdb_data_chunk_set_size(output, num_rows);
  } catch (...) {
    duckdb_function_set_error(info, encode_current_exception().c_str());
  }
}

}  // namespace

void BoundScans::register_in(_duckdb_connection* connection) {
  std::unique_ptr<_duckdb_table_function, TableFunctionDeleter> function(
      duckdb_create_table_function());
  duckdb_table_function_set_name(function.get(), "trailsql_scan");
  duckdb_table_function_add_parameter(function.get(), make_logical_type(TypeKind::kInteger).get());
  duckdb_table_function_set_extra_info(function.get(), this, nullptr);
  duckdb_table_function_set_bind(function.get(), bind_scan);
  duckdb_table_function_set_init(function.get(), init_scan);
  duckdb_table_function_set_local_init(function.get(), init_worker);
  duckdb_table_function_set_function(function.get(), scan_batch);
  duckdb_table_function_supports_projection_pushdown(function.get(), true);
  if (duckdb_register_table_function(connection, function.get()) != DuckDBSuccess) {
    throw QueryError(ErrorCode::kGenericInternalError, "trailsql_scan cannot be registered");
  }
}

Scan& BoundScans::scan(int64_t index) const {
  if (index < 0 || static_cast<size_t>(index) >= scans_.size()) {
    throw QueryError(ErrorCode::kGenericInternalError, fmt::format("No scan has number {}", index));
  }
  return *scans_[static_cast<size_t>(index)];
}

void BoundScans::stop() {
  if (stopped_.exchange(true)) return;
  for (const std::shared_ptr<Scan>& scan : scans_) scan->stop();
}

void BoundScans::check() const {
  cancellation_.check();
  if (abandoned_.load(std::memory_order_relaxed)) {
    throw QueryError(ErrorCode::kUserCanceled, "Query was abandoned");
  }
}

}  // namespace trailsql
