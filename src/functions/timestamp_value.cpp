#include "functions/timestamp_value.h"

#include <algorithm>
#include <chrono>

#include "functions/decimal.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

constexpr int64_t kPicosecondsPerMicrosecond = 1'000'000;
constexpr int kMicrosecondDigits = 6;

// Rounds half up to a multiple of `unit`.
int64_t round_to(int64_t value, int64_t unit) {
  int64_t rest = value % unit;
  if (rest < 0) rest += unit;
  return value - rest + (2 * rest >= unit ? unit : 0);
}

}  // namespace

Stamp round_stamp(Stamp stamp, int precision) {
  if (precision < kMicrosecondDigits) {
    const auto unit = static_cast<int64_t>(power_of_ten(kMicrosecondDigits - precision));
    return {round_to(stamp.microseconds, unit)};
  }
  const auto unit = static_cast<int64_t>(power_of_ten(2 * kMicrosecondDigits - precision));
  const int64_t picoseconds = round_to(stamp.picoseconds, unit);
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

}  // namespace trailsql
