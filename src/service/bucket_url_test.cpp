#include "service/bucket_url.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

std::string hint_of(std::string_view location) {
  const auto problem = find_bucket_url_problem(location);
  return problem ? problem->hint : "none";
}

TEST(BucketUrls, InGoodOrder) {
  for (const char* good : {"s3://bucket", "s3://bucket/", "S3://bucket/a b@c:d/", "s3a://b_c.D/x",
                           "s3://point-abc123-s3alias/x/", "/a/b", "file:///a@b:c/", "a/b", "",
                           "hdfs://x/", "s3://bucket/x//y/", "s3://bucket/https://a:b/"})
    EXPECT_FALSE(find_bucket_url_problem(good)) << good;
}

TEST(BucketUrls, WhatWasMeant) {
  const std::string meant = "did you mean s3://my-bucket/AWSLogs/1 2/?";
  for (const char* url :
       {"s3:/my-bucket/AWSLogs/1 2/", "s3:my-bucket/AWSLogs/1 2/", "s3:///my-bucket/AWSLogs/1 2/",
        "arn:aws:s3:::my-bucket/AWSLogs/1 2/", "arn:aws-us-gov:s3:::my-bucket/AWSLogs/1 2/",
        "s3://arn:aws:s3:::my-bucket/AWSLogs/1 2/",
        "https://my-bucket.s3.amazonaws.com/AWSLogs/1%202/",
        "https://my-bucket.s3.eu-west-1.amazonaws.com/AWSLogs/1%202/?x=y",
        "https://my-bucket.s3-eu-west-1.amazonaws.com/AWSLogs/1%202/",
        "https://my-bucket.s3.cn-north-1.amazonaws.com.cn/AWSLogs/1%202/",
        "http://s3.amazonaws.com/my-bucket/AWSLogs/1%202/",
        "https://s3.eu-west-1.amazonaws.com/my-bucket/AWSLogs/1%202/",
        "https://s3-eu-west-1.amazonaws.com/my-bucket/AWSLogs/1%202/",
        "https://eu-west-1.console.aws.amazon.com/s3/buckets/"
        "my-bucket?region=eu-west-1&prefix=AWSLogs/1%202/&showversions=false"})
    EXPECT_EQ(hint_of(url), meant) << url;
  EXPECT_EQ(hint_of("https://example.com/x"), "none");
  EXPECT_EQ(hint_of("s3://"), "");
  EXPECT_EQ(hint_of("S3:///"), "");
  EXPECT_TRUE(hint_of("arn:aws:s3:eu-west-1:111111111111:accesspoint/x").starts_with("an access "));
  EXPECT_TRUE(hint_of("s3://arn:aws:s3:eu-west-1:1:accesspoint/x").starts_with("an access "));
}

TEST(BucketUrls, NamesThatNoBucketHas) {
  for (const char* bad : {"s3://my bucket/", "s3://b*/", "s3://b\"/", "s3://\xC3\xBC/", "s3://b?/"})
    EXPECT_TRUE(find_bucket_url_problem(bad)) << bad;
}

TEST(BucketUrls, SecretsAreNotShown) {
  for (const char* url :
       {"s3://KEY:SECRET@bucket/x", "s3://KEY:SEC/RET@bucket/x", "s3a://KEY:SECRET@bucket",
        "https://KEY:SECRET@bucket.s3.amazonaws.com/", "s3:/KEY:SECRET@b", "s3://SECRET@bucket/"}) {
    const auto problem = find_bucket_url_problem(url);
    ASSERT_TRUE(problem) << url;
    EXPECT_TRUE(problem->is_secret) << url;
    EXPECT_EQ((problem->text + problem->hint).find("SEC"), std::string::npos) << problem->text;
  }
  EXPECT_TRUE(may_hold_credentials("CREATE TABLE t LOCATION 's3://KEY:SECRET@bucket/'"));
  EXPECT_FALSE(may_hold_credentials("SELECT 'a@b:c', 's3://bucket/x@y' FROM t -- http://a/b@c"));
}

}  // namespace
}  // namespace trailsql
