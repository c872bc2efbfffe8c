#include <gtest/gtest.h>
#include <isa-l.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

#include "store/gzip_for_test.h"
#include "store/inflater.h"

namespace trailsql {
namespace {

using Status = InflateResult::Status;

TEST(Inflater, InflatesSeveralMembers) {
  ByteBuffer raw;
  const auto inflater = new_inflater(Compression::kGzip);
  const InflateResult result =
      inflater->inflate(gzip_for_test("one\n") + gzip_for_test("") + gzip_for_test("two\n"), raw);
  EXPECT_EQ(result.status, Status::kOk);
  EXPECT_EQ(result.num_members, 3u);
  EXPECT_EQ(result.trailing_bytes, 0u);
  EXPECT_EQ(raw.view(), "one\ntwo\n");
}

TEST(Inflater, GrowsAndReusesTheBuffer) {
  ByteBuffer raw;
  const auto inflater = new_inflater(Compression::kGzip);
  const std::string large = json_lines_for_test(200'000);
  // The second member makes the stated size of the file wrong.
  EXPECT_EQ(inflater->inflate(gzip_for_test(large) + gzip_for_test("x"), raw).status, Status::kOk);
  EXPECT_EQ(raw.view(), large + "x");
  EXPECT_EQ(inflater->inflate(gzip_for_test("small"), raw).status, Status::kOk);
  EXPECT_EQ(raw.view(), "small");
  EXPECT_EQ(raw.data()[raw.size()], '\0') << "padding behind the text";
}

// RFC 1952: extra field, name, comment and a checksum of the header, each there or not.
TEST(Inflater, HeadersOfAllKinds) {
  constexpr size_t kHeaderBytes = 10;
  const std::string plain = gzip_for_test("text of a member\n");
  for (unsigned flags = 0; flags < 32; ++flags) {
    std::string header = plain.substr(0, kHeaderBytes);
    header[3] = static_cast<char>(flags);
    if ((flags & 4) != 0) header += std::string("\x03\x00one", 5);
    if ((flags & 8) != 0) header += std::string("name\0", 5);
    if ((flags & 16) != 0) header += std::string("comment\0", 8);
    if ((flags & 2) != 0) {
      const uint32_t sum = ::crc32_gzip_refl(
          0, reinterpret_cast<const unsigned char*>(header.data()), header.size());
      header += static_cast<char>(sum & 0xFF);
      header += static_cast<char>(sum >> 8 & 0xFF);
    }
    ByteBuffer raw;
    const std::string member = header + plain.substr(kHeaderBytes);
    const InflateResult result =
        new_inflater(Compression::kGzip)->inflate(member + plain + member, raw);
    EXPECT_EQ(result.status, Status::kOk) << flags << ": " << result.problem;
    EXPECT_EQ(result.num_members, 3u) << flags;
    EXPECT_EQ(raw.view(), "text of a member\ntext of a member\ntext of a member\n") << flags;
  }
}

TEST(Inflater, CountsTrailingGarbage) {
  ByteBuffer raw;
  for (const std::string garbage : {"garbage", "\x1f", "\x1f\x8b", "\x1f\x8b broken header",
                                    "\x1f\x8b\x08\x08 123456 a name without an end"}) {
    const InflateResult result =
        new_inflater(Compression::kGzip)->inflate(gzip_for_test("text") + garbage, raw);
    EXPECT_EQ(result.status, Status::kOk);
    EXPECT_EQ(result.trailing_bytes, garbage.size());
    EXPECT_EQ(raw.view(), "text");
  }
}

TEST(Inflater, ReportsEveryTruncation) {
  ByteBuffer raw;
  const auto inflater = new_inflater(Compression::kGzip);
  const std::string whole = gzip_for_test(json_lines_for_test(500));
  for (size_t size = 2; size < whole.size(); ++size) {
    const InflateResult result = inflater->inflate(whole.substr(0, size), raw);
    ASSERT_EQ(result.status, Status::kTruncated) << size;
    ASSERT_EQ(result.problem, "Unexpected end of ZLIB input stream");
  }
}

TEST(Inflater, ChecksTheChecksum) {
  ByteBuffer raw;
  std::string bytes = gzip_for_test(json_lines_for_test(10));
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
  const InflateResult result = new_inflater(Compression::kGzip)->inflate(bytes, raw);
  EXPECT_EQ(result.status, Status::kCorrupt);
  EXPECT_EQ(result.problem, "Corrupt GZIP trailer");
}

// One file may grow beyond what all may hold together; a second one waits for it to be done.
TEST(Inflater, SeveralShareTheMemory) {
  const std::string file = gzip_for_test(std::string(600'000, 'x'));
  RawMemory memory(500'000);
  const auto one = new_inflater(Compression::kGzip);
  one->share(memory);
  ByteBuffer raw;
  EXPECT_EQ(one->inflate(file, raw).status, Status::kOk);
  std::atomic<bool> one_is_done{false};
  std::atomic<bool> came_too_early{false};
  std::thread another([&] {
    const auto other = new_inflater(Compression::kGzip);
    other->share(memory);
    ByteBuffer other_raw;
    EXPECT_EQ(other->inflate(file, other_raw).status, Status::kOk);
    came_too_early = !one_is_done;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  one_is_done = true;
  one->release();
  another.join();
  EXPECT_FALSE(came_too_early);
  EXPECT_EQ(one->inflate(file, raw).status, Status::kOk);
  EXPECT_GT(usable_memory_bytes(), 0U);
}

}  // namespace
}  // namespace trailsql
