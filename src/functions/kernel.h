// Kernels: functions of ours that the engine runs, for everything where DuckDB's own differ from
// Trino's. Columns in, a column out.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "types/column.h"

namespace trailsql {

/// Hands one batch to a kernel. `arguments` are columns of equal size; exactly `num_rows` values
/// must be appended to `result`.
struct KernelCall {
  std::span<const Column* const> arguments;
  size_t num_rows;
  Column& result;
};

/// Computes a batch. Throws QueryError to fail the query (inside TRY that row becomes NULL). Must
/// be pure: same input, same output.
using KernelFunction = std::function<void(const KernelCall&)>;

/// One kernel for one concrete signature; the engine registers it under `sql_name` before the query
/// runs.
struct Kernel {
  std::string sql_name;  // unique for the signature, for example "k_lower_varchar"
  std::vector<Type> argument_types;
  Type result_type;
  bool called_on_null = false;  // else the engine makes the result NULL wherever an argument is;
                                // rows may still be in the batch
  KernelFunction run;
};
using KernelPtr = std::shared_ptr<const Kernel>;

/// Calls `function(row)` for every row whose arguments are all not NULL, and appends NULL for the
/// others. `function` must append exactly one value to `call.result`.
template <typename Function>
void for_each_row(const KernelCall& call, Function&& function) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    bool has_null = false;
    for (const Column* argument : call.arguments) has_null = has_null || argument->is_null(row);
    if (has_null) {
      call.result.append_null();
    } else {
      function(row);
    }
  }
}

}  // namespace trailsql
