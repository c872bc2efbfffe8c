// Days since 1970-01-01 and years, months and days of the ISO calendar, for all years that a date
// can have (std::chrono::year ends at 32767).
#pragma once

#include <cstdint>
#include <optional>

namespace trailsql {

struct CivilDate {
  int64_t year;
  int month;  // 1 to 12
  int day;    // 1 to 31
};

/// Returns the date of a day number.
CivilDate civil_date(int64_t days);

/// Returns the day number; empty when the month or the day does not exist.
std::optional<int64_t> find_day_number(CivilDate date);

/// Returns the day number of the first day of a month, 1 to 12.
int64_t first_of_month(int64_t year, int month);

/// Returns how many days the month has.
int days_in_month(int64_t year, int month);

/// Returns the day of the week, Monday being 1.
int iso_weekday(int64_t days);

}  // namespace trailsql
