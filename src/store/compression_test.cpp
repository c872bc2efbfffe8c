#include "store/compression.h"

#include <bzlib.h>
#include <gtest/gtest.h>
#include <snappy.h>
#include <zstd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "store/gzip_for_test.h"
#include "store/inflater.h"

namespace trailsql {
namespace {

using Status = InflateResult::Status;

std::string zstd_frame(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  std::vector<char> buffer(out.size());
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string bzip2_stream(std::string_view text) {
  std::string out(text.size() + text.size() / 50 + 1000, '\0');
  auto size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

// The deflate data of a gzip member between zlib's header and Adler-32.
std::string zlib_stream(std::string_view text) {
  constexpr size_t kGzipHeaderBytes = 10;
  constexpr size_t kGzipTrailerBytes = 8;
  const std::string gzip = gzip_for_test(text);
  const std::string data =
      gzip.substr(kGzipHeaderBytes, gzip.size() - kGzipHeaderBytes - kGzipTrailerBytes);
  uint32_t a = 1;
  uint32_t b = 0;
  for (const char c : text) {
    a = (a + static_cast<uint8_t>(c)) % 65'521;
    b = (b + a) % 65'521;
  }
  std::string out = "\x78\x9c" + data;
  for (const uint32_t byte : {b >> 8, b, a >> 8, a}) out += static_cast<char>(byte & 0xff);
  return out;
}

// CRC-32C bit by bit, so that the reader's is not tested with itself.
uint32_t crc32c(std::string_view text) {
  uint32_t crc = ~0u;
  for (const char c : text) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0x82f63b78 & (0 - (crc & 1)));
  }
  return ~crc;
}

void append_little_endian(std::string& out, uint32_t value, int num_bytes) {
  for (int i = 0; i < num_bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

std::string snappy_stream(std::string_view text, bool compressed = true) {
  std::string out = "\xff\x06";
  out += std::string("\0\0", 2) + "sNaPpY";
  for (size_t start = 0; start < text.size(); start += 65'536) {
    const std::string_view piece = text.substr(start, 65'536);
    std::string data(piece);
    if (compressed) snappy::Compress(piece.data(), piece.size(), &data);
    out += compressed ? '\x00' : '\x01';
    append_little_endian(out, static_cast<uint32_t>(data.size() + 4), 3);
    const uint32_t crc = crc32c(piece);
    append_little_endian(out, (crc >> 15 | crc << 17) + 0xa282ead8, 4);
    out += data;
  }
  return out;
}

struct Format {
  Compression compression;
  std::string (*write)(std::string_view);
};
const Format kFormats[] = {
    {Compression::kGzip, gzip_for_test},
    {Compression::kZlib, zlib_stream},
    {Compression::kZstd, zstd_frame},
    {Compression::kBzip2, bzip2_stream},
    {Compression::kSnappy, [](std::string_view text) { return snappy_stream(text); }},
};

TEST(Compression, IsKnownByContent) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  for (const Format& format : kFormats) {
    EXPECT_EQ(compression_of(format.write("some text")), format.compression);
    EXPECT_EQ(compression_of(format.write("")), format.compression);
    EXPECT_TRUE(can_inflate(format.compression));
  }
  for (const std::string_view text :
       {"", "{}", "x", "x^ y", "x\x01y", "BZh9 is text", "P*M", "\xff\x06", "\xef\xbb\xbf{}"})
    EXPECT_EQ(compression_of(text), Compression::kNone) << text;
  EXPECT_EQ(compression_of("\x04\x22\x4d\x18 lz4"), Compression::kLz4);
  EXPECT_EQ(compression_of(std::string_view("\xfd"
                                            "7zXZ\0",
                                            6)),
            Compression::kXz);
  EXPECT_EQ(compression_of(std::string_view("\x89LZO\0\r\n\x1a\n", 9)), Compression::kLzop);
  for (const Compression other :
       {Compression::kNone, Compression::kLz4, Compression::kXz, Compression::kLzop})
    EXPECT_FALSE(can_inflate(other));
}

TEST(Compression, EveryHeaderOfZlibCountsWhereTheNamePromisesIt) {
  for (const std::string header : {"\x78\x01", "\x78\x5e", "\x78\x9c", "\x78\xda", "\x68\x81"}) {
    EXPECT_EQ(compression_of(header + "data", Compression::kZlib), Compression::kZlib);
    const std::string stream = header + zlib_stream("text").substr(2);
    ByteBuffer raw;
    EXPECT_EQ(new_inflater(Compression::kZlib)->inflate(stream, raw).status, Status::kOk);
    EXPECT_EQ(raw.view(), "text");
  }
  EXPECT_EQ(compression_of("\x78\x01 text"), Compression::kNone);
  EXPECT_EQ(compression_of("x,y\n", Compression::kZlib), Compression::kNone);
  EXPECT_EQ(compression_of("{\"a\":1}", Compression::kZlib), Compression::kNone);
}

TEST(Compression, IsPromisedByNames) {
  EXPECT_EQ(compression_named("/logs/x.json.GZ"), Compression::kGzip);
  EXPECT_EQ(compression_named("x.zst"), Compression::kZstd);
  EXPECT_EQ(compression_named("x.bz2"), Compression::kBzip2);
  EXPECT_EQ(compression_named("x.snappy"), Compression::kSnappy);
  EXPECT_EQ(compression_named("x.deflate"), Compression::kZlib);
  EXPECT_EQ(compression_named("/folder.gz/x"), Compression::kNone);
  EXPECT_EQ(compression_named("gz"), Compression::kNone);
}

TEST(Compression, EveryFormatIsInflated) {
  const std::string large = json_lines_for_test(200'000);
  for (const Format& format : kFormats) {
    SCOPED_TRACE(compression_name(format.compression));
    ByteBuffer raw;
    const auto inflater = new_inflater(format.compression);
    for (const std::string& text : {large, std::string("small"), std::string()}) {
      const InflateResult result = inflater->inflate(format.write(text), raw);
      EXPECT_EQ(result.status, Status::kOk) << result.problem;
      EXPECT_TRUE(raw.view() == text) << raw.size();
      EXPECT_EQ(result.trailing_bytes, 0u);
    }
    // Nobody writes several streams of zlib into a file: a second one is told as trailing bytes.
    if (format.compression == Compression::kZlib) continue;
    EXPECT_EQ(inflater->inflate(format.write(large) + format.write("more"), raw).status,
              Status::kOk);
    EXPECT_TRUE(raw.view() == large + "more") << raw.size();
  }
}

TEST(Compression, RawChunksOfSnappyAreRead) {
  ByteBuffer raw;
  const auto inflater = new_inflater(Compression::kSnappy);
  EXPECT_EQ(inflater->inflate(snappy_stream("as it is", false), raw).status, Status::kOk);
  EXPECT_EQ(raw.view(), "as it is");
  const std::string padding("\xfe\x02\0\0..", 6);
  EXPECT_EQ(inflater->inflate(snappy_stream("a") + padding, raw).status, Status::kOk);
  EXPECT_EQ(inflater->inflate(snappy_stream("a") + "\x02", raw).status, Status::kTruncated);
  EXPECT_EQ(inflater->inflate(snappy_stream("a") + std::string("\x02\0\0\0", 4), raw).status,
            Status::kCorrupt);
}

TEST(Compression, TruncationsAreToldInEveryFormat) {
  for (const Format& format : kFormats) {
    SCOPED_TRACE(compression_name(format.compression));
    ByteBuffer raw;
    const auto inflater = new_inflater(format.compression);
    const std::string whole = format.write(json_lines_for_test(500));
    // A stream of snappy may end behind any chunk.
    const size_t first = format.compression == Compression::kSnappy ? 11 : 8;
    for (size_t size = first; size < whole.size(); ++size)
      ASSERT_EQ(inflater->inflate(whole.substr(0, size), raw).status, Status::kTruncated) << size;
  }
}

TEST(Compression, NoDamagedByteGoesUnnoticed) {
  for (const Format& format : kFormats) {
    SCOPED_TRACE(compression_name(format.compression));
    const std::string text = json_lines_for_test(50);
    const std::string whole = format.write(text);
    const auto inflater = new_inflater(format.compression);
    ByteBuffer raw;
    for (size_t i = whole.size() / 2; i < whole.size(); ++i) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
      const InflateResult result = inflater->inflate(damaged, raw);
      EXPECT_TRUE(result.status != Status::kOk || raw.view() == text) << i;
    }
  }
}

TEST(Compression, TrailingBytesAreCounted) {
  for (const Format& format : kFormats) {
    if (format.compression == Compression::kSnappy) continue;  // its streams have no end
    SCOPED_TRACE(compression_name(format.compression));
    ByteBuffer raw;
    const InflateResult result =
        new_inflater(format.compression)->inflate(format.write("text") + "garbage", raw);
    EXPECT_EQ(result.status, Status::kOk);
    EXPECT_EQ(result.trailing_bytes, 7u);
    EXPECT_EQ(raw.view(), "text");
  }
}

}  // namespace
}  // namespace trailsql
