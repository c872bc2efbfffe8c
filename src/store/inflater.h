// Gunzip of whole files, behind one interface: which library does the work is decided here only.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "store/byte_buffer.h"

namespace trailsql {

/// Says how gunzipping a file went.
struct InflateResult {
  enum class Status {
    kOk,
    kTruncated,  // the file ends within a member
    kCorrupt,    // bad data, or its checksum or length does not fit
    kTooLarge,   // more than kMaxRawFileBytes, or than 1/kMaxRawMemoryShare of the memory
  };
  Status status = Status::kOk;
  std::string problem;        // in the words of Java's gzip streams; empty when kOk
  size_t num_members = 0;     // complete ones
  size_t trailing_bytes = 0;  // ignored bytes after the last member; 0: none
};

/// Gunzips one file at a time. Not safe for several threads: every worker has its own.
class Inflater {
 public:
  virtual ~Inflater() = default;
  /// Inflates all members of the gzip file `compressed` into `raw`, replacing what it held and
  /// growing it as needed. Checksums are verified. Bytes after a complete member that do not begin
  /// another one are ignored and counted. On failure `raw` holds what was inflated so far.
  virtual InflateResult inflate(std::string_view compressed, ByteBuffer& raw) = 0;
};

std::unique_ptr<Inflater> new_inflater();

/// Returns whether `bytes` begin like a gzip file (RFC 1952), whatever its name says.
bool looks_like_gzip(std::string_view bytes);

}  // namespace trailsql
