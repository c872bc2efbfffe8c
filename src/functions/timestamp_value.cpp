#include "functions/timestamp_value.h"

#include <fmt/core.h>

#include <chrono>

#include "base/error.h"
#include "functions/decimal.h"
#include "types/time_of_day.h"
#include "types/time_zone.h"

namespace trailsql {

Stamp round_stamp(Stamp stamp, int precision) {
  constexpr int kMicrosecondDigits = 6;
  if (precision < kMicrosecondDigits) {
    const auto unit = static_cast<int64_t>(power_of_ten(kMicrosecondDigits - precision));
    return {round_to_unit(stamp.microseconds, unit)};
  }
  const int64_t picoseconds = round_picoseconds(stamp.picoseconds, precision);
  if (picoseconds < kPicosecondsPerMicrosecond) return {stamp.microseconds, picoseconds};
  return {stamp.microseconds + 1};
}

ZonedTime round_zoned(ZonedTime time, int precision) {
  const Stamp rounded = round_stamp({time.microseconds, time.picoseconds}, precision);
  return {rounded.microseconds, time.zone, rounded.picoseconds};
}

Stamp local_stamp(ZonedTime time) {
  return {to_local_microseconds(time.microseconds, time.zone), time.picoseconds};
}

ZonedTime zoned_of_local(Stamp local, std::string_view zone) {
  return {to_instant_microseconds(local.microseconds, zone), zone, local.picoseconds};
}

int64_t floor_milliseconds(int64_t microseconds) {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::microseconds(microseconds))
      .count();
}

bool is_zoned_range(int64_t microseconds) {
  constexpr int64_t kMaxMilliseconds = 2251799813685247;
  const int64_t milliseconds = floor_milliseconds(microseconds);
  return milliseconds <= kMaxMilliseconds && milliseconds >= -kMaxMilliseconds - 1;
}

ZonedTime checked_zoned(ZonedTime time, ErrorCode code) {
  if (is_zoned_range(time.microseconds)) return time;
  throw QueryError(code, fmt::format("Millis overflow: {}", floor_milliseconds(time.microseconds)));
}

}  // namespace trailsql
