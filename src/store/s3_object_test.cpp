#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>

#include "store/bucket_fixture_for_test.h"
#include "store/s3_client.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

using Kind = S3Problem::Kind;
using S3ObjectTest = ScriptedBucketFixture;

TEST_F(S3ObjectTest, ContinuesWhatBreaksOff) {
  const std::string text = text_of_size(10'000);
  server_.add("k", text);
  const std::string etag = FakeBucket::etag_of(text);
  script({broken(text, 3'500, {{"etag", etag}}), [&](const HttpRequest& request) {
            return deliver(request, 206, {{"content-range", "bytes 3500-9999/10000"}},
                           text.substr(3'500), 1'000);
          }});
  ASSERT_FALSE(get("k", text.size()));
  EXPECT_EQ(bytes_.view(), text);
  const std::vector<SeenRequest> requests = server_.take_requests();
  ASSERT_EQ(requests.size(), 3u);
  EXPECT_EQ(requests[0].header("range"), "");
  EXPECT_EQ(requests[1].header("range"), "bytes=3500-");
  EXPECT_EQ(requests[1].header("if-match"), etag);
  EXPECT_EQ(requests[1].header("x-amz-checksum-mode"), "");
  EXPECT_EQ(requests[2].header("range"), "bytes=4500-");
  EXPECT_TRUE(holds(requests[2].header("authorization"), "host;if-match;range;"));
  EXPECT_EQ(counts_.num_bytes, text.size());
}

TEST_F(S3ObjectTest, ContinuesHoweverOftenWhileThereIsProgress) {
  const std::string text = text_of_size(20'000);
  server_.add("k", text);
  server_.instead = [&](const HttpRequest& request, const SeenRequest& seen) {
    const std::string range = seen.header("range");
    const size_t first = range.empty() ? 0 : std::stoul(range.substr(6));
    const HttpFields headers = {{"etag", "\"e\""},
                                {"content-range", fmt::format("bytes {}-", first)}};
    const std::string rest = text.substr(first);
    return deliver(request, range.empty() ? 200 : 206, headers, rest,
                   rest.size() > 1'000 ? std::optional<size_t>(1'000) : std::nullopt);
  };
  ASSERT_FALSE(get("k", text.size()));
  EXPECT_EQ(bytes_.view(), text);
  EXPECT_EQ(counts_.num_gets, 20u);
}

TEST_F(S3ObjectTest, BeginsAnewWhereItCannotContinue) {
  const std::string text = text_of_size(5'000);
  server_.add("k", text);
  // No ETag, or one that does not stand for the very bytes.
  script({broken(text, 3'000, {}), broken(text, 4'000, {{"etag", "W/\"e\""}})});
  ASSERT_FALSE(get("k", text.size()));
  EXPECT_EQ(bytes_.view(), text);
  for (const SeenRequest& request : server_.take_requests()) EXPECT_EQ(request.header("range"), "");
}

TEST_F(S3ObjectTest, ServersThatKnowNoRanges) {
  const std::string text = text_of_size(5'000);
  script({broken(text, 3'000, {{"etag", "\"e\""}}),
          [&](const HttpRequest& request) { return deliver(request, 200, {}, text); }});
  ASSERT_FALSE(get("k", text.size()));
  EXPECT_EQ(bytes_.view(), text);
  std::string part = part_of("k", 0, 100);  // not there at all
  EXPECT_EQ(problem_.kind, Kind::kNoSuchKey);
  server_.instead = [&](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 200, {}, text);
  };
  part = part_of("k", 1'000, 100);
  EXPECT_TRUE(problem_);
  EXPECT_EQ(part, std::string(100, '?'));
}

// One that gives more and less by turns makes no progress.
TEST_F(S3ObjectTest, ServersThatBreakOffForEver) {
  const std::string text = text_of_size(5'000);
  size_t num_requests = 0;
  server_.instead = [&](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 200, {{"etag", "\"e\""}}, text,
                   ++num_requests % 2 == 0 ? 2'000 : 3'000);
  };
  EXPECT_TRUE(get("k", text.size()));
  EXPECT_LE(num_requests, 16u);
}

TEST_F(S3ObjectTest, AnswersWithAnotherRange) {
  const std::string text = text_of_size(5'000);
  const auto other_range = [&](const char* range) {
    return [&text, range](const HttpRequest& request) {
      return deliver(request, 206, {{"content-range", range}}, text.substr(0, 2'000));
    };
  };
  for (const char* range : {"bytes 0-1999/5000", "bytes 30000-31999/50000", "bytes */5000", ""}) {
    script({broken(text, 3'000, {{"etag", "\"e\""}}), other_range(range)});
    EXPECT_TRUE(get("k", text.size())) << range;
    script({other_range(range)});
    part_of("k", 3'000, 2'000);
    EXPECT_TRUE(problem_) << range;
  }
  // Nobody asked for a part.
  script({other_range("bytes 0-1999/5000")});
  EXPECT_TRUE(get("k", text.size()));
  script({[](const HttpRequest& request) { return deliver(request, 204, {}, ""); }});
  EXPECT_EQ(get("k", text.size()).text, "HTTP status 204");
}

TEST_F(S3ObjectTest, BrokenOffBehindTheLastByte) {
  const std::string text = text_of_size(5'000);
  server_.add("k", text);
  const std::string etag = FakeBucket::etag_of(text);
  script({broken(text, 5'000, {{"etag", etag}, {"content-length", "5000"}})});
  ASSERT_FALSE(get("k", text.size()));
  EXPECT_EQ(bytes_.view(), text);
  script({[&](const HttpRequest& request) {
    return deliver(request, 206, {{"content-range", "bytes 1000-1999/5000"}},
                   text.substr(1'000, 1'000), 1'000);
  }});
  EXPECT_EQ(part_of("k", 1'000, 1'000, etag), text.substr(1'000, 1'000));
  EXPECT_FALSE(problem_) << problem_.text;
}

TEST_F(S3ObjectTest, ObjectsThatChange) {
  const std::string text = text_of_size(5'000);
  server_.add("k", text);
  script({broken(text, 3'000, {{"etag", "\"of before\""}})});
  EXPECT_EQ(get("k", text.size()).kind, Kind::kChanged);
  part_of("k", 0, 100, "\"of before\"");
  EXPECT_EQ(problem_.kind, Kind::kChanged);
  part_of("k", 4'990, 100);
  EXPECT_EQ(problem_.text, "it is shorter than when it was listed");
  part_of("k", 5'000, 100);
  EXPECT_EQ(problem_.kind, Kind::kChanged);
}

TEST_F(S3ObjectTest, ObjectsThatHaveGrown) {
  const std::string text = text_of_size(200'000);
  server_.add("k", text);
  EXPECT_EQ(get("k", 10).text, "it has 200000 bytes, where 10 were listed");
  EXPECT_EQ(get("k", 300'000).text, "it has 200000 bytes, where 300000 were listed");
  EXPECT_EQ(get("k", 300'000).kind, Kind::kChanged);
  EXPECT_EQ(server_.take_requests().size(), 3u);  // the headers say it: nothing is read
  EXPECT_EQ(counts_.num_bytes, 0u);
  server_.add("k", "");
  EXPECT_EQ(get("k", 10).text, "it has 0 bytes, where 10 were listed");
  const std::string long_text(kMaxObjectGrowthBytes + 11, 'x');
  server_.instead = [&](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 200, {}, long_text);  // without its length
  };
  EXPECT_EQ(get("k", 10).text, "it is longer than when it was listed");
  EXPECT_LE(bytes_.capacity(), 2 * kMaxObjectGrowthBytes);
  EXPECT_TRUE(holds(get("k", UINT64_MAX).text, "it is larger than 68.7 GB"));
}

TEST_F(S3ObjectTest, Parts) {
  const std::string text = text_of_size(5'000);
  server_.add("k", text);
  EXPECT_EQ(part_of("k", 1'000, 2'500), text.substr(1'000, 2'500));
  EXPECT_FALSE(problem_);
  script({[&](const HttpRequest& request) {
    return deliver(request, 206, {{"content-range", "bytes 1000-3499/5000"}}, text.substr(1'000),
                   1'500);
  }});
  EXPECT_EQ(part_of("k", 1'000, 2'500, FakeBucket::etag_of(text)), text.substr(1'000, 2'500));
  EXPECT_FALSE(problem_);
  const std::vector<SeenRequest> requests = server_.take_requests();
  EXPECT_EQ(requests[1].header("range"), "bytes=1000-3499");
  EXPECT_EQ(requests[2].header("range"), "bytes=2500-3499");
  EXPECT_EQ(requests[2].header("if-match"), FakeBucket::etag_of(text));
}

// More bytes than were asked for would be written behind the end of their memory.
TEST_F(S3ObjectTest, PartsThatAreTooLong) {
  server_.instead = [](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 206, {{"content-range", "bytes 0-99/5000"}}, std::string(5'000, 'x'));
  };
  part_of("k", 0, 100);
  EXPECT_TRUE(problem_);
  EXPECT_EQ(server_.take_requests().size(), 1u);
}

TEST_F(S3ObjectTest, Checksums) {
  // source: CRC-32 of "123456789" is cbf43926
  const auto stored_with = [](const char* checksum, const char* bytes) {
    return [=](const HttpRequest& request) {
      return deliver(request, 200, {{"x-amz-checksum-crc32", checksum}}, bytes);
    };
  };
  script({stored_with("y/Q5Jg==", "123456788"), stored_with("y/Q5Jg==", "123456789")});
  ASSERT_FALSE(get("k", 9));
  EXPECT_EQ(bytes_.view(), "123456789");
  EXPECT_EQ(counts_.num_gets, 2u);
  server_.take_requests();
  server_.instead = [&](const HttpRequest& request, const SeenRequest&) {
    return stored_with("AAAAAA==", "123456789")(request);
  };
  EXPECT_TRUE(holds(get("k", 9).text, "x-amz-checksum-crc32 y/Q5Jg==, not AAAAAA=="));
  EXPECT_EQ(server_.take_requests().size(), 3u);
}

}  // namespace
}  // namespace trailsql
