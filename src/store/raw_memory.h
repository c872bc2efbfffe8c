// How much memory files may take once they are decompressed. One that unfolds to far more than it
// weighs must not take the machine down, nor must several at once.
#pragma once

#include <atomic>
#include <cstdint>

namespace trailsql {

/// Returns the memory of the machine, or what the control group of this process allows if that is
/// less.
uint64_t usable_memory_bytes();

/// What the files that are read at the same time hold together. Safe from several threads.
class RawMemory {
 public:
  explicit RawMemory(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Lets one of them hold `to` bytes instead of `from`. Returns false, and changes nothing, when
  /// that is more and all together would hold more than the limit.
  bool change(uint64_t from, uint64_t to);
  uint64_t limit_bytes() const { return limit_bytes_; }

 private:
  const uint64_t limit_bytes_;
  std::atomic<uint64_t> held_bytes_{0};
};

}  // namespace trailsql
