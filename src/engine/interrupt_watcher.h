// Carries a cancellation into DuckDB while DuckDB works.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/cancellation.h"

struct _duckdb_connection;

namespace trailsql {

/// Interrupts a connection from a thread of its own as long as `cancellation` is requested or
/// `interrupt` was called, again and again, because DuckDB forgets an interrupt that comes before
/// the query starts. Destroy it before the connection.
class InterruptWatcher {
 public:
  static constexpr int kPollIntervalMs = 10;

  InterruptWatcher(_duckdb_connection* connection, const Cancellation& cancellation);
  ~InterruptWatcher();
  InterruptWatcher(const InterruptWatcher&) = delete;
  InterruptWatcher& operator=(const InterruptWatcher&) = delete;

  /// Interrupts now and keeps on doing so.
  void interrupt();

 private:
  void watch();

  _duckdb_connection* connection_;
  const Cancellation& cancellation_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool interrupted_ = false;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace trailsql
