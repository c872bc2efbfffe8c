// + and - of dates, timestamps and intervals. Those of times of day are in time_operators.cpp.
#include <fmt/core.h>

#include <cmath>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/operators.h"
#include "functions/typed_kernel.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

int64_t date_plus_day(int64_t days, int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerDay != 0)
    fail_argument("Cannot add hour, minutes or seconds to a date");
  return checked_date(days + milliseconds / kMillisecondsPerDay);
}
int64_t day_plus_date(int64_t milliseconds, int64_t days) {
  return date_plus_day(days, milliseconds);
}
int64_t date_minus_day(int64_t days, int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerDay != 0)
    fail_argument("Cannot subtract hour, minutes or seconds from a date");
  return checked_date(days - milliseconds / kMillisecondsPerDay);
}
int64_t date_plus_month(int64_t days, int64_t months) {
  return checked_date(add_months_to_date(days, months));
}
int64_t month_plus_date(int64_t months, int64_t days) { return date_plus_month(days, months); }
int64_t date_minus_month(int64_t days, int64_t months) { return date_plus_month(days, -months); }
int64_t date_minus_date(int64_t a, int64_t b) { return (a - b) * kMillisecondsPerDay; }

Stamp stamp_plus_day(Stamp stamp, int64_t milliseconds) {
  return {add_units(stamp.microseconds, TimeUnit::kMillisecond, milliseconds), stamp.picoseconds};
}
Stamp day_plus_stamp(int64_t milliseconds, Stamp stamp) {
  return stamp_plus_day(stamp, milliseconds);
}
Stamp stamp_minus_day(Stamp stamp, int64_t milliseconds) {
  return stamp_plus_day(stamp, -milliseconds);
}
Stamp stamp_plus_month(Stamp stamp, int64_t months) {
  return {add_months(stamp.microseconds, months), stamp.picoseconds};
}
Stamp month_plus_stamp(int64_t months, Stamp stamp) { return stamp_plus_month(stamp, months); }
Stamp stamp_minus_month(Stamp stamp, int64_t months) { return stamp_plus_month(stamp, -months); }
// Rounded half up, from the microseconds alone.
int64_t stamp_minus_stamp(Stamp a, Stamp b) {
  constexpr int64_t kHalf = kMicrosecondsPerMillisecond / 2;
  return floor_milliseconds(a.microseconds - b.microseconds + kHalf);
}

ZonedTime zoned_plus_day(ZonedTime time, int64_t milliseconds) {
  const int64_t instant = add_units(time.microseconds, TimeUnit::kMillisecond, milliseconds);
  return checked_zoned({instant, time.zone, time.picoseconds});
}
ZonedTime day_plus_zoned(int64_t milliseconds, ZonedTime time) {
  return zoned_plus_day(time, milliseconds);
}
ZonedTime zoned_minus_day(ZonedTime time, int64_t milliseconds) {
  return zoned_plus_day(time, -milliseconds);
}
ZonedTime zoned_plus_month(ZonedTime time, int64_t months) {
  return checked_zoned(zoned_of_local(stamp_plus_month(local_stamp(time), months), time.zone));
}
ZonedTime month_plus_zoned(int64_t months, ZonedTime time) {
  return zoned_plus_month(time, months);
}
ZonedTime zoned_minus_month(ZonedTime time, int64_t months) {
  return zoned_plus_month(time, -months);
}
// The milliseconds and what is beyond them count apart, the latter rounded half away from zero.
int64_t zoned_minus_zoned(ZonedTime a, ZonedTime b) {
  constexpr int64_t kHalfMillisecond = kPicosecondsPerMillisecond / 2;
  const auto beyond = [](ZonedTime time) {
    const int64_t milliseconds = floor_milliseconds(time.microseconds);
    return (time.microseconds - milliseconds * kMicrosecondsPerMillisecond) *
               kPicosecondsPerMicrosecond +
           time.picoseconds;
  };
  const int64_t rest = beyond(a) - beyond(b);
  const int64_t change = rest >= kHalfMillisecond ? 1 : (rest <= -kHalfMillisecond ? -1 : 0);
  return floor_milliseconds(a.microseconds) - floor_milliseconds(b.microseconds) + change;
}

