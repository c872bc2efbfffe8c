// Kernels as DuckDB's scalar functions.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "functions/kernel.h"

struct _duckdb_connection;

namespace trailsql {

/// Holds what one call of a kernel needs; kept between calls, so that batches cost no allocations.
struct KernelScratch {
  std::vector<Column> arguments;
  std::vector<const Column*> argument_pointers;
  Column result;
};

/// Binds one kernel to DuckDB: DuckDB's vectors in, the kernel's columns between, a vector out.
/// Must outlive the database it is registered in. Several threads may call it at once.
class BoundKernel {
 public:
  explicit BoundKernel(KernelPtr kernel) : kernel_(std::move(kernel)) {}
  BoundKernel(const BoundKernel&) = delete;
  BoundKernel& operator=(const BoundKernel&) = delete;

  /// Registers the function under the kernel's name. Throws GENERIC_INTERNAL_ERROR when DuckDB
  /// refuses.
  void register_in(_duckdb_connection* connection);

  const Kernel& kernel() const { return *kernel_; }
  std::unique_ptr<KernelScratch> take_scratch();
  void give_back(std::unique_ptr<KernelScratch> scratch);

 private:
  KernelPtr kernel_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<KernelScratch>> free_scratches_;
};

}  // namespace trailsql
