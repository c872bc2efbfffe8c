// zstd by its own library.
#include <fmt/core.h>
#include <zstd.h>

#include <algorithm>

#include "store/inflater.h"

namespace trailsql {
namespace {

struct StreamDeleter {
  void operator()(ZSTD_DStream* stream) const { ::ZSTD_freeDStream(stream); }
};

class ZstdInflater final : public Inflater {
 private:
  Compression compression() const override { return Compression::kZstd; }

  size_t raw_size_hint(std::string_view compressed) const override {
    const unsigned long long stated =
        ::ZSTD_getFrameContentSize(compressed.data(), compressed.size());
    if (stated == ZSTD_CONTENTSIZE_UNKNOWN || stated == ZSTD_CONTENTSIZE_ERROR)
      return Inflater::raw_size_hint(compressed);
    // What is stated may be a lie; more is made room for as it comes.
    constexpr size_t kBelievedRatio = 64;
    return std::min<size_t>(stated, compressed.size() * kBelievedRatio);
  }

  bool inflate_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) override {
    ::ZSTD_DCtx_reset(stream_.get(), ZSTD_reset_session_only);
    ZSTD_inBuffer in{rest.data(), rest.size(), 0};
    while (true) {
      if (!make_room(raw, kSlackBytes, result)) return false;
      ZSTD_outBuffer out{raw.data(), raw.capacity(), raw.size()};
      const size_t before = in.pos;
      const size_t status = ::ZSTD_decompressStream(stream_.get(), &out, &in);
      const bool moved = in.pos != before || out.pos != raw.size();
      raw.set_size(out.pos);
      if (::ZSTD_isError(status) != 0)
        return fail(result, InflateResult::Status::kCorrupt,
                    fmt::format("zstd: {}", ::ZSTD_getErrorName(status)));
      if (status == 0) break;
      if (!moved || (in.pos == in.size && out.pos < out.size))
        return fail(result, InflateResult::Status::kTruncated, "Unexpected end of zstd data");
    }
    rest.remove_prefix(in.pos);
    return true;
  }

  const std::unique_ptr<ZSTD_DStream, StreamDeleter> stream_{::ZSTD_createDStream()};
};

}  // namespace

std::unique_ptr<Inflater> new_zstd_inflater() { return std::make_unique<ZstdInflater>(); }

}  // namespace trailsql