// The kinds of intervals: Java's longs wrap around, and months must fit into an int.
struct DaySecond {
  static int64_t checked(int64_t value) { return value; }
};
struct YearMonth {
  static int64_t checked(int64_t value) {
    if (value >= INT32_MIN && value <= INT32_MAX) return value;
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("Value {} {} for type interval year to month", value,
                                 value > 0 ? "exceeds MAX_INT" : "is less than MIN_INT"));
  }
};

template <typename Kind>
int64_t add_intervals(int64_t a, int64_t b) {
  int64_t sum = 0;
  (void)__builtin_add_overflow(a, b, &sum);
  return Kind::checked(sum);
}
template <typename Kind>
int64_t subtract_intervals(int64_t a, int64_t b) {
  int64_t difference = 0;
  (void)__builtin_sub_overflow(a, b, &difference);
  return Kind::checked(difference);
}
template <typename Kind>
int64_t multiply_interval(int64_t a, int64_t b) {
  int64_t product = 0;
  (void)__builtin_mul_overflow(a, b, &product);
  return Kind::checked(product);
}
// As Java casts: toward zero, and to the nearest end beyond the range.
template <typename Kind>
int64_t interval_of(double value) {
  constexpr double kLimit = 9223372036854775808.0;
  if (value >= kLimit) return Kind::checked(INT64_MAX);
  if (value <= -kLimit) return Kind::checked(INT64_MIN);
  return Kind::checked(static_cast<int64_t>(value));
}
[[noreturn]] void fail_factor(std::string_view verb, double value) {
  std::string text = fmt::format("Cannot {} by double ", verb);
  append_java_double(text, value);
  fail_argument(text);
}
template <typename Kind>
int64_t scale_interval(int64_t a, double b) {
  if (std::isnan(b)) fail_factor("multiply", b);
  return interval_of<Kind>(static_cast<double>(a) * b);
}
template <typename Kind>
int64_t scale_by_interval(double a, int64_t b) {
  return scale_interval<Kind>(b, a);
}
template <typename Kind>
int64_t divide_interval(int64_t a, double b) {
  if (std::isnan(b) || b == 0) fail_factor("divide", b);
  return interval_of<Kind>(static_cast<double>(a) / b);
}
template <typename Kind>
int64_t negate_interval(int64_t a) {
  return subtract_intervals<Kind>(0, a);
}

constexpr FunctionEntry date_shift(std::string_view name, std::string_view signature,
                                   std::string_view doc, MakeKernel make_kernel) {
  FunctionEntry entry = fallible(name, signature, doc, make_kernel);
  entry.derive_result = shifted_type;
  return entry;
}

