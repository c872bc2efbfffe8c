#include "types/time_of_day.h"

namespace trailsql {

int64_t wrap_time_of_day(int64_t picoseconds) {
  const int64_t rest = picoseconds % kPicosecondsPerDay;
  return rest < 0 ? rest + kPicosecondsPerDay : rest;
}

int64_t round_to_unit(int64_t value, int64_t unit) {
  int64_t rest = value % unit;
  if (rest < 0) rest += unit;
  return value - rest + (2 * rest >= unit ? unit : 0);
}

int64_t round_picoseconds(int64_t picoseconds, int precision) {
  constexpr int kMaxPrecision = 12;
  int64_t unit = 1;
  for (int digits = precision; digits < kMaxPrecision; ++digits) unit *= 10;
  return round_to_unit(picoseconds, unit);
}

int64_t round_time_of_day(int64_t picoseconds, int precision) {
  return wrap_time_of_day(round_picoseconds(picoseconds, precision));
}

int64_t local_time_of_day(ZonedTimeOfDay time) {
  return wrap_time_of_day(time.utc_picoseconds + time.offset_minutes * kPicosecondsPerMinute);
}

ZonedTimeOfDay zoned_time_of_day(int64_t local_picoseconds, int64_t offset_minutes) {
  return {wrap_time_of_day(local_picoseconds - offset_minutes * kPicosecondsPerMinute),
          offset_minutes};
}

}  // namespace trailsql
