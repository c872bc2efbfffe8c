// bzip2 by its own library.
#include <bzlib.h>

#include <algorithm>

#include "store/inflater.h"

namespace trailsql {
namespace {

constexpr size_t kMaxChunkBytes = 1u << 30;  // libbz2 counts in 32 bits

// One bz_stream, closed at the end of its scope.
class Stream {
 public:
  Stream() { good_ = ::BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK; }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (good_) ::BZ2_bzDecompressEnd(&stream_);
  }
  bool good() const { return good_; }
  bz_stream& get() { return stream_; }

 private:
  bz_stream stream_{};
  bool good_ = false;
};

class Bzip2Inflater final : public Inflater {
 private:
  Compression compression() const override { return Compression::kBzip2; }

  bool inflate_member(std::string_view& rest, ByteBuffer& raw, InflateResult& result) override {
    Stream stream;
    if (!stream.good())
      return fail(result, InflateResult::Status::kCorrupt, "bzip2: no memory for a block");
    size_t consumed = 0;
    int status = BZ_OK;
    while (status != BZ_STREAM_END) {
      if (!make_room(raw, kSlackBytes, result)) return false;
      const size_t chunk_in = std::min(rest.size() - consumed, kMaxChunkBytes);
      const size_t chunk_out = std::min(raw.capacity() - raw.size(), kMaxChunkBytes);
      stream.get().next_in = const_cast<char*>(rest.data() + consumed);  // only read
      stream.get().avail_in = static_cast<unsigned>(chunk_in);
      stream.get().next_out = raw.data() + raw.size();
      stream.get().avail_out = static_cast<unsigned>(chunk_out);
      status = ::BZ2_bzDecompress(&stream.get());
      const size_t num_read = chunk_in - stream.get().avail_in;
      const size_t num_written = chunk_out - stream.get().avail_out;
      consumed += num_read;
      raw.set_size(raw.size() + num_written);
      if (status == BZ_DATA_ERROR || status == BZ_DATA_ERROR_MAGIC)
        return fail(result, InflateResult::Status::kCorrupt,
                    "bzip2: data or checksum is not right");
      if (status < 0) return fail(result, InflateResult::Status::kCorrupt, "bzip2: cannot be read");
      if (status == BZ_OK && num_read == 0 && num_written == 0)
        return fail(result, InflateResult::Status::kTruncated, "Unexpected end of bzip2 data");
    }
    rest.remove_prefix(consumed);
    return true;
  }
};

}  // namespace

std::unique_ptr<Inflater> new_bzip2_inflater() { return std::make_unique<Bzip2Inflater>(); }

}  // namespace trailsql
