// Tells the scans of a query with a LIMIT that enough rows were found: DuckDB's threads that find
// none themselves would read on until their files end.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "engine/scan_function.h"

struct _duckdb_connection;

namespace trailsql {

/// Counts the rows that leave a query. Must outlive the database that it is registered in.
class EnoughRows {
 public:
  /// `scans` must outlive it. `num_rows` is the limit.
  EnoughRows(BoundScans& scans, uint64_t num_rows) : scans_(scans), num_rows_(num_rows) {}
  EnoughRows(const EnoughRows&) = delete;
  EnoughRows& operator=(const EnoughRows&) = delete;

  /// Registers the function that counts. Throws GENERIC_INTERNAL_ERROR when DuckDB refuses.
  void register_in(_duckdb_connection* connection);
  /// Returns a query with the same rows, counted.
  static std::string counted(const std::string& sql);

  void count(uint64_t num_rows);

 private:
  BoundScans& scans_;
  const uint64_t num_rows_;
  std::atomic<uint64_t> num_counted_{0};
};

}  // namespace trailsql
