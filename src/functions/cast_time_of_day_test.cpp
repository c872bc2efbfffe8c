// Casts from and to times of day. Expected values are those of Trino 476.
#include <gtest/gtest.h>

#include "functions/cast.h"
#include "functions/kernel_for_test.h"

namespace trailsql {
namespace {

constexpr std::string_view kTooEarly = "GENERIC_INTERNAL_ERROR: value must be >= 0";

TEST(CastTimeOfDayTest, ReadsText) {
  EXPECT_EQ(run_cast(text("10:00"), "time(3)"), "10:00:00.000");
  EXPECT_EQ(run_cast(text("1:2:3.123456789012"), "time(12)"), "01:02:03.123456789012");
  EXPECT_EQ(run_cast(text("23:59:59.5"), "time(0)"), "00:00:00");
  EXPECT_EQ(run_cast(text("10:00:00 "), "time(0)"), "10:00:00");
  EXPECT_EQ(run_cast(text(" 10:00:00"), "time(0)"),
            "INVALID_CAST_ARGUMENT: Value cannot be cast to time:  10:00:00");
  EXPECT_EQ(run_cast(text("10:00:00+01:00"), "time(0)"),
            "INVALID_CAST_ARGUMENT: Value cannot be cast to time: 10:00:00+01:00");
  EXPECT_EQ(run_cast(text("10:00:00.1234567890123"), "time(12)"),
            "INVALID_CAST_ARGUMENT: Value cannot be cast to time: 10:00:00.1234567890123");
}

TEST(CastTimeOfDayTest, ReadsTextWithOffset) {
  EXPECT_EQ(run_cast(text("10:00:00.5+08:35"), "time(3) with time zone"), "10:00:00.500+08:35");
  EXPECT_EQ(run_cast(text(" 10:00:00  -08:35 "), "time(0) with time zone"), "10:00:00-08:35");
  EXPECT_EQ(run_cast(text("10:00"), "time(0) with time zone"), "10:00:00+00:00");
  EXPECT_EQ(run_cast(text("23:59:59.5+01:00"), "time(0) with time zone"), "00:00:00+01:00");
  EXPECT_EQ(run_cast(text("10:00+14:00"), "time(0) with time zone"), "10:00:00+14:00");
  for (const std::string wrong : {"10:00+14:01", "10:00+1:00", "10:00+0100", "10:00+01",
                                  "10:00 UTC", "10:00-13:60", "10:00 + 01:00"}) {
    EXPECT_EQ(run_cast(text(wrong), "time(0) with time zone"),
              "INVALID_CAST_ARGUMENT: Value cannot be cast to time with time zone: " + wrong);
  }
}

TEST(CastTimeOfDayTest, RoundsBetweenPrecisions) {
  EXPECT_EQ(run_cast({"time(9)", "12:34:56.555555555"}, "time(2)"), "12:34:56.56");
  EXPECT_EQ(run_cast({"time(1)", "12:34:56.1"}, "time(12)"), "12:34:56.100000000000");
  EXPECT_EQ(run_cast({"time(3)", "23:59:59.999"}, "time(0)"), "00:00:00");
  EXPECT_EQ(run_cast({"time(3) with time zone", "23:59:59.999+01:00"}, "time(0) with time zone"),
            "00:00:00+01:00");
  EXPECT_EQ(run_cast({"time(3) with time zone", "23:59:59.999+01:00"}, "time(0)"), "00:00:00");
  EXPECT_EQ(run_cast({"time(1)", "10:00:00.5"}, "time(0) with time zone"), "10:00:01+00:00");
}

TEST(CastTimeOfDayTest, TakesTheTimeOfTimestamps) {
  EXPECT_EQ(run_cast({"timestamp(6)", "2020-05-01 23:59:59.999999"}, "time(2)"), "00:00:00.00");
  EXPECT_EQ(run_cast({"timestamp(1)", "2020-05-01 12:34:56.1"}, "time(3) with time zone"),
            "12:34:56.100+00:00");
  EXPECT_EQ(run_cast({"timestamp(1) with time zone", "2020-05-01 12:34:56.1 Asia/Kathmandu"},
                     "time(3) with time zone"),
            "12:34:56.100+05:45");
  EXPECT_EQ(
      run_cast({"timestamp(0) with time zone", "2020-05-01 12:34:56 Asia/Kathmandu"}, "time(0)"),
      "12:34:56");
}

TEST(CastTimeOfDayTest, KeepsTrinosOddities) {
  // The offset is looked up as if the local time were one in UTC.
  EXPECT_EQ(run_cast({"timestamp(0) with time zone", "2020-03-08 09:23:45 America/Los_Angeles"},
                     "time(0) with time zone"),
            "09:23:45-08:00");
  EXPECT_EQ(run_cast({"timestamp(0) with time zone", "2020-03-08 10:23:45 America/Los_Angeles"},
                     "time(0) with time zone"),
            "10:23:45-07:00");
  // Before 1970, times with a fraction lose a second; with a zone they do not.
  EXPECT_EQ(run_cast({"timestamp(4)", "1960-07-08 03:23:45.1234"}, "time(4)"), "03:23:44.1234");
  EXPECT_EQ(run_cast({"timestamp(1)", "1960-07-08 03:23:45.5"}, "time(0)"), "03:23:45");
  EXPECT_EQ(run_cast({"timestamp(0)", "1960-07-08 03:23:45"}, "time(0)"), "03:23:45");
  EXPECT_EQ(run_cast({"timestamp(1)", "1960-07-08 00:00:00.9"}, "time(1)"), kTooEarly);
  EXPECT_EQ(run_cast({"timestamp(1)", "1960-07-08 00:00:00.9"}, "time(0)"), "00:00:00");
  EXPECT_EQ(run_cast({"timestamp(1)", "1960-07-08 03:23:45.5"}, "time(0) with time zone"),
            "03:23:46+00:00");
}

// `kernel_for_test.h` casts on the first day of 1970.
TEST(CastTimeOfDayTest, PutsTimesOnTheStatementsDay) {
  EXPECT_EQ(run_cast({"time(3)", "23:59:59.999"}, "timestamp(0)"), "1970-01-02 00:00:00");
  EXPECT_EQ(run_cast({"time(3)", "10:00:00.5"}, "timestamp(0) with time zone"),
            "1970-01-01 10:00:01 UTC");
  EXPECT_EQ(run_cast({"time(0) with time zone", "00:00:00+05:00"}, "timestamp(0)"),
            "1970-01-01 00:00:00");
  // The day is that of UTC.
  EXPECT_EQ(run_cast({"time(0) with time zone", "00:00:00+05:00"}, "timestamp(0) with time zone"),
            "1970-01-02 00:00:00 +05:00");
  EXPECT_EQ(run_cast({"time(0) with time zone", "23:59:59-05:00"}, "timestamp(0) with time zone"),
            "1969-12-31 23:59:59 -05:00");
  EXPECT_EQ(
      run_cast({"time(4) with time zone", "23:59:59.9999+00:00"}, "timestamp(3) with time zone"),
      "1970-01-01 00:00:00.000 UTC");
}

TEST(CastTimeOfDayTest, PrintsAsText) {
  EXPECT_EQ(run_cast({"time(12)", "10:00:00.123456789012"}, "varchar"), "10:00:00.123456789012");
  EXPECT_EQ(run_cast({"time(0) with time zone", "12:34:56-00:35"}, "varchar"), "12:34:56-00:35");
  EXPECT_EQ(run_cast({"time(0)", "10:00:00"}, "varchar(5)"),
            "GENERIC_INTERNAL_ERROR: Character count exceeds length limit 5: base64:MTA6MDA6MDA=");
}

TEST(CastTimeOfDayTest, HasNoOtherCasts) {
  const Type time = Type::time(3);
  const Type zoned = Type::time_with_time_zone(3);
  for (const TypeKind kind : {TypeKind::kDate, TypeKind::kBigint, TypeKind::kJson,
                              TypeKind::kBoolean, TypeKind::kVarbinary}) {
    EXPECT_FALSE(can_cast(time, kind));
    EXPECT_FALSE(can_cast(zoned, kind));
    EXPECT_FALSE(can_cast(kind, time));
    EXPECT_FALSE(can_cast(kind, zoned));
  }
  EXPECT_FALSE(can_cast(Type::character(8), time));
  EXPECT_FALSE(can_cast(time, Type::character(8)));
}

TEST(CastTimeOfDayTest, KnowsWhatMayFail) {
  EXPECT_TRUE(cast_may_fail(Type::timestamp(3), Type::time(3)));
  EXPECT_TRUE(cast_may_fail(Type::varchar(), Type::time_with_time_zone(3)));
  EXPECT_FALSE(cast_may_fail(Type::time(3), Type::timestamp(3)));
  EXPECT_FALSE(cast_may_fail(Type::timestamp_with_time_zone(3), Type::time_with_time_zone(3)));
}

}  // namespace
}  // namespace trailsql
