// Decompression of whole files, behind one interface: which library does the work is decided here
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "store/byte_buffer.h"
#include "store/compression.h"
#include "store/raw_memory.h"

namespace trailsql {

/// Room behind the text with which the libraries stay in their fast loops up to the end.
inline constexpr size_t kInflateSlackBytes = 4096;

/// Says how decompressing a file went.
struct InflateResult {
  enum class Status {
    kOk,
    kTruncated,  // the file ends within a member
    kCorrupt,    // bad data, or its checksum or length does not fit
    kTooLarge,   // more than max_raw_bytes(), or than there is for all files read at once
  };
  Status status = Status::kOk;
  std::string problem;     // of gzip in the words of Java's streams; empty when kOk
  size_t num_members = 0;  // complete ones: members, frames, streams; of snappy all chunks are one
  size_t trailing_bytes = 0;  // ignored bytes after the last member; 0: none
};

/// Decompresses one file at a time. Not safe for several threads: every worker has its own.
class Inflater {
 public:
  virtual ~Inflater() { release(); }
  /// Inflates all members of the file `compressed` into `raw`, replacing what it held and growing
  /// it as needed. Checksums are verified where the format has them. Bytes after a complete member
  /// that do not begin another one are ignored and counted. On failure `raw` holds what was
  /// inflated so far. What `raw` takes is held until the next call, or release.
  InflateResult inflate(std::string_view compressed, ByteBuffer& raw);
  /// Gives back what the last file held, which is not needed any more.
  void release();
  /// Holds memory together with others from now on. `memory` must outlive it.
  void share(RawMemory& memory) { shared_ = &memory; }
  /// Returns the limit of a file's raw size: kMaxRawFileBytes, or 1/kMaxRawMemoryShare of the
  /// usable memory.
  static uint64_t max_raw_bytes();

 protected:
  static constexpr size_t kSlackBytes = kInflateSlackBytes;

  /// Inflates one member from the front of `rest`, which is cut off, and appends it to `raw`.
  /// Returns whether it is complete; if not, `result` says why.
  virtual bool inflate_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) = 0;
  /// Returns the size that all of it may have, as a hint for the first allocation.
  virtual size_t raw_size_hint(std::string_view compressed) const { return compressed.size() * 4; }

  /// Makes room behind the contents of `raw` for `size` bytes more. Returns false, with the reason
  /// in `result`, when that is beyond the limit.
  bool make_room(ByteBuffer& raw, size_t size, InflateResult& result);
  static bool fail(InflateResult& result, InflateResult::Status status, std::string problem);

 private:
  virtual Compression compression() const = 0;
  bool try_hold(ByteBuffer& raw, size_t capacity);
  void hold(ByteBuffer& raw, size_t capacity);

  const uint64_t max_raw_bytes_ = max_raw_bytes();
  RawMemory* shared_ = nullptr;
  uint64_t held_bytes_ = 0;
  bool has_turn_ = false;  // to hold more than all together may
};

/// Makes the inflater of a compression for which `can_inflate` is true.
std::unique_ptr<Inflater> new_inflater(Compression compression);

// The libraries behind it, one file each.
std::unique_ptr<Inflater> new_gzip_inflater(Compression compression);  // gzip or zlib
std::unique_ptr<Inflater> new_zstd_inflater();
std::unique_ptr<Inflater> new_bzip2_inflater();
std::unique_ptr<Inflater> new_snappy_inflater();

}  // namespace trailsql
