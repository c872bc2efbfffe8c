// gzip and zlib by ISA-L's igzip, the fastest inflater that the distribution carries.
#include <isa-l.h>

#include <algorithm>
#include <cstdint>

#include "store/inflater.h"

namespace trailsql {
namespace {

constexpr size_t kMaxChunkBytes = 1u << 30;  // igzip counts in 32 bits
constexpr size_t kMinGzipBytes = 18;         // header and trailer

class IgzipInflater final : public Inflater {
 public:
  explicit IgzipInflater(Compression compression) : compression_(compression) {}

 private:
  Compression compression() const override { return compression_; }

  // The raw size that the last four bytes of a gzip file state (modulo 2^32), bounded by what
  // deflate can do at best. With the slack behind it igzip stays in its fast loop up to the end.
  size_t raw_size_hint(std::string_view compressed) const override {
    constexpr size_t kBestRatio = 1032;
    if (compression_ != Compression::kGzip) return Inflater::raw_size_hint(compressed);
    if (compressed.size() < kMinGzipBytes) return 0;
    uint32_t stated = 0;
    for (size_t i = 0; i < 4; ++i)
      stated |= static_cast<uint32_t>(static_cast<uint8_t>(compressed[compressed.size() - 4 + i]))
                << (8 * i);
    return std::min<size_t>(stated, compressed.size() * kBestRatio);
  }

  // What follows the first member without a good and whole header is no member but garbage.
  bool inflate_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) override {
    const bool first = result.num_members == 0;
    ::isal_inflate_init(&state_);
    state_.crc_flag = compression_ == Compression::kGzip ? ISAL_GZIP : ISAL_ZLIB;
    size_t consumed = 0;
    while (state_.block_state != ISAL_BLOCK_FINISH) {
      if (!make_room(raw, kSlackBytes / 2, result)) return false;
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
      if (num_read == 0 && num_written == 0 && state_.block_state != ISAL_BLOCK_FINISH) {
        const bool in_header = state_.wrapper_flag == 0;
        if (!first && in_header) {
          result.trailing_bytes = rest.size();
          return false;
        }
        return fail(result, InflateResult::Status::kTruncated,
                    "Unexpected end of ZLIB input stream");
      }
    }
    rest.remove_prefix(consumed);
    return true;
  }

  std::string describe(int status) const {
    const bool gzip = compression_ == Compression::kGzip;
    switch (status) {
      case ISAL_INVALID_WRAPPER: return gzip ? "Not in GZIP format" : "incorrect header check";
      case ISAL_UNSUPPORTED_METHOD: return "Unsupported compression method";
      case ISAL_INCORRECT_CHECKSUM: return gzip ? "Corrupt GZIP trailer" : "incorrect data check";
      case ISAL_INVALID_LOOKBACK: return "invalid distance too far back";
      case ISAL_INVALID_SYMBOL: return "invalid literal/length or distance code";
      default: return "invalid deflate data";
    }
  }

  const Compression compression_;
  inflate_state state_{};
};

}  // namespace

std::unique_ptr<Inflater> new_igzip_inflater(Compression compression) {
  return std::make_unique<IgzipInflater>(compression);
}

}  // namespace trailsql
