#include "service/time_window.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace trailsql {
namespace {

constexpr int64_t kMay = 1714521600;  // 2024-05-01T00:00:00Z

TEST(TimeWindow, ReadsDatesAndMomentsAsUtc) {
  EXPECT_EQ(parse_time_window("", "2024-05-01", "").fixed.from, kMay);
  EXPECT_EQ(parse_time_window("", "2024-05-01T01:00", "").fixed.from, kMay + 3600);
  EXPECT_EQ(parse_time_window("", "2024-05-01 01:00:05", "").fixed.from, kMay + 3605);
  EXPECT_EQ(parse_time_window("", "", "2024-05-01T02:00:00+02:00").fixed.to, kMay);
  EXPECT_EQ(parse_time_window("", "", "2024-05-01T00:00:00Z").fixed.to, kMay);
}

TEST(TimeWindow, TakesTheSecondAfterAFraction) {
  EXPECT_EQ(parse_time_window("", "2024-05-01T00:00:00.25Z", "").fixed.from, kMay + 1);
  EXPECT_EQ(parse_time_window("", "", "2024-05-01T00:00:00.999999Z").fixed.to, kMay + 1);
}

TEST(TimeWindow, GoesBackFromEachStatement) {
  const TimeWindow window = parse_time_window("2w", "", "");
  EXPECT_EQ(window.at(kMay * 1'000'000).from, kMay - 14 * 86400);
  EXPECT_EQ(window.at((kMay + 7) * 1'000'000).from, kMay + 7 - 14 * 86400);
  EXPECT_EQ(parse_time_window("90m", "", "").since_seconds, 90 * 60);
  EXPECT_FALSE(TimeWindow().at(0).any());
}

TEST(TimeWindow, RefusesWhatIsNoTime) {
  for (const char* since : {"24", "h", "-1h", "0d", "1y", "1.5h", "2024-05-01", "99999999w"})
    EXPECT_THROW(parse_time_window(since, "", ""), QueryError) << since;
  for (const char* time : {"yesterday", "2024-13-01", "2024-5-1", "24h", "2024-05-01T25:00", "T"})
    EXPECT_THROW(parse_time_window("", time, ""), QueryError) << time;
  EXPECT_THROW(parse_time_window("", "2024-05-01", "2024-05-01"), QueryError);
}

}  // namespace
}  // namespace trailsql
