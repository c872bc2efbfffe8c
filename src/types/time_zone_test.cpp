#include "types/time_zone.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

TEST(TimeZone, FindsOffsetsAndRegions) {
  EXPECT_EQ(find_time_zone("Zulu")->name(), "UTC");
  EXPECT_EQ(find_time_zone("GMT+8")->name(), "+08:00");
  EXPECT_EQ(find_time_zone("Etc/GMT+8")->name(), "-08:00");
  EXPECT_EQ(find_time_zone("+05:30:00")->name(), "+05:30");
  EXPECT_EQ(find_time_zone("+0530")->name(), "+05:30");
  EXPECT_EQ(find_time_zone("-8")->name(), "-08:00");
  EXPECT_EQ(find_time_zone("America/New_York")->offset_at(1577836800), -5 * 3600);
  EXPECT_EQ(find_time_zone("Nowhere/City"), nullptr);
  EXPECT_EQ(find_time_zone("+99:00"), nullptr);
  EXPECT_EQ(find_time_zone(""), nullptr);
}

TEST(TimeZone, TakesOnlyTheNamesOfJava) {
  for (const char* name : {"utc", "z", "america/new_york", "EST", "PST", "ROC", "+5:30", "+05:3",
                           "+05:30:30", "+14:01", "Etc/Zulu", "SystemV/AST4", "GMT+25"})
    EXPECT_EQ(find_time_zone(name), nullptr) << name;
  EXPECT_TRUE(is_zone_of_java("+18:00"));
  EXPECT_TRUE(is_zone_of_java("Etc/Greenwich"));
  EXPECT_FALSE(is_zone_of_java("+18:01"));
  EXPECT_FALSE(is_zone_of_java("EST"));
}

TEST(TimeZone, IsCalledByItsSeason) {
  constexpr int64_t kJanuary = 1577836800000000;
  constexpr int64_t kJuly = 1593561600000000;
  EXPECT_EQ(time_zone_text("America/New_York", kJanuary, false), "EST");
  EXPECT_EQ(time_zone_text("America/New_York", kJuly, true), "Eastern Daylight Time");
  EXPECT_EQ(time_zone_text("Asia/Kathmandu", kJuly, false), "GMT+05:45");
  EXPECT_EQ(time_zone_text("+05:30", kJuly, true), "+05:30");
}

TEST(TimeZone, MovesOutOfGapsAndTakesTheEarlierOffset) {
  const TimeZone* zone = find_time_zone("America/New_York");
  // 2020-03-08 02:30 does not exist: it counts as 03:30 EDT, 07:30 UTC.
  EXPECT_EQ(zone->offset_of_local(1583634600), -5 * 3600);
  // 2020-11-01 01:30 comes twice: the first is EDT.
  EXPECT_EQ(zone->offset_of_local(1604194200), -4 * 3600);
}

}  // namespace
}  // namespace trailsql
