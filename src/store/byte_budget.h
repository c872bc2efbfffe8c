// Memory that several threads share.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace trailsql {

/// Says who may hold bytes now. Safe from any thread.
class ByteBudget {
 public:
  explicit ByteBudget(uint64_t budget_bytes) : budget_bytes_(budget_bytes) {}

  /// Waits until there is room for that many bytes; more than the budget are let through alone.
  void take(uint64_t num_bytes) {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return held_bytes_ == 0 || held_bytes_ + num_bytes <= budget_bytes_; });
    held_bytes_ += num_bytes;
  }
  void give_back(uint64_t num_bytes) {
    {
      const std::lock_guard lock(mutex_);
      held_bytes_ -= num_bytes;
    }
    freed_.notify_all();
  }

 private:
  const uint64_t budget_bytes_;
  std::mutex mutex_;
  std::condition_variable freed_;
  uint64_t held_bytes_ = 0;
};

/// Bytes of a budget, for as long as it lives. Who holds some must not wait for more.
class HeldBytes {
 public:
  HeldBytes(ByteBudget& budget, uint64_t num_bytes) : budget_(budget), num_bytes_(num_bytes) {
    budget_.take(num_bytes_);
  }
  ~HeldBytes() { budget_.give_back(num_bytes_); }
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

 private:
  ByteBudget& budget_;
  const uint64_t num_bytes_;
};

}  // namespace trailsql
