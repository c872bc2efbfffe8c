// Times of day, in picoseconds: 12 digits of the second, the most that Trino's time types have.
#pragma once

#include <cstdint>

#include "types/time_units.h"

namespace trailsql {

/// The farthest from UTC that an offset may be.
inline constexpr int64_t kMaxOffsetMinutes = 14 * 60;

/// A value of time(p) with time zone as it is kept: the time of day in UTC, and the offset in which
/// it is shown. Equal times of day in UTC are equal values, whatever their offsets.
struct ZonedTimeOfDay {
  int64_t utc_picoseconds;
  int64_t offset_minutes;
};

/// Brings picoseconds into one day: what leaves it at one end enters at the other.
int64_t wrap_time_of_day(int64_t picoseconds);

/// Rounds half up to a multiple of `unit`.
int64_t round_to_unit(int64_t value, int64_t unit);

/// Rounds picoseconds half up to `precision` digits of the second. A time of day may become the
/// whole day.
int64_t round_picoseconds(int64_t picoseconds, int precision);

/// Rounds so, and brings what reaches midnight to 0.
int64_t round_time_of_day(int64_t picoseconds, int precision);

/// Returns what the clock shows at the value's offset, in picoseconds of the day; and back.
int64_t local_time_of_day(ZonedTimeOfDay time);
ZonedTimeOfDay zoned_time_of_day(int64_t local_picoseconds, int64_t offset_minutes);

}  // namespace trailsql
