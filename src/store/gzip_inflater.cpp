// gzip and zlib. libdeflate is the fastest, but takes members whole or not at all; igzip goes on
// from any place, says what is wrong, and keeps what came before: it has whatever libdeflate did
// not take.
#include <isa-l.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>

#include "store/inflater.h"
#include "store/whole_gzip.h"

namespace trailsql {
namespace {

constexpr size_t kMaxChunkBytes = 1u << 30;  // igzip counts in 32 bits

class GzipInflater final : public Inflater {
 public:
  explicit GzipInflater(Compression compression) : compression_(compression) {}

 private:
  Compression compression() const override { return compression_; }

  // The stated size, bounded by what deflate can do at best. With the slack behind it the libraries
  // stay in their fast loops up to the end.
  size_t raw_size_hint(std::string_view compressed) const override {
    constexpr size_t kBestRatio = 1032;
    if (compression_ != Compression::kGzip) return Inflater::raw_size_hint(compressed);
    return std::min<size_t>(stated_raw_size(compressed), compressed.size() * kBestRatio);
  }

  bool inflate_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) override {
    return inflate_whole_member(rest, raw) || inflate_any_member(rest, raw, result);
  }

  // What does not fit is not begun, where the file says so: a member that is alone.
  bool inflate_whole_member(std::string_view& rest, ByteBuffer& raw) {
    const size_t room = raw.capacity() - raw.size();
    if (compression_ != Compression::kGzip || stated_raw_size(rest) > room) return false;
    const std::optional<WholeGzip::Member> member =
        whole_.inflate(rest, raw.data() + raw.size(), room);
    if (!member) return false;
    raw.set_size(raw.size() + member->raw_bytes);
    rest.remove_prefix(member->stored_bytes);
    return true;
  }

  // What follows the first member without a good and whole header is no member but garbage.
  bool inflate_any_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) {
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
  WholeGzip whole_;
  inflate_state state_{};
};

}  // namespace

std::unique_ptr<Inflater> new_gzip_inflater(Compression compression) {
  return std::make_unique<GzipInflater>(compression);
}

}  // namespace trailsql
