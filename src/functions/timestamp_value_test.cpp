#include "functions/timestamp_value.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

void expect_rounds(Stamp stamp, int precision, int64_t microseconds, int64_t picoseconds) {
  const Stamp rounded = round_stamp(stamp, precision);
  EXPECT_EQ(rounded.microseconds, microseconds);
  EXPECT_EQ(rounded.picoseconds, picoseconds);
}

TEST(TimestampValueTest, RoundsHalfUp) {
  expect_rounds({1'234'567, 891'234}, 12, 1'234'567, 891'234);
  expect_rounds({1'234'567, 891'234}, 9, 1'234'567, 891'000);
  expect_rounds({1'234'567, 891'500}, 9, 1'234'567, 892'000);
  expect_rounds({1'234'567, 950'000}, 7, 1'234'568, 0);
  expect_rounds({1'234'567, 500'000}, 6, 1'234'568, 0);
  expect_rounds({1'234'500, 0}, 3, 1'235'000, 0);
  expect_rounds({1'500'000, 0}, 0, 2'000'000, 0);
}

TEST(TimestampValueTest, RoundsUpBefore1970Too) {
  expect_rounds({-1'500'000, 0}, 0, -1'000'000, 0);
  expect_rounds({-1'500'001, 0}, 0, -2'000'000, 0);
  expect_rounds({-1, 499'999}, 6, -1, 0);
  expect_rounds({-1, 500'000}, 6, 0, 0);
}

TEST(TimestampValueTest, CountsMillisecondsDown) {
  EXPECT_EQ(floor_milliseconds(1'999), 1);
  EXPECT_EQ(floor_milliseconds(-1), -1);
}

TEST(TimestampValueTest, KnowsTheRangeOfInstants) {
  EXPECT_TRUE(is_zoned_range(2251799813685247999));
  EXPECT_FALSE(is_zoned_range(2251799813685248000));
  EXPECT_TRUE(is_zoned_range(-2251799813685248000));
  EXPECT_FALSE(is_zoned_range(-2251799813685248001));
}

}  // namespace
}  // namespace trailsql
