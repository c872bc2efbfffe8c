#include "types/civil_date.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

int64_t day_number(int64_t year, int month, int day) {
  return find_day_number({year, month, day}).value_or(INT64_MIN);
}

TEST(CivilDateTest, GoesBothWaysForAllYears) {
  EXPECT_EQ(day_number(1970, 1, 1), 0);
  EXPECT_EQ(day_number(2000, 2, 29), 11016);
  // The last day that a date can have, and one long before the common era.
  EXPECT_EQ(day_number(5881580, 7, 11), INT32_MAX);
  for (const int64_t days : {INT64_C(0), INT64_C(-1), INT64_C(-719529), INT64_C(2147483647),
                             INT64_C(-2147483648), INT64_C(146096)}) {
    const CivilDate date = civil_date(days);
    EXPECT_EQ(day_number(date.year, date.month, date.day), days);
  }
  EXPECT_EQ(civil_date(-719529).year, -1);
}

TEST(CivilDateTest, KnowsWhatTheCalendarLacks) {
  EXPECT_EQ(find_day_number({2021, 2, 29}), std::nullopt);
  EXPECT_EQ(find_day_number({2020, 13, 1}), std::nullopt);
  EXPECT_EQ(find_day_number({2020, 1, 0}), std::nullopt);
  EXPECT_EQ(days_in_month(1900, 2), 28);
  EXPECT_EQ(days_in_month(-400, 2), 29);
  EXPECT_EQ(days_in_month(123456, 12), 31);
}

TEST(CivilDateTest, CountsWeekdaysFromMonday) {
  EXPECT_EQ(iso_weekday(0), 4);
  EXPECT_EQ(iso_weekday(-1), 3);
  EXPECT_EQ(iso_weekday(-4), 7);
  EXPECT_EQ(iso_weekday(day_number(2020, 5, 10)), 7);
}

}  // namespace
}  // namespace trailsql
