// Time zones of instants, and Unix time.
#include <fmt/core.h>

#include <cmath>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/decimal.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "types/time_of_day.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

const TimeZone& zone_or_fail(std::string_view name) {
  const TimeZone* zone = find_time_zone(name);
  if (zone == nullptr) fail_argument(fmt::format("'{}' is not a valid time zone", name));
  return *zone;
}

const TimeZone& zone_of_offset(int64_t minutes) {
  if (minutes > kMaxOffsetMinutes || minutes < -kMaxOffsetMinutes)
    fail_argument(fmt::format("Invalid offset minutes {}", minutes));
  return *find_time_zone(offset_zone_name(minutes));
}

ZonedTime at_time_zone(ZonedTime time, std::string_view zone) {
  return {time.microseconds, zone_or_fail(zone).name(), time.picoseconds};
}
ZonedTime at_offset(ZonedTime time, int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerMinute != 0)
    fail_argument("Invalid time zone offset interval: interval contains seconds");
  return {time.microseconds, zone_of_offset(milliseconds / kMillisecondsPerMinute).name(),
          time.picoseconds};
}
ZonedTime with_time_zone(Stamp local, std::string_view zone) {
  return checked_zoned(zoned_of_local(local, zone_or_fail(zone).name()));
}
std::string_view zone_of(ZonedTime time) { return time.zone; }
int64_t offset_minutes(ZonedTime time) {
  return (local_stamp(time).microseconds - time.microseconds) / kMicrosecondsPerMinute;
}
int64_t zone_hour(ZonedTime time) { return offset_minutes(time) / 60; }
int64_t zone_minute(ZonedTime time) { return offset_minutes(time) % 60; }

int64_t instant_of_seconds(double seconds) {
  if (std::isnan(seconds)) return 0;
  const double milliseconds = std::floor(seconds * 1000 + 0.5);
  constexpr double kMaxLong = 9.2233720368547758e18;
  const int64_t rounded = std::abs(milliseconds) < kMaxLong ? static_cast<int64_t>(milliseconds)
                          : milliseconds > 0                ? INT64_MAX
                                                            : INT64_MIN;
  int64_t microseconds = 0;
  if (__builtin_mul_overflow(rounded, kMicrosecondsPerMillisecond, &microseconds) ||
      !is_zoned_range(microseconds))
    fail_argument(fmt::format("Millis overflow: {}", rounded));
  return microseconds;
}
ZonedTime from_unix_time(double seconds) { return {instant_of_seconds(seconds), "UTC"}; }
ZonedTime from_unix_time_in(double seconds, std::string_view zone) {
  if (zone.empty()) fail_argument("Zone id is an empty string");
  const TimeZone* found = find_time_zone(zone);
  if (found == nullptr) {
    throw QueryError(ErrorCode::kNotSupported, fmt::format("Time zone not supported: {}", zone));
  }
  return {instant_of_seconds(seconds), found->name()};
}
ZonedTime from_unix_time_at(double seconds, int64_t hours, int64_t minutes) {
  constexpr int64_t kMaxPart = 1'000'000;
  if (std::abs(hours) > kMaxPart || std::abs(minutes) > kMaxPart)
    fail_argument("Invalid offset minutes");
  return {instant_of_seconds(seconds), zone_of_offset(hours * 60 + minutes).name()};
}

ZonedTime instant_of_nanoseconds(int128_t nanoseconds) {
  int128_t rest = nanoseconds % kNanosecondsPerMicrosecond;
  if (rest < 0) rest += kNanosecondsPerMicrosecond;
  const int128_t microseconds = (nanoseconds - rest) / kNanosecondsPerMicrosecond;
  if (microseconds > INT64_MAX || microseconds < INT64_MIN) fail_argument("long overflow");
  return checked_zoned({static_cast<int64_t>(microseconds), "UTC",
                        static_cast<int64_t>(rest) * kPicosecondsPerNanosecond});
}
ZonedTime from_nanoseconds(int64_t nanoseconds) { return instant_of_nanoseconds(nanoseconds); }
// Rounded half away from zero to nanoseconds, which may be more than 64 bits hold.
ZonedTime from_decimal_nanoseconds(const BoundFunction& bound, int128_t unscaled) {
  const int128_t unit = power_of_ten(bound.argument_types[0].scale());
  return instant_of_nanoseconds(divide_half_up(unscaled, unit));
}

double to_unix_time(ZonedTime time) {
  return static_cast<double>(time.microseconds) / static_cast<double>(kMicrosecondsPerSecond) +
         static_cast<double>(time.picoseconds) / static_cast<double>(kPicosecondsPerSecond);
}

constexpr FunctionEntry kInstantFunctions[] = {
    fallible("at_timezone",
             "(timestamp(p) with time zone, varchar(x)) -> timestamp(p) with time zone",
             "Shows the instant in another zone.", kernel_of<at_time_zone>),
    fallible("at_timezone",
             "(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone",
             "Shows the instant at an offset.", kernel_of<at_offset>),
    fallible("with_timezone", "(timestamp(p), varchar(x)) -> timestamp(p) with time zone",
             "Takes the timestamp as local time of a zone.", kernel_of<with_time_zone>),
    total("timezone", "(timestamp(p) with time zone) -> varchar", "Returns the zone's name.",
          kernel_of<zone_of>),
    total("timezone_hour", "(timestamp(p) with time zone) -> bigint",
          "Returns the hours of the zone's offset.", kernel_of<zone_hour>),
    total("timezone_minute", "(timestamp(p) with time zone) -> bigint",
          "Returns the minutes of the zone's offset.", kernel_of<zone_minute>),
    plain("current_timezone", "() -> varchar", "'UTC'", "Returns the session's zone."),
    fallible("from_unixtime", "(double) -> timestamp(3) with time zone",
             "Returns the instant of seconds since 1970.", kernel_of<from_unix_time>),
    fallible("from_unixtime", "(double, varchar(x)) -> timestamp(3) with time zone",
             "Returns the instant of seconds since 1970, in a zone.", kernel_of<from_unix_time_in>),
    fallible("from_unixtime", "(double, bigint, bigint) -> timestamp(3) with time zone",
             "Returns the instant of seconds since 1970, at an offset.",
             kernel_of<from_unix_time_at>),
    total("from_unixtime_nanos", "(bigint) -> timestamp(9) with time zone",
          "Returns the instant of nanoseconds since 1970.", kernel_of<from_nanoseconds>),
    fallible("from_unixtime_nanos", "(decimal(p, s)) -> timestamp(9) with time zone",
             "Returns the instant of nanoseconds since 1970.", kernel_of<from_decimal_nanoseconds>),
    total("to_unixtime", "(timestamp(p) with time zone) -> double", "Returns seconds since 1970.",
          kernel_of<to_unix_time>),
};

}  // namespace

std::span<const FunctionEntry> instant_functions() { return kInstantFunctions; }

}  // namespace trailsql
