#include "store/aws_signature.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// source: the examples of "Signature Calculations for the Authorization Header", Amazon S3 API
// Reference; 1369353600 is 2013-05-24T00:00:00Z.
constexpr int64_t kSecond = 1'369'353'600;
const AwsCredentials kExample{
    "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}};

std::string signature_of(const AwsRequest& request) {
  const HttpFields added = sign_request(request, kExample, "us-east-1", "s3", kSecond);
  const std::string& authorization = added.back().second;
  return authorization.substr(authorization.find("Signature="));
}

TEST(AwsSignature, OfAnObject) {
  const AwsRequest request{"GET", "examplebucket.s3.amazonaws.com", "/test.txt",
                           {},    {{"range", "bytes=0-9"}},         sha256_hex("")};
  EXPECT_EQ(signature_of(request),
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(AwsSignature, OfAListing) {
  const AwsRequest request{"GET", "examplebucket.s3.amazonaws.com",
                           "/",   {{"prefix", "J"}, {"max-keys", "2"}},
                           {},    sha256_hex("")};
  EXPECT_EQ(signature_of(request),
            "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(AwsSignature, TokensAreSigned) {
  AwsCredentials temporary = kExample;
  temporary.session_token = "token";
  const HttpFields added =
      sign_request({"GET", "h", "/", {}, {}, sha256_hex("")}, temporary, "r", "s3", kSecond);
  EXPECT_EQ(added[2].first, "x-amz-security-token");
  EXPECT_NE(added.back().second.find("x-amz-security-token"), std::string::npos);
}

TEST(AwsSignature, Encoding) {
  EXPECT_EQ(aws_encoded("a b/ü+~", true), "a%20b/%C3%BC%2B~");
  EXPECT_EQ(aws_encoded("a/b", false), "a%2Fb");
  EXPECT_EQ(aws_query_string({{"prefix", "a b"}, {"delimiter", "/"}}),
            "delimiter=%2F&prefix=a%20b");
}

}  // namespace
}  // namespace trailsql
