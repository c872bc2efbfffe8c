#include "store/s3_endpoint.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "store/aws_signature.h"

namespace trailsql {
namespace {

AwsAccess at_endpoint(std::string endpoint, std::optional<bool> path_style = {}) {
  AwsAccess access;
  access.endpoint = std::move(endpoint);
  access.path_style = path_style;
  return access;
}

AwsAccess with_path_style(bool path_style) {
  AwsAccess access;
  access.path_style = path_style;
  return access;
}

std::string s3_url(const AwsAccess& access, const std::string& region, const std::string& bucket,
                   const std::string& key) {
  return s3_address(access, region, {bucket, key}).url();
}

std::string aws_s3_url(const std::string& region, const std::string& bucket,
                       const std::string& key) {
  return s3_url({}, region, bucket, key);
}

std::string local_s3_url(const std::string& endpoint, const std::string& bucket,
                         const std::string& key) {
  return s3_url(at_endpoint(endpoint), "", bucket, key);
}

TEST(S3Urls, Parsed) {
  const auto shown_name = [](std::string_view url) {
    const std::optional<S3Name> name = parse_s3_url(url);
    return name ? name->bucket + " | " + name->key : "none";
  };
  EXPECT_EQ(shown_name("s3://bucket"), "bucket | ");
  EXPECT_EQ(shown_name("s3://bucket/"), "bucket | ");
  EXPECT_EQ(shown_name("s3://bucket/a/b c+%41?x#y"), "bucket | a/b c+%41?x#y");
  EXPECT_EQ(shown_name("s3://bucket//a//b/"), "bucket | /a//b/");
  EXPECT_EQ(shown_name("s3://my.bucket/../k"), "my.bucket | ../k");
  for (const std::string_view none :
       {"", "s3:", "s3:/b/k", "s3://", "s3:///k", "S3://b/k", "s3a://b/k", "https://b/k", "/b/k"})
    EXPECT_EQ(shown_name(none), "none") << none;
}

// source: AWS, "FIPS endpoints by service"; Amazon S3 User Guide, "Using dual-stack endpoints"
TEST(S3Addresses, OfAwsWithFipsAndDualStack) {
  AwsAccess access;
  access.uses_fips = true;
  EXPECT_EQ(s3_url(access, "us-east-2", "logs", "k"),
            "https://logs.s3-fips.us-east-2.amazonaws.com/k");
  EXPECT_EQ(s3_url(access, "", "my.logs", "k"),
            "https://s3-fips.us-east-1.amazonaws.com/my.logs/k");
  access.uses_dual_stack = true;
  EXPECT_EQ(s3_url(access, "us-gov-west-1", "logs", "k"),
            "https://logs.s3-fips.dualstack.us-gov-west-1.amazonaws.com/k");
  access.uses_fips = false;
  EXPECT_EQ(s3_url(access, "cn-north-1", "logs", "k"),
            "https://logs.s3.dualstack.cn-north-1.amazonaws.com.cn/k");
  access.endpoint = "http://127.0.0.1:9000";
  EXPECT_EQ(s3_url(access, "", "logs", "k"), "http://127.0.0.1:9000/logs/k");
  access.uses_fips = true;
  EXPECT_THROW(s3_url(access, "", "logs", "k"), QueryError);
}

// source: Amazon S3 User Guide, "Virtual hosting of general purpose buckets"
TEST(S3Addresses, OfAws) {
  EXPECT_EQ(aws_s3_url("eu-west-1", "logs", "a/b"), "https://logs.s3.eu-west-1.amazonaws.com/a/b");
  EXPECT_EQ(aws_s3_url("eu-west-1", "logs", ""), "https://logs.s3.eu-west-1.amazonaws.com/");
  EXPECT_EQ(aws_s3_url("", "logs", "k"), "https://logs.s3.us-east-1.amazonaws.com/k");
  EXPECT_EQ(s3_url(with_path_style(true), "eu-west-1", "logs", "k"),
            "https://s3.eu-west-1.amazonaws.com/logs/k");
  EXPECT_EQ(s3_url(with_path_style(true), "eu-west-1", "logs", ""),
            "https://s3.eu-west-1.amazonaws.com/logs");
}

// AWS's certificate covers one label before "s3"; old buckets may have capitals, too.
TEST(S3Addresses, OfBucketsThatFitNoHostName) {
  EXPECT_EQ(aws_s3_url("eu-west-1", "my.logs", "k"),
            "https://s3.eu-west-1.amazonaws.com/my.logs/k");
  EXPECT_EQ(aws_s3_url("us-east-1", "Old_Bucket", ""),
            "https://s3.us-east-1.amazonaws.com/Old_Bucket");
  EXPECT_EQ(s3_url(with_path_style(false), "eu-west-1", "my.logs", "k"),
            "https://s3.eu-west-1.amazonaws.com/my.logs/k");
  for (const char* bucket : {"evil.example#", "a@evil.example", "evil.example:80", "a?b", "a b"}) {
    const S3Address address = s3_address({}, "eu-west-1", {bucket, "k"});
    EXPECT_EQ(address.host, "s3.eu-west-1.amazonaws.com");
    EXPECT_EQ(address.path, "/" + aws_encoded(bucket, false) + "/k");
  }
}

// source: AWS General Reference, endpoints of the partitions
TEST(S3Addresses, OfOtherPartitions) {
  EXPECT_EQ(aws_s3_url("cn-north-1", "b", ""), "https://b.s3.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(aws_s3_url("us-gov-west-1", "b", ""), "https://b.s3.us-gov-west-1.amazonaws.com/");
  EXPECT_EQ(aws_s3_url("us-iso-east-1", "b", ""), "https://b.s3.us-iso-east-1.c2s.ic.gov/");
  EXPECT_EQ(aws_s3_url("us-isob-east-1", "b", ""), "https://b.s3.us-isob-east-1.sc2s.sgov.gov/");
  EXPECT_EQ(aws_s3_url("us-isof-south-1", "b", ""), "https://b.s3.us-isof-south-1.csp.hci.ic.gov/");
  EXPECT_EQ(aws_s3_url("eu-isoe-west-1", "b", ""), "https://b.s3.eu-isoe-west-1.cloud.adc-e.uk/");
  EXPECT_EQ(aws_s3_url("eusc-de-east-1", "b", ""), "https://b.s3.eusc-de-east-1.amazonaws.eu/");
}

TEST(S3Addresses, RegionsThatLeadToAnotherHost) {
  for (const char* region : {"evil.example/", "a b", "a#", "x@evil", "eu-west-1\r\n"}) {
    EXPECT_THROW(aws_s3_url(region, "b", ""), QueryError) << region;
    EXPECT_EQ(s3_url(at_endpoint("http://h"), region, "b", ""), "http://h/b");
  }
}

TEST(S3Addresses, OfEndpoints) {
  EXPECT_EQ(local_s3_url("http://localhost:9000", "logs", "a/b"), "http://localhost:9000/logs/a/b");
  EXPECT_EQ(local_s3_url("http://localhost:9000/", "logs", ""), "http://localhost:9000/logs");
  EXPECT_EQ(local_s3_url("https://h:443", "logs", "k"), "https://h/logs/k");
  EXPECT_EQ(local_s3_url("http://h:443", "logs", "k"), "http://h:443/logs/k");
  EXPECT_EQ(local_s3_url("HTTPS://h", "logs", "k"), "https://h/logs/k");
  EXPECT_EQ(local_s3_url("http://h/storage/s3", "logs", "k"), "http://h/storage/s3/logs/k");
  EXPECT_EQ(local_s3_url("http://h/storage/s3/", "logs", "k"), "http://h/storage/s3/logs/k");
  EXPECT_EQ(local_s3_url("http://[::1]:9000", "logs", "k"), "http://[::1]:9000/logs/k");
  EXPECT_EQ(local_s3_url("http://[2001:db8::1]", "logs", "k"), "http://[2001:db8::1]/logs/k");
  EXPECT_EQ(local_s3_url("http://127.0.0.1", "logs", "k"), "http://127.0.0.1/logs/k");
  EXPECT_EQ(s3_url(at_endpoint("https://s3.example:8443/x", false), "", "logs", "k"),
            "https://logs.s3.example:8443/x/k");
  EXPECT_EQ(s3_url(at_endpoint("https://s3.example", false), "", "my.logs", "k"),
            "https://s3.example/my.logs/k");
}

// No name can stand before an address.
TEST(S3Addresses, OfEndpointsThatAreAddresses) {
  EXPECT_EQ(s3_url(at_endpoint("http://[::1]:9000", false), "", "logs", "k"),
            "http://[::1]:9000/logs/k");
}

TEST(S3Addresses, OfEndpointsThatAreNone) {
  for (const char* endpoint :
       {"localhost:9000", "ftp://h", "", "http://", "//h", "http://h:99999"}) {
    try {
      local_s3_url(endpoint, "b", "k");
      ADD_FAILURE() << endpoint;
    } catch (const QueryError& error) {
      EXPECT_EQ(error.code(), ErrorCode::kInvalidArguments);
      EXPECT_NE(std::string(error.what()).find(endpoint), std::string::npos);
    }
  }
  try {
    local_s3_url("https://me:Hush@h", "b", "k");
    ADD_FAILURE();
  } catch (const QueryError& error) {
    EXPECT_EQ(std::string(error.what()),
              "The S3 endpoint is no URL: https://host[:port] was expected");
  }
}

TEST(S3Addresses, OddKeys) {
  const auto path_of_key = [](const std::string& key) {
    return s3_address({}, "eu-west-1", {"b", key}).path;
  };
  EXPECT_EQ(path_of_key("/"), "//");
  EXPECT_EQ(path_of_key("//a//b/"), "///a//b/");
  EXPECT_EQ(path_of_key("a b"), "/a%20b");
  EXPECT_EQ(path_of_key("a+b"), "/a%2Bb");
  EXPECT_EQ(path_of_key("%41"), "/%2541");
  EXPECT_EQ(path_of_key("a?b#c&d=e"), "/a%3Fb%23c%26d%3De");
  EXPECT_EQ(path_of_key("../a/./b"), "/../a/./b");
  EXPECT_EQ(path_of_key("ä/日本"), "/%C3%A4/%E6%97%A5%E6%9C%AC");
  EXPECT_EQ(path_of_key("a\n\xff'()*~"), "/a%0A%FF%27%28%29%2A~");
  EXPECT_EQ(local_s3_url("http://h", "b", "/a"), "http://h/b//a");
}

TEST(S3Addresses, PlacesThatServersName) {
  const std::optional<S3Address> place = parse_http_url("https://b.s3.example:444/a%20b//?x=1#y");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->scheme, "https");
  EXPECT_EQ(place->host, "b.s3.example:444");
  EXPECT_EQ(place->path, "/a%20b//");
  EXPECT_EQ(parse_http_url("https://h")->path, "/");
  for (const char* none : {"", "/a", "ftp://h/", "https://me@h/", "javascript:x"})
    EXPECT_FALSE(parse_http_url(none)) << none;
}

}  // namespace
}  // namespace trailsql
