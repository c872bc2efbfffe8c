// How much memory files may take once they are decompressed. One that unfolds to far more than it
// weighs must not take the machine down, nor must several at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <semaphore>

namespace trailsql {

/// Returns the memory of the machine, or what the control group of this process allows if that is
/// less.
uint64_t usable_memory_bytes();

/// What the files that are read at the same time hold together. When the limit is reached, one file
/// at a time may grow beyond it, and the others that want to wait until it is done. Safe from
/// several threads.
class RawMemory {
 public:
  explicit RawMemory(uint64_t limit_bytes) : limit_bytes_(limit_bytes) {}

  /// Lets one of them hold `to` bytes instead of `from`. Returns false, and changes nothing, when
  /// that is more and all together would hold more than the limit.
  bool change(uint64_t from, uint64_t to);
  /// Waits until the caller is the one that may hold more; `end_turn` ends that, from any thread.
  void begin_turn() { turn_.acquire(); }
  void end_turn() { turn_.release(); }
  /// Does what `change` does, without a limit: for whose turn it is.
  void change_beyond(uint64_t from, uint64_t to) { held_bytes_ += to - from; }

 private:
  const uint64_t limit_bytes_;
  std::atomic<uint64_t> held_bytes_{0};
  std::binary_semaphore turn_{1};
};

}  // namespace trailsql
