// Scans as DuckDB's table function trailsql_scan(i).
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/cancellation.h"
#include "scan/scan.h"

struct _duckdb_connection;

namespace trailsql {

/// The scans of one query, as the table function sees them. Must outlive the database it is
/// registered in; `cancellation` must outlive it.
class BoundScans {
 public:
  BoundScans(std::vector<std::shared_ptr<Scan>> scans, const Cancellation& cancellation)
      : scans_(std::move(scans)), cancellation_(cancellation) {}
  BoundScans(const BoundScans&) = delete;
  BoundScans& operator=(const BoundScans&) = delete;

  /// Registers trailsql_scan. Throws GENERIC_INTERNAL_ERROR when DuckDB refuses.
  void register_in(_duckdb_connection* connection);

  /// Returns scan `index`; throws GENERIC_INTERNAL_ERROR when there is none.
  Scan& scan(int64_t index) const;
  /// Makes all further calls fail, since nobody wants the rows any more. Safe from any thread.
  void abandon() { abandoned_.store(true, std::memory_order_relaxed); }
  /// Throws USER_CANCELED when the query was canceled or abandoned.
  void check() const;
  /// Makes the scans end: the query has all the rows that it needs. Safe from any thread.
  void stop();
  bool is_stopped() const { return stopped_.load(std::memory_order_relaxed); }

 private:
  std::vector<std::shared_ptr<Scan>> scans_;
  const Cancellation& cancellation_;
  std::atomic<bool> abandoned_{false};
  std::atomic<bool> stopped_{false};
};

}  // namespace trailsql
