#include "store/s3_checksum.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// source: the check values of the catalogue of parametrised CRC algorithms, and of FIPS 180.
TEST(S3Checksum, KnowsAllKinds) {
  const std::string bytes = "123456789";
  const HttpFields right[] = {
      {{"x-amz-checksum-crc32", "y/Q5Jg=="}},
      {{"x-amz-checksum-crc32c", "4waSgw=="}},
      {{"x-amz-checksum-crc64nvme", "rosUhgp5mIg="}},
      {{"x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="}},
      {{"x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="}},
  };
  for (const HttpFields& headers : right) {
    EXPECT_EQ(checksum_problem(headers, bytes), "") << headers[0].first;
    EXPECT_NE(checksum_problem(headers, "12345678"), "") << headers[0].first;
  }
}

TEST(S3Checksum, SaysNothingWhereThereIsNoneOfTheWhole) {
  EXPECT_EQ(checksum_problem({}, "x"), "");
  EXPECT_EQ(checksum_problem({{"x-amz-checksum-crc32", "y/Q5Jg==-3"}}, "x"), "");
  EXPECT_EQ(checksum_problem(
                {{"x-amz-checksum-crc32", "y/Q5Jg=="}, {"x-amz-checksum-type", "COMPOSITE"}}, "x"),
            "");
}

}  // namespace
}  // namespace trailsql
