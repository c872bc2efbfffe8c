#include "service/location_resolver.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace trailsql {
namespace {

const LocationMap kBucket{"s3://bucket/", "/copy/bucket/"};
const LocationMap kPrefix{"s3://bucket/AWSLogs/", "/copy/logs/"};

TEST(LocationResolver, LongestPrefixWins) {
  const LocationResolver resolver({}, {kBucket, kPrefix});
  EXPECT_EQ(resolver.resolve("s3://bucket/AWSLogs/123/"), "/copy/logs/123/");
  EXPECT_EQ(resolver.resolve("s3://bucket/other/"), "/copy/bucket/other/");
  EXPECT_EQ(resolver.resolve("s3://bucket/"), "/copy/bucket/");
  EXPECT_EQ(resolver.resolve("s3://bucket"), "/copy/bucket/");
  EXPECT_EQ(resolver.resolve("s3://bucket/AWSLogs"), "/copy/logs/");
}

TEST(LocationResolver, CommandLineComesFirst) {
  const LocationResolver resolver({kBucket}, {kPrefix});
  EXPECT_EQ(resolver.resolve("s3://bucket/AWSLogs/123/"), "/copy/bucket/AWSLogs/123/");
}

TEST(LocationResolver, KnowsAllSpellingsOfS3) {
  const LocationResolver resolver({}, {kBucket});
  EXPECT_EQ(resolver.resolve("s3a://bucket/x/"), "/copy/bucket/x/");
  EXPECT_EQ(resolver.resolve("S3N://bucket/x/"), "/copy/bucket/x/");
}

TEST(LocationResolver, PrefixesEndAtSlashes) {
  const LocationResolver resolver({}, {kBucket});
  EXPECT_FALSE(resolver.is_mapped("s3://bucket-two/x/"));
}

TEST(LocationResolver, LocalFolders) {
  const LocationResolver resolver({}, {});
  EXPECT_EQ(resolver.resolve("/x/y/"), "/x/y/");
  EXPECT_TRUE(resolver.is_mapped("/x/y/"));
  EXPECT_TRUE(resolver.is_mapped("file:///x"));
  for (const char* location : {"", "x/y/", "hdfs://host/x/", "file:x"})
    EXPECT_FALSE(resolver.is_mapped(location)) << location;
  EXPECT_EQ(resolver.resolve("file:///x/a%20b/"), "/x/a b/");
  EXPECT_EQ(resolver.resolve("file://localhost/x/"), "/x/");
  EXPECT_THROW(resolver.resolve("file://elsewhere/x/"), QueryError);
  EXPECT_THROW(resolver.resolve("relative/x/"), QueryError);
}

TEST(LocationResolver, LeavesWhatIsInABucketThere) {
  const LocationResolver resolver({}, {});
  EXPECT_EQ(resolver.resolve("S3A://logs/prefix/"), "s3://logs/prefix/");
  EXPECT_FALSE(resolver.is_mapped("s3://logs/prefix/"));
  EXPECT_EQ(map_command_for("s3a://logs/prefix/"), "trailsql map add s3://logs/ /path/to/copy");
}

TEST(LocationResolver, NothingLeadsOutOfAMap) {
  const LocationResolver resolver({}, {kBucket});
  EXPECT_THROW(resolver.resolve("s3://bucket/../secret/"), QueryError);
  EXPECT_EQ(resolver.resolve("s3://bucket/a..b/"), "/copy/bucket/a..b/");
}

TEST(LocationMapText, IsParsedAndNormalized) {
  const LocationMap map = parse_location_map("s3a://bucket=/tmp");
  EXPECT_EQ(map.url_prefix, "s3://bucket/");
  EXPECT_EQ(map.local_path, "/tmp/");
  EXPECT_THROW(parse_location_map("s3://bucket"), QueryError);
  EXPECT_THROW(parse_location_map("http://bucket/=/tmp"), QueryError);
  EXPECT_THROW(parse_location_map("s3:///=/tmp"), QueryError);
  EXPECT_THROW(parse_location_map("s3:///x/=/tmp"), QueryError);
  EXPECT_THROW(parse_location_map("s3://bucket/=/no/such/folder"), QueryError);
}

TEST(LocationResolverTest, PathsHaveUrls) {
  const LocationResolver resolver({}, {{"s3://b/", "/copies/b/"}, {"s3://b/logs/", "/logs/"}});
  EXPECT_EQ(resolver.url_of("/copies/b"), "s3://b/");
  EXPECT_EQ(resolver.url_of("/copies/b/x/y.json"), "s3://b/x/y.json");
  EXPECT_EQ(resolver.url_of("/logs/2024"), "s3://b/logs/2024");
  EXPECT_EQ(resolver.url_of("/copies/bb"), std::nullopt);
}

}  // namespace
}  // namespace trailsql
