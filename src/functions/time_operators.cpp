// + and - of times of day, and AT TIME ZONE.
#include <fmt/core.h>

#include <algorithm>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/operators.h"
#include "functions/zoned_time_of_day.h"

namespace trailsql {
namespace {

int64_t time_plus_interval(int64_t time, int64_t milliseconds) {
  const int64_t change = milliseconds % kMillisecondsPerDay * kPicosecondsPerMillisecond;
  return wrap_time_of_day(time + change);
}
int64_t interval_plus_time(int64_t milliseconds, int64_t time) {
  return time_plus_interval(time, milliseconds);
}
int64_t time_minus_interval(int64_t time, int64_t milliseconds) {
  return time_plus_interval(time, -(milliseconds % kMillisecondsPerDay));
}
int64_t time_minus_time(int64_t a, int64_t b) {
  constexpr int kMilliseconds = 3;
  return round_picoseconds(a - b, kMilliseconds) / kPicosecondsPerMillisecond;
}

ZonedTimeOfDay zoned_plus_interval(ZonedTimeOfDay time, int64_t milliseconds) {
  return {time_plus_interval(time.utc_picoseconds, milliseconds), time.offset_minutes};
}
ZonedTimeOfDay interval_plus_zoned(int64_t milliseconds, ZonedTimeOfDay time) {
  return zoned_plus_interval(time, milliseconds);
}
ZonedTimeOfDay zoned_minus_interval(ZonedTimeOfDay time, int64_t milliseconds) {
  return {time_minus_interval(time.utc_picoseconds, milliseconds), time.offset_minutes};
}
int64_t zoned_time_minus_zoned_time(ZonedTimeOfDay a, ZonedTimeOfDay b) {
  return time_minus_time(a.utc_picoseconds, b.utc_picoseconds);
}

// Trino keeps the offset in 11 bits, so one of days comes back as another.
ZonedTimeOfDay time_at_offset(ZonedTimeOfDay time, int64_t milliseconds) {
  constexpr int64_t kNumOffsets = 2048;
  if (milliseconds % kMillisecondsPerMinute != 0)
    fail_argument("Invalid time zone offset interval: interval contains seconds");
  const int64_t minutes = milliseconds / kMillisecondsPerMinute;
  int64_t kept = minutes % kNumOffsets;
  if (kept < -kNumOffsets / 2) kept += kNumOffsets;
  if (kept >= kNumOffsets / 2) kept -= kNumOffsets;
  if (kept > kMaxOffsetMinutes || kept < -kMaxOffsetMinutes) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("offsetMinutes is out of range: {}", kept));
  }
  constexpr int64_t kMinutesPerDay = 1440;
  const ZonedTimeOfDay shown{time.utc_picoseconds, minutes % kMinutesPerDay};
  return zoned_time_of_day(local_time_of_day(shown), kept);
}

constexpr FunctionEntry time_shift(std::string_view name, std::string_view signature,
                                   std::string_view doc, MakeKernel make_kernel) {
  FunctionEntry entry = total(name, signature, doc, make_kernel);
  entry.derive_result = shifted_type;
  return entry;
}

constexpr FunctionEntry kTimeOperators[] = {
    time_shift("$add", "(time(p), interval day to second) -> time(p)", "Adds to a time of day.",
               kernel_of<time_plus_interval>),
    time_shift("$add", "(interval day to second, time(p)) -> time(p)", "Adds to a time of day.",
               kernel_of<interval_plus_time>),
    time_shift("$add", "(time(p) with time zone, interval day to second) -> time(p) with time zone",
               "Adds to a time of day.", kernel_of<zoned_plus_interval>),
    time_shift("$add", "(interval day to second, time(p) with time zone) -> time(p) with time zone",
               "Adds to a time of day.", kernel_of<interval_plus_zoned>),
    time_shift("$subtract", "(time(p), interval day to second) -> time(p)",
               "Subtracts from a time of day.", kernel_of<time_minus_interval>),
    time_shift("$subtract",
               "(time(p) with time zone, interval day to second) -> time(p) with time zone",
               "Subtracts from a time of day.", kernel_of<zoned_minus_interval>),
    total("$subtract", "(time(p), time(p)) -> interval day to second",
          "Returns the time between, which is negative when the first is the earlier one.",
          kernel_of<time_minus_time>),
    total("$subtract", "(time(p) with time zone, time(p) with time zone) -> interval day to second",
          "Returns the time between, both taken in UTC.", kernel_of<zoned_time_minus_zoned_time>),
    fallible(kTimeAtZoneOperator,
             "(time(p) with time zone, interval day to second) -> time(p) with time zone",
             "Shows the time of day at another offset.", kernel_of<time_at_offset>),
};

}  // namespace

Type shifted_type(std::span<const Type> types) {
  constexpr int kMilliseconds = 3;
  const Type& time = types[0].is(TypeKind::kIntervalDayToSecond) ? types[1] : types[0];
  return time.with_precision(std::max(time.precision(), kMilliseconds));
}

std::span<const FunctionEntry> time_operators() { return kTimeOperators; }

}  // namespace trailsql
