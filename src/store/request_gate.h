// How many requests may be on their way at once: more while a server keeps up, fewer when it asks
// to slow down.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "base/cancellation.h"

namespace trailsql {

/// Lets requests through. Safe from any thread.
class RequestGate {
 public:
  explicit RequestGate(size_t max_at_once)
      : max_at_once_(max_at_once), limit_(static_cast<double>(max_at_once)) {}

  /// Waits for a place. Throws USER_CANCELED.
  void enter(const Cancellation& cancellation);
  void leave();
  /// The server asked to slow down: half as many from now on. What is said several times at once
  /// counts once.
  void slow_down();
  /// An answer came: a little more than before, up to all.
  void speed_up();

  size_t limit() const;

 private:
  const size_t max_at_once_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  double limit_;  // at least 1
  size_t num_inside_ = 0;
  std::chrono::steady_clock::time_point slowed_at_;
};

/// A place in the gate, for as long as it lives.
class GatePass {
 public:
  GatePass(RequestGate& gate, const Cancellation& cancellation) : gate_(gate) {
    gate_.enter(cancellation);
  }
  ~GatePass() { gate_.leave(); }
  GatePass(const GatePass&) = delete;
  GatePass& operator=(const GatePass&) = delete;

 private:
  RequestGate& gate_;
};

}  // namespace trailsql
