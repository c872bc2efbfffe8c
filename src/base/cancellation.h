// How a running query learns that nobody wants it any more.
#pragma once

#include <atomic>

#include "base/error.h"

namespace trailsql {

/// Carries the wish to stop from one thread (or a signal handler) to all threads of a query. Safe
/// from any thread.
class Cancellation {
 public:
  void request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }
  /// Throws USER_CANCELED once `request` was called.
  void check() const {
    if (requested()) throw QueryError(ErrorCode::kUserCanceled, "Query was canceled");
  }

 private:
  std::atomic<bool> requested_{false};
};

}  // namespace trailsql
