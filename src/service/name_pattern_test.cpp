#include "service/name_pattern.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

TEST(NamePattern, StarsAndBars) {
  EXPECT_TRUE(matches_show_pattern("cloudtrail", "cloudtrail"));
  EXPECT_TRUE(matches_show_pattern("*trail*", "cloudtrail_logs"));
  EXPECT_TRUE(matches_show_pattern("CLOUD.*", "cloudtrail"));
  EXPECT_TRUE(matches_show_pattern("vpc*|cloud*", "cloudtrail"));
  EXPECT_FALSE(matches_show_pattern("cloud", "cloudtrail"));
  EXPECT_FALSE(matches_show_pattern("vpc*|s3*", "cloudtrail"));
  EXPECT_TRUE(matches_show_pattern("a*b*c", "aXbYbZc"));
  EXPECT_TRUE(matches_show_pattern("(vpc|CLOUD)_?[a-z]+\\d*", "cloudtrail"));
  EXPECT_FALSE(matches_show_pattern("[a-c]loud", "cloudtrail"));
  EXPECT_FALSE(matches_show_pattern("(", "cloudtrail"));
}

TEST(NamePattern, Like) {
  EXPECT_TRUE(matches_like_pattern("%date%", "from_iso8601_date"));
  EXPECT_TRUE(matches_like_pattern("l_g", "log"));
  EXPECT_FALSE(matches_like_pattern("l_g", "loog"));
}

}  // namespace
}  // namespace trailsql
