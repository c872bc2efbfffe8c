#include "store/compressor.h"

#include <isa-l.h>
#include <zstd.h>

#include <array>
#include <vector>

#include "base/error.h"

namespace trailsql {
namespace {

constexpr size_t kOutputBytes = 64 * 1024;

[[noreturn]] void fail(const std::string& reason) {
  throw QueryError(ErrorCode::kGenericInternalError, "Compressing a file failed: " + reason);
}

class PlainCompressor : public Compressor {
 public:
  void add(std::string_view bytes, std::string& out) override { out += bytes; }
  void finish(std::string&) override {}
};

class GzipCompressor : public Compressor {
 public:
  GzipCompressor() : level_buffer_(ISAL_DEF_LVL1_DEFAULT) {
    isal_deflate_init(&stream_);
    stream_.level = 1;
    stream_.level_buf = level_buffer_.data();
    stream_.level_buf_size = static_cast<uint32_t>(level_buffer_.size());
    stream_.gzip_flag = IGZIP_GZIP;
    stream_.flush = NO_FLUSH;
  }

  void add(std::string_view bytes, std::string& out) override {
    constexpr size_t kMaxInputBytes = size_t{1} << 30U;  // the library counts in 32 bits
    while (!bytes.empty()) {
      const std::string_view part = bytes.substr(0, kMaxInputBytes);
      bytes.remove_prefix(part.size());
      deflate(part, out);
    }
  }

  void finish(std::string& out) override {
    stream_.end_of_stream = 1;
    deflate({}, out);
  }

 private:
  void deflate(std::string_view bytes, std::string& out) {
    // The library's interface does not know const.
    stream_.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uint32_t>(bytes.size());
    do {
      stream_.next_out = output_.data();
      stream_.avail_out = static_cast<uint32_t>(output_.size());
      if (const int status = isal_deflate(&stream_); status != COMP_OK)
        fail("isal_deflate answered " + std::to_string(status));
      out.append(reinterpret_cast<const char*>(output_.data()), output_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  isal_zstream stream_{};
  std::vector<uint8_t> level_buffer_;
  std::array<uint8_t, kOutputBytes> output_{};
};

struct ZstdDeleter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

class ZstdCompressor : public Compressor {
 public:
  ZstdCompressor() : context_(ZSTD_createCCtx()) {
    if (!context_) fail("no memory");
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }
  void add(std::string_view bytes, std::string& out) override {
    compress(bytes, ZSTD_e_continue, out);
  }
  void finish(std::string& out) override { compress({}, ZSTD_e_end, out); }

 private:
  void compress(std::string_view bytes, ZSTD_EndDirective directive, std::string& out) {
    ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer output{output_.data(), output_.size(), 0};
      const size_t left = ZSTD_compressStream2(context_.get(), &output, &input, directive);
      if (ZSTD_isError(left) != 0) fail(ZSTD_getErrorName(left));
      out.append(output_.data(), output.pos);
      const bool done = directive == ZSTD_e_end ? left == 0 : input.pos == input.size;
      if (done) return;
    }
  }

  std::unique_ptr<ZSTD_CCtx, ZstdDeleter> context_;
  std::array<char, kOutputBytes> output_{};
};

}  // namespace

std::unique_ptr<Compressor> new_gzip_compressor() { return std::make_unique<GzipCompressor>(); }
std::unique_ptr<Compressor> new_zstd_compressor() { return std::make_unique<ZstdCompressor>(); }
std::unique_ptr<Compressor> new_plain_compressor() { return std::make_unique<PlainCompressor>(); }

}  // namespace trailsql
