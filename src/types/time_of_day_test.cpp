#include "types/time_of_day.h"

#include <gtest/gtest.h>

#include "types/value_text.h"

namespace trailsql {
namespace {

TEST(TimeOfDayTest, WrapsAroundMidnight) {
  EXPECT_EQ(wrap_time_of_day(0), 0);
  EXPECT_EQ(wrap_time_of_day(-1), kPicosecondsPerDay - 1);
  EXPECT_EQ(wrap_time_of_day(kPicosecondsPerDay), 0);
  EXPECT_EQ(wrap_time_of_day(-3 * kPicosecondsPerDay - kPicosecondsPerHour),
            23 * kPicosecondsPerHour);
}

TEST(TimeOfDayTest, RoundsHalfUp) {
  EXPECT_EQ(round_picoseconds(1'499'999'999, 3), 1'000'000'000);
  EXPECT_EQ(round_picoseconds(1'500'000'000, 3), 2'000'000'000);
  EXPECT_EQ(round_picoseconds(-1'500'000'000, 3), -1'000'000'000);
  EXPECT_EQ(round_picoseconds(-1'500'000'001, 3), -2'000'000'000);
  EXPECT_EQ(round_picoseconds(123'456'789'012, 12), 123'456'789'012);
  EXPECT_EQ(round_picoseconds(kPicosecondsPerDay - 1, 11), kPicosecondsPerDay);
  EXPECT_EQ(round_time_of_day(kPicosecondsPerDay - 1, 11), 0);
}

TEST(TimeOfDayTest, ShowsUtcAtAnOffset) {
  const ZonedTimeOfDay time = zoned_time_of_day(kPicosecondsPerHour, 90);
  EXPECT_EQ(time.utc_picoseconds, 23 * kPicosecondsPerHour + 30 * kPicosecondsPerMinute);
  EXPECT_EQ(local_time_of_day(time), kPicosecondsPerHour);
}

TEST(TimeOfDayTest, PrintsTwelveDigits) {
  std::string text;
  append_time_of_day(text, 12 * kPicosecondsPerHour + 123'456'789'012, 12);
  EXPECT_EQ(text, "12:00:00.123456789012");
  text.clear();
  append_time_of_day(text, kPicosecondsPerDay - 1, 0);
  EXPECT_EQ(text, "23:59:59");
  text.clear();
  append_time_offset(text, -35);
  append_time_offset(text, 0);
  EXPECT_EQ(text, "-00:35+00:00");
}

}  // namespace
}  // namespace trailsql
