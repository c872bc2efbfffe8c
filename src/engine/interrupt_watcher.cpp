#include "engine/interrupt_watcher.h"

#include <duckdb.h>

#include <chrono>

namespace trailsql {

InterruptWatcher::InterruptWatcher(_duckdb_connection* connection, const Cancellation& cancellation)
    : connection_(connection), cancellation_(cancellation), thread_([this] { watch(); }) {}

InterruptWatcher::~InterruptWatcher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void InterruptWatcher::interrupt() {
  {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
  }
  changed_.notify_one();
}

void InterruptWatcher::watch() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (interrupted_ || cancellation_.requested()) duckdb_interrupt(connection_);
    changed_.wait_for(lock, std::chrono::milliseconds(kPollIntervalMs));
  }
}

}  // namespace trailsql