constexpr FunctionEntry kDateOperators[] = {
    fallible("$add", "(date, interval day to second) -> date", "Adds days to a date.",
             kernel_of<date_plus_day>),
    fallible("$add", "(interval day to second, date) -> date", "Adds days to a date.",
             kernel_of<day_plus_date>),
    fallible("$add", "(date, interval year to month) -> date", "Adds months to a date.",
             kernel_of<date_plus_month>),
    fallible("$add", "(interval year to month, date) -> date", "Adds months to a date.",
             kernel_of<month_plus_date>),
    date_shift("$add", "(timestamp(p), interval day to second) -> timestamp(p)",
               "Adds to a timestamp.", kernel_of<stamp_plus_day>),
    date_shift("$add", "(interval day to second, timestamp(p)) -> timestamp(p)",
               "Adds to a timestamp.", kernel_of<day_plus_stamp>),
    fallible("$add", "(timestamp(p), interval year to month) -> timestamp(p)",
             "Adds months to a timestamp.", kernel_of<stamp_plus_month>),
    fallible("$add", "(interval year to month, timestamp(p)) -> timestamp(p)",
             "Adds months to a timestamp.", kernel_of<month_plus_stamp>),
    date_shift(
        "$add",
        "(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone",
        "Adds to an instant.", kernel_of<zoned_plus_day>),
    date_shift(
        "$add",
        "(interval day to second, timestamp(p) with time zone) -> timestamp(p) with time zone",
        "Adds to an instant.", kernel_of<day_plus_zoned>),
    fallible("$add",
             "(timestamp(p) with time zone, interval year to month) -> timestamp(p) with time zone",
             "Adds months on the zone's calendar.", kernel_of<zoned_plus_month>),
    fallible("$add",
             "(interval year to month, timestamp(p) with time zone) -> timestamp(p) with time zone",
             "Adds months on the zone's calendar.", kernel_of<month_plus_zoned>),
    fallible("$add", "(interval day to second, interval day to second) -> interval day to second",
             "Adds intervals.", kernel_of<add_intervals<DaySecond>>),
    fallible("$add", "(interval year to month, interval year to month) -> interval year to month",
             "Adds intervals.", kernel_of<add_intervals<YearMonth>>),
    fallible("$subtract", "(date, interval day to second) -> date", "Subtracts days.",
             kernel_of<date_minus_day>),
    fallible("$subtract", "(date, interval year to month) -> date", "Subtracts months.",
             kernel_of<date_minus_month>),
    total("$subtract", "(date, date) -> interval day to second",
          "Returns the time between two dates.", kernel_of<date_minus_date>),
    date_shift("$subtract", "(timestamp(p), interval day to second) -> timestamp(p)",
               "Subtracts from a timestamp.", kernel_of<stamp_minus_day>),
    fallible("$subtract", "(timestamp(p), interval year to month) -> timestamp(p)",
             "Subtracts months.", kernel_of<stamp_minus_month>),
    total("$subtract", "(timestamp(p), timestamp(p)) -> interval day to second",
          "Returns the time between.", kernel_of<stamp_minus_stamp>),
    date_shift(
        "$subtract",
        "(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone",
        "Subtracts from an instant.", kernel_of<zoned_minus_day>),
    fallible("$subtract",
             "(timestamp(p) with time zone, interval year to month) -> timestamp(p) with time zone",
             "Subtracts months on the zone's calendar.", kernel_of<zoned_minus_month>),
    total("$subtract",
          "(timestamp(p) with time zone, timestamp(p) with time zone) -> interval day to second",
          "Returns the time between.", kernel_of<zoned_minus_zoned>),
    fallible("$subtract",
             "(interval day to second, interval day to second) -> interval day to second",
             "Subtracts intervals.", kernel_of<subtract_intervals<DaySecond>>),
    fallible("$subtract",
             "(interval year to month, interval year to month) -> interval year to month",
             "Subtracts intervals.", kernel_of<subtract_intervals<YearMonth>>),
    fallible("$multiply", "(interval day to second, bigint) -> interval day to second",
             "Multiplies an interval.", kernel_of<multiply_interval<DaySecond>>),
    fallible("$multiply", "(bigint, interval day to second) -> interval day to second",
             "Multiplies an interval.", kernel_of<multiply_interval<DaySecond>>),
    fallible("$multiply", "(interval day to second, double) -> interval day to second",
             "Multiplies an interval.", kernel_of<scale_interval<DaySecond>>),
    fallible("$multiply", "(double, interval day to second) -> interval day to second",
             "Multiplies an interval.", kernel_of<scale_by_interval<DaySecond>>),
    fallible("$multiply", "(interval year to month, bigint) -> interval year to month",
             "Multiplies an interval.", kernel_of<multiply_interval<YearMonth>>),
    fallible("$multiply", "(bigint, interval year to month) -> interval year to month",
             "Multiplies an interval.", kernel_of<multiply_interval<YearMonth>>),
    fallible("$multiply", "(interval year to month, double) -> interval year to month",
             "Multiplies an interval.", kernel_of<scale_interval<YearMonth>>),
    fallible("$multiply", "(double, interval year to month) -> interval year to month",
             "Multiplies an interval.", kernel_of<scale_by_interval<YearMonth>>),
    fallible("$divide", "(interval day to second, double) -> interval day to second",
             "Divides an interval.", kernel_of<divide_interval<DaySecond>>),
    fallible("$divide", "(interval year to month, double) -> interval year to month",
             "Divides an interval.", kernel_of<divide_interval<YearMonth>>),
    fallible("$negate", "(interval day to second) -> interval day to second", "Negates.",
             kernel_of<negate_interval<DaySecond>>),
    fallible("$negate", "(interval year to month) -> interval year to month", "Negates.",
             kernel_of<negate_interval<YearMonth>>),
};

}  // namespace

std::span<const FunctionEntry> date_operators() { return kDateOperators; }

}  // namespace trailsql
