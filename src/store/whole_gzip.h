// Members of gzip that are whole, in good order, and of known size at most: the fast way for nearly
// every file. Whatever is otherwise is for the Inflater, which says what.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct libdeflate_decompressor;

namespace trailsql {

/// Inflates one member at a time. Not safe for several threads.
class WholeGzip {
 public:
  WholeGzip();
  ~WholeGzip();

  /// Sizes of a member.
  struct Member {
    size_t stored_bytes;
    size_t raw_bytes;
  };
  /// Inflates the member at the front of `gzip` into at most `room` bytes at `out`, checksum
  /// verified. Nothing when it does not fit, is damaged or unusual, or when the program was built
  /// without libdeflate; what `out` holds is then unknown.
  std::optional<Member> inflate(std::string_view gzip, char* out, size_t room);

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

/// Returns the raw size, modulo 2^32, that the last four bytes of a gzip file state: of its last
/// member. 0 when it is too short to be one.
uint32_t stated_raw_size(std::string_view gzip);

}  // namespace trailsql
