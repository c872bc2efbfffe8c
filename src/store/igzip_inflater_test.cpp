#include <gtest/gtest.h>
#include <isa-l.h>

#include <string>

#include "store/inflater.h"

namespace trailsql {
namespace {

std::string gzip(const std::string& text) {
  std::string out(text.size() + 4096, '\0');
  isal_zstream stream{};
  ::isal_deflate_stateless_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  std::string input = text;
  stream.next_in = reinterpret_cast<uint8_t*>(input.data());
  stream.avail_in = static_cast<uint32_t>(input.size());
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = static_cast<uint32_t>(out.size());
  EXPECT_EQ(::isal_deflate_stateless(&stream), 0);
  out.resize(out.size() - stream.avail_out);
  return out;
}

std::string sample(size_t num_lines) {
  std::string text;
  for (size_t i = 0; i < num_lines; ++i) text += "{\"line\":" + std::to_string(i * 7919) + "}\n";
  return text;
}

using Status = InflateResult::Status;

TEST(Inflater, InflatesSeveralMembers) {
  ByteBuffer raw;
  const auto inflater = new_inflater();
  const InflateResult result = inflater->inflate(gzip("one\n") + gzip("") + gzip("two\n"), raw);
  EXPECT_EQ(result.status, Status::kOk);
  EXPECT_EQ(result.num_members, 3u);
  EXPECT_EQ(result.trailing_bytes, 0u);
  EXPECT_EQ(raw.view(), "one\ntwo\n");
}

TEST(Inflater, GrowsAndReusesTheBuffer) {
  ByteBuffer raw;
  const auto inflater = new_inflater();
  const std::string large = sample(200'000);
  // The second member makes the stated size of the file wrong.
  EXPECT_EQ(inflater->inflate(gzip(large) + gzip("x"), raw).status, Status::kOk);
  EXPECT_EQ(raw.view(), large + "x");
  EXPECT_EQ(inflater->inflate(gzip("small"), raw).status, Status::kOk);
  EXPECT_EQ(raw.view(), "small");
  EXPECT_EQ(raw.data()[raw.size()], '\0') << "padding behind the text";
}

TEST(Inflater, CountsTrailingGarbage) {
  ByteBuffer raw;
  for (const std::string garbage : {"garbage", "\x1f", "\x1f\x8b broken header"}) {
    const InflateResult result = new_inflater()->inflate(gzip("text") + garbage, raw);
    EXPECT_EQ(result.status, Status::kOk);
    EXPECT_EQ(result.trailing_bytes, garbage.size());
    EXPECT_EQ(raw.view(), "text");
  }
}

TEST(Inflater, ReportsEveryTruncation) {
  ByteBuffer raw;
  const auto inflater = new_inflater();
  const std::string whole = gzip(sample(500));
  for (size_t size = 2; size < whole.size(); ++size) {
    const InflateResult result = inflater->inflate(whole.substr(0, size), raw);
    ASSERT_EQ(result.status, Status::kTruncated) << size;
    ASSERT_EQ(result.problem, "Unexpected end of ZLIB input stream");
  }
}

TEST(Inflater, ChecksTheChecksum) {
  ByteBuffer raw;
  std::string bytes = gzip(sample(10));
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
  const InflateResult result = new_inflater()->inflate(bytes, raw);
  EXPECT_EQ(result.status, Status::kCorrupt);
  EXPECT_EQ(result.problem, "Corrupt GZIP trailer");
}

TEST(Inflater, KnowsGzipByContent) {
  EXPECT_TRUE(looks_like_gzip(gzip("x")));
  EXPECT_FALSE(looks_like_gzip("{}"));
  EXPECT_FALSE(looks_like_gzip(""));
}

}  // namespace
}  // namespace trailsql
