#include "engine/kernel_function.h"

#include <duckdb.h>
#include <fmt/core.h>

#include "engine/engine_error.h"
#include "engine/logical_type.h"
#include "engine/vector_reader.h"
#include "engine/vector_writer.h"

namespace trailsql {
namespace {

struct ScalarFunctionDeleter {
  void operator()(_duckdb_scalar_function* function) const {
    duckdb_destroy_scalar_function(&function);
  }
};

// A kernel that is not called on NULL may have appended something for rows with a NULL argument.
void overwrite_nulls(const Kernel& kernel, const KernelScratch& scratch, duckdb_vector output) {
  for (const Column& argument : scratch.arguments) {
    const std::vector<uint8_t>& valid = argument.validity();
    for (size_t row = 0; row < valid.size(); ++row) {
      if (valid[row] == 0 && !scratch.result.is_null(row)) {
        write_null(output, kernel.result_type, row);
      }
    }
  }
}

void run_batch(const Kernel& kernel, KernelScratch& scratch, duckdb_data_chunk input,
               duckdb_vector output) {
  const size_t num_rows = duckdb_data_chunk_get_size(input);
  for (size_t i = 0; i < scratch.arguments.size(); ++i) {
    scratch.arguments[i].clear();
    read_vector(duckdb_data_chunk_get_vector(input, i), 0, num_rows, StringPolicy::kBorrow,
                scratch.arguments[i]);
  }
  scratch.result.clear();
  kernel.run({scratch.argument_pointers, num_rows, scratch.result});
  if (scratch.result.size() != num_rows) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("Kernel {} made {} values for {} rows", kernel.sql_name,
                                 scratch.result.size(), num_rows));
  }
  write_vector(output, scratch.result);
  if (!kernel.called_on_null) overwrite_nulls(kernel, scratch, output);
}

void call_kernel(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
  auto& bound = *static_cast<BoundKernel*>(duckdb_scalar_function_get_extra_info(info));
  try {
    auto scratch = bound.take_scratch();
    run_batch(bound.kernel(), *scratch, input, output);
    bound.give_back(std::move(scratch));
  } catch (...) {
    duckdb_scalar_function_set_error(info, encode_current_exception().c_str());
  }
}

}  // namespace

void BoundKernel::register_in(_duckdb_connection* connection) {
  std::unique_ptr<_duckdb_scalar_function, ScalarFunctionDeleter> function(
      duckdb_create_scalar_function());
  duckdb_scalar_function_set_name(function.get(), kernel_->sql_name.c_str());
  for (const Type& type : kernel_->argument_types) {
    duckdb_scalar_function_add_parameter(function.get(), make_logical_type(type).get());
  }
  duckdb_scalar_function_set_return_type(function.get(),
                                         make_logical_type(kernel_->result_type).get());
  // Without this the engine puts a NULL of no type in the place of a call whose argument folds to
  // NULL. The rule itself is kept by overwrite_nulls.
  duckdb_scalar_function_set_special_handling(function.get());
  duckdb_scalar_function_set_extra_info(function.get(), this, nullptr);
  duckdb_scalar_function_set_function(function.get(), call_kernel);
  if (duckdb_register_scalar_function(connection, function.get()) != DuckDBSuccess) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("Kernel {} cannot be registered", kernel_->sql_name));
  }
}

std::unique_ptr<KernelScratch> BoundKernel::take_scratch() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_scratches_.empty()) {
      auto scratch = std::move(free_scratches_.back());
      free_scratches_.pop_back();
      return scratch;
    }
  }
  auto scratch = std::make_unique<KernelScratch>();
  for (const Type& type : kernel_->argument_types) scratch->arguments.emplace_back(type);
  for (const Column& column : scratch->arguments) scratch->argument_pointers.push_back(&column);
  scratch->result = Column(kernel_->result_type);
  return scratch;
}

void BoundKernel::give_back(std::unique_ptr<KernelScratch> scratch) {
  const std::lock_guard lock(mutex_);
  free_scratches_.push_back(std::move(scratch));
}

}  // namespace trailsql
