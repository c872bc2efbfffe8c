#include "catalog/partition_name.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

TEST(PartitionName, EscapesWhatFoldersCannotHold) {
  EXPECT_EQ(partition_name({{"region", "us-east-1"}, {"day", "2023/07/10"}}),
            "region=us-east-1/day=2023%2F07%2F10");
  EXPECT_EQ(partition_name({{"k", "a b=c:%"}}), "k=a b%3Dc%3A%25");
}

TEST(PartitionName, NullAndEmptyAreTheSame) {
  EXPECT_EQ(partition_name({{"k", std::nullopt}}), "k=__HIVE_DEFAULT_PARTITION__");
  EXPECT_EQ(partition_name({{"k", ""}}), "k=__HIVE_DEFAULT_PARTITION__");
}

TEST(PartitionName, IsTakenApart) {
  const auto parts = parse_partition_name("Region=a%2fb/day=__HIVE_DEFAULT_PARTITION__/");
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 2u);
  EXPECT_EQ((*parts)[0].column, "Region");
  EXPECT_EQ((*parts)[0].value, "a/b");
  EXPECT_FALSE((*parts)[1].value);
  EXPECT_EQ((*parse_partition_name("k=100%"))[0].value, "100%");
}

TEST(PartitionName, OtherFoldersAreNone) {
  EXPECT_FALSE(parse_partition_name("2023"));
  EXPECT_FALSE(parse_partition_name("a=1/2023"));
  EXPECT_FALSE(parse_partition_name("=1"));
}

}  // namespace
}  // namespace trailsql
