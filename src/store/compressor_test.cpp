#include "store/compressor.h"

#include <gtest/gtest.h>

#include "store/inflater.h"

namespace trailsql {
namespace {

std::string sample_text() {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += std::to_string(i * 7919 % 10007) + ",";
  return text;
}

std::string compress(Compressor& compressor, std::string_view text, size_t step) {
  std::string out;
  for (size_t i = 0; i < text.size(); i += step) compressor.add(text.substr(i, step), out);
  compressor.finish(out);
  return out;
}

TEST(CompressorTest, GzipComesBack) {
  for (const size_t step : {size_t{1000}, size_t{300'000}, size_t{10'000'000}}) {
    const std::string compressed = compress(*new_gzip_compressor(), sample_text(), step);
    EXPECT_LT(compressed.size(), sample_text().size() / 2);
    ByteBuffer raw;
    const InflateResult result = new_inflater(Compression::kGzip)->inflate(compressed, raw);
    EXPECT_EQ(result.status, InflateResult::Status::kOk) << result.problem;
    EXPECT_EQ(result.num_members, 1U);
    EXPECT_EQ(raw.view(), sample_text());
  }
}

TEST(CompressorTest, AnEmptyFileIsAWholeMember) {
  ByteBuffer raw;
  const std::string compressed = compress(*new_gzip_compressor(), "", 1);
  EXPECT_EQ(compression_of(compressed), Compression::kGzip);
  EXPECT_EQ(new_inflater(Compression::kGzip)->inflate(compressed, raw).status,
            InflateResult::Status::kOk);
  EXPECT_EQ(raw.view(), "");
}

TEST(CompressorTest, ZstdComesBack) {
  const std::string text = sample_text();
  const std::string compressed = compress(*new_zstd_compressor(), text, 12'345);
  EXPECT_LT(compressed.size(), text.size() / 2);
  ByteBuffer raw;
  const InflateResult result = new_inflater(Compression::kZstd)->inflate(compressed, raw);
  EXPECT_EQ(result.status, InflateResult::Status::kOk) << result.problem;
  EXPECT_EQ(raw.view(), text);
}

TEST(CompressorTest, PlainIsPlain) {
  EXPECT_EQ(compress(*new_plain_compressor(), "a\nb\n", 3), "a\nb\n");
}

}  // namespace
}  // namespace trailsql
