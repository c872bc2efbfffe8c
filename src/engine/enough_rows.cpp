#include "engine/enough_rows.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "base/error.h"
#include "engine/logical_type.h"

namespace trailsql {
namespace {

constexpr const char* kCountFunction = "trailsql_count_rows";

struct CountFunctionDeleter {
  void operator()(_duckdb_scalar_function* function) const {
    duckdb_destroy_scalar_function(&function);
  }
};

void count_rows(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  const size_t num_rows = duckdb_data_chunk_get_size(input);
  std::fill_n(static_cast<bool*>(duckdb_vector_get_data(output)), num_rows, true);
  static_cast<EnoughRows*>(duckdb_scalar_function_get_extra_info(info))->count(num_rows);
}

}  // namespace

void EnoughRows::register_in(_duckdb_connection* connection) {
  const std::unique_ptr<_duckdb_scalar_function, CountFunctionDeleter> function(
      duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), kCountFunction);
  duckdb_scalar_function_set_return_type(function.get(),
                                         make_logical_type(TypeKind::kBoolean).get());
  duckdb_scalar_function_set_volatile(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), this, nullptr);
  duckdb_scalar_function_set_function(function.get(), count_rows);
  if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess)
    throw QueryError(ErrorCode::kGenericInternalError, "The count of rows cannot be registered");
}

std::string EnoughRows::counted(const std::string& sql) {
  return fmt::format("SELECT * FROM ({}) WHERE {}()", sql, kCountFunction);
}

void EnoughRows::count(uint64_t num_rows) {
  if (num_counted_.fetch_add(num_rows) + num_rows >= num_rows_) scans_.stop();
}

}  // namespace trailsql
