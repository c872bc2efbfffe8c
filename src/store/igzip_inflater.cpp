// The Inflater that stands on ISA-L's igzip, the fastest inflater that the distribution carries.
#include <fmt/core.h>
#include <isa-l.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "store/inflater.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

constexpr size_t kMaxChunkBytes = 1u << 30;  // igzip counts in 32 bits
constexpr size_t kMinGzipBytes = 18;         // header and trailer

// The raw size that the last four bytes of a gzip file state (modulo 2^32), bounded by what deflate
// can do at best: only a hint for the first allocation.
size_t raw_size_hint(std::string_view compressed) {
  constexpr size_t kBestRatio = 1032;
  if (compressed.size() < kMinGzipBytes) return 0;
  uint32_t stated = 0;
  for (size_t i = 0; i < 4; ++i)
    stated |= static_cast<uint32_t>(static_cast<uint8_t>(compressed[compressed.size() - 4 + i]))
              << (8 * i);
  return std::min<size_t>(stated, compressed.size() * kBestRatio);
}

// A file is held in memory whole: one that unfolds to far more than it weighs must not take the
// machine down.
uint64_t max_raw_bytes() {
  const long num_pages = ::sysconf(_SC_PHYS_PAGES);
  const long page_bytes = ::sysconf(_SC_PAGESIZE);
  if (num_pages <= 0 || page_bytes <= 0) return kMaxRawFileBytes;
  const auto memory_bytes = static_cast<uint64_t>(num_pages) * static_cast<uint64_t>(page_bytes);
  return std::min(kMaxRawFileBytes, memory_bytes / kMaxRawMemoryShare);
}

class IgzipInflater : public Inflater {
 public:
  InflateResult inflate(std::string_view compressed, ByteBuffer& raw) override {
    raw.set_size(0);
    // A few bytes more than stated keep igzip in its fast loop up to the end.
    raw.reserve(raw_size_hint(compressed) + kSlackBytes);
    InflateResult result;
    std::string_view rest = compressed;
    while (result.status == InflateResult::Status::kOk) {
      const bool first = result.num_members == 0;
      if (!inflate_member(rest, raw, first, result)) break;
      ++result.num_members;
      if (rest.empty()) break;
      if (!looks_like_gzip(rest)) {
        result.trailing_bytes = rest.size();
        break;
      }
    }
    return result;
  }

 private:
  static constexpr size_t kSlackBytes = 4096;

  // Inflates one member from the front of `rest`, which is cut off. Returns whether it is complete;
  // if not, `result` says why. What follows the first member without a good header is no member
  // but garbage.
  bool inflate_member(std::string_view& rest, ByteBuffer& raw, bool first, InflateResult& result) {
    ::isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
    size_t consumed = 0;
    while (state_.block_state != ISAL_BLOCK_FINISH) {
      if (raw.size() + kSlackBytes / 2 > raw.capacity())
        raw.reserve(raw.capacity() * 2 + kSlackBytes);
      const size_t chunk_in = std::min(rest.size() - consumed, kMaxChunkBytes);
      const size_t chunk_out = std::min(raw.capacity() - raw.size(), kMaxChunkBytes);
      state_.next_in =
          reinterpret_cast<uint8_t*>(const_cast<char*>(rest.data() + consumed));  // only read
      state_.avail_in = static_cast<uint32_t>(chunk_in);
      state_.next_out = reinterpret_cast<uint8_t*>(raw.data() + raw.size());
      state_.avail_out = static_cast<uint32_t>(chunk_out);
      const int status = ::isal_inflate(&state_);
      const size_t num_read = chunk_in - state_.avail_in;
      const size_t num_written = chunk_out - state_.avail_out;
      consumed += num_read;
      raw.set_size(raw.size() + num_written);
      if (!first && (status == ISAL_INVALID_WRAPPER || status == ISAL_UNSUPPORTED_METHOD)) {
        result.trailing_bytes = rest.size();
        return false;
      }
      if (status < 0) return fail(result, InflateResult::Status::kCorrupt, describe(status));
      if (raw.size() > max_raw_bytes_)
        return fail(result, InflateResult::Status::kTooLarge,
                    fmt::format("more than {} after decompression",
                                human_size(static_cast<double>(max_raw_bytes_))));
      if (num_read == 0 && num_written == 0 && state_.block_state != ISAL_BLOCK_FINISH)
        return fail(result, InflateResult::Status::kTruncated,
                    "Unexpected end of ZLIB input stream");
    }
    rest.remove_prefix(consumed);
    return true;
  }

  static bool fail(InflateResult& result, InflateResult::Status status, std::string problem) {
    result.status = status;
    result.problem = std::move(problem);
    return false;
  }

  static std::string describe(int status) {
    switch (status) {
      case ISAL_INVALID_WRAPPER: return "Not in GZIP format";
      case ISAL_UNSUPPORTED_METHOD: return "Unsupported compression method";
      case ISAL_INCORRECT_CHECKSUM: return "Corrupt GZIP trailer";
      case ISAL_INVALID_LOOKBACK: return "invalid distance too far back";
      case ISAL_INVALID_SYMBOL: return "invalid literal/length or distance code";
      default: return "invalid deflate data";
    }
  }

  inflate_state state_{};
  const uint64_t max_raw_bytes_ = max_raw_bytes();
};

}  // namespace

std::unique_ptr<Inflater> new_inflater() { return std::make_unique<IgzipInflater>(); }

bool looks_like_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

}  // namespace trailsql
