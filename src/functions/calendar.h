// Calendar arithmetic on days, and on microseconds of a local clock.
#pragma once

#include <cstdint>
#include <string_view>

#include "types/civil_date.h"
#include "types/time_units.h"

namespace trailsql {

/// Splits a local clock into its date and the microseconds of its day.
struct LocalTime {
  CivilDate date;
  int64_t days;  // since 1970-01-01
  int64_t microseconds_of_day;
};
LocalTime split_local(int64_t microseconds);

/// Returns the microseconds since 1970-01-01 of a day number, and the day number of microseconds.
/// What no timestamp can hold throws GENERIC_INTERNAL_ERROR, as in Trino; so do the others below.
int64_t microseconds_of_days(int64_t days);
int64_t days_of_microseconds(int64_t microseconds);
int64_t add_microseconds(int64_t microseconds, int64_t change);
/// Returns `days` if a date can hold them.
int64_t checked_date(int64_t days);

/// Returns the day number of a day of a month, or of the month's last day when it lacks that day.
int64_t day_in_month(int64_t year, int month, int day);
/// Adds months; a day that the month lacks becomes its last.
int64_t add_months_to_date(int64_t days, int64_t months);
int64_t add_months(int64_t microseconds, int64_t months);

/// Returns ISO's week and its year.
struct IsoWeek {
  int64_t year;
  int64_t week;
};
IsoWeek iso_week(int64_t days);
int64_t day_of_year(const LocalTime& time);

/// Units of date_add, date_diff, date_trunc and extract.
enum class TimeUnit : uint8_t {
  kMillisecond,
  kSecond,
  kMinute,
  kHour,
  kDay,
  kWeek,
  kMonth,
  kQuarter,
  kYear,
};
/// Finds the unit by its name in any case; throws INVALID_FUNCTION_ARGUMENT "'x' is not a valid
/// TIMESTAMP field" (`kind` is that word) for others.
TimeUnit find_time_unit(std::string_view name, std::string_view kind);

int64_t truncate_date(int64_t days, TimeUnit unit);
int64_t truncate_local(int64_t microseconds, TimeUnit unit);
int64_t add_units_to_date(int64_t days, TimeUnit unit, int64_t count);
int64_t add_units(int64_t microseconds, TimeUnit unit, int64_t count);
/// Returns the number of whole units from `from` to `to`.
int64_t units_between_dates(int64_t from, int64_t to, TimeUnit unit);
int64_t units_between(int64_t from, int64_t to, TimeUnit unit);

}  // namespace trailsql
