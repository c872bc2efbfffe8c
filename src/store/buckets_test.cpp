#include "store/buckets.h"

#include "store/aws_fixture_for_test.h"

namespace trailsql {
namespace {

using BucketsTest = AwsFixture;

TEST_F(BucketsTest, KeepsClientsUntilTheFilesOfAwsChange) {
  write_config("[default]\nregion = eu-west-1\n");
  Buckets buckets(environment());
  S3Client& first = buckets.client({});
  EXPECT_EQ(&buckets.client({}), &first);
  AwsAccess other;
  other.requester_pays = true;
  EXPECT_NE(&buckets.client(other), &first);
  write_config("[default]\nregion = ap-southeast-2\n");
  S3Client& second = buckets.client({});
  EXPECT_NE(&second, &first);
  EXPECT_EQ(second.config().access.region, "ap-southeast-2");
  EXPECT_EQ(first.config().access.region, "eu-west-1");  // whoever has it may go on with it
  EXPECT_EQ(&buckets.client({}), &second);
}

}  // namespace
}  // namespace trailsql
