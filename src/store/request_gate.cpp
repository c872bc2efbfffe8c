#include "store/request_gate.h"

#include <algorithm>

namespace trailsql {
namespace {

constexpr auto kSlowDownInterval = std::chrono::milliseconds(500);
constexpr auto kGateCheckInterval = std::chrono::milliseconds(50);

}  // namespace

void RequestGate::enter(const Cancellation& cancellation) {
  std::unique_lock lock(mutex_);
  while (static_cast<double>(num_inside_) + 1 > limit_) {
    cancellation.check();
    changed_.wait_for(lock, kGateCheckInterval);
  }
  ++num_inside_;
}

void RequestGate::leave() {
  {
    const std::lock_guard lock(mutex_);
    --num_inside_;
  }
  changed_.notify_one();
}

void RequestGate::slow_down() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - slowed_at_ < kSlowDownInterval) return;
  slowed_at_ = now;
  limit_ = std::max(1.0, limit_ / 2);
}

void RequestGate::speed_up() {
  {
    const std::lock_guard lock(mutex_);
    if (limit_ >= static_cast<double>(max_at_once_)) return;
    // One more each time that all of them have come through.
    limit_ = std::min(static_cast<double>(max_at_once_), limit_ + 1 / limit_);
  }
  changed_.notify_one();
}

size_t RequestGate::limit() const {
  const std::lock_guard lock(mutex_);
  return static_cast<size_t>(limit_);
}

}  // namespace trailsql
