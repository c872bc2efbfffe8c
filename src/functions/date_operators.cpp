// + and - of dates, timestamps and intervals. Those of times of day are in time_operators.cpp.
#include <algorithm>
#include <cmath>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

int64_t date_plus_day(int64_t days, int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerDay != 0)
    fail_argument("Cannot add hour, minutes or seconds to a date");
  return days + milliseconds / kMillisecondsPerDay;
}
int64_t day_plus_date(int64_t milliseconds, int64_t days) {
  return date_plus_day(days, milliseconds);
}
int64_t date_minus_day(int64_t days, int64_t milliseconds) {
  if (milliseconds % kMillisecondsPerDay != 0)
    fail_argument("Cannot subtract hour, minutes or seconds from a date");
  return days - milliseconds / kMillisecondsPerDay;
}
int64_t date_plus_month(int64_t days, int64_t months) {
  return days_of_microseconds(add_months(microseconds_of_days(days), months));
}
int64_t month_plus_date(int64_t months, int64_t days) { return date_plus_month(days, months); }
int64_t date_minus_month(int64_t days, int64_t months) { return date_plus_month(days, -months); }
int64_t date_minus_date(int64_t a, int64_t b) { return (a - b) * kMillisecondsPerDay; }

int64_t stamp_plus_day(int64_t microseconds, int64_t milliseconds) {
  return add_units(microseconds, TimeUnit::kMillisecond, milliseconds);
}
int64_t day_plus_stamp(int64_t milliseconds, int64_t microseconds) {
  return stamp_plus_day(microseconds, milliseconds);
}
int64_t stamp_minus_day(int64_t microseconds, int64_t milliseconds) {
  return stamp_plus_day(microseconds, -milliseconds);
}
int64_t month_plus_stamp(int64_t months, int64_t microseconds) {
  return add_months(microseconds, months);
}
int64_t stamp_minus_month(int64_t microseconds, int64_t months) {
  return add_months(microseconds, -months);
}
int64_t floor_milliseconds(int64_t microseconds) {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::microseconds(microseconds))
      .count();
}
int64_t stamp_minus_stamp(int64_t a, int64_t b) { return floor_milliseconds(a - b); }

ZonedTime zoned_plus_day(ZonedTime time, int64_t milliseconds) {
  return {stamp_plus_day(time.microseconds, milliseconds), time.zone};
}
ZonedTime day_plus_zoned(int64_t milliseconds, ZonedTime time) {
  return zoned_plus_day(time, milliseconds);
}
ZonedTime zoned_minus_day(ZonedTime time, int64_t milliseconds) {
  return zoned_plus_day(time, -milliseconds);
}
ZonedTime zoned_plus_month(ZonedTime time, int64_t months) {
  const int64_t local = to_local_microseconds(time.microseconds, time.zone);
  return {to_instant_microseconds(add_months(local, months), time.zone), time.zone};
}
ZonedTime month_plus_zoned(int64_t months, ZonedTime time) {
  return zoned_plus_month(time, months);
}
ZonedTime zoned_minus_month(ZonedTime time, int64_t months) {
  return zoned_plus_month(time, -months);
}
int64_t zoned_minus_zoned(ZonedTime a, ZonedTime b) {
  return floor_milliseconds(a.microseconds) - floor_milliseconds(b.microseconds);
}

int64_t checked(bool overflow, int64_t value) {
  if (overflow) throw QueryError(ErrorCode::kNumericValueOutOfRange, "Interval is out of range");
  return value;
}
int64_t add_intervals(int64_t a, int64_t b) {
  int64_t sum = 0;
  const bool overflow = __builtin_add_overflow(a, b, &sum);
  return checked(overflow, sum);
}
int64_t subtract_intervals(int64_t a, int64_t b) {
  int64_t difference = 0;
  const bool overflow = __builtin_sub_overflow(a, b, &difference);
  return checked(overflow, difference);
}
int64_t multiply_interval(int64_t a, int64_t b) {
  int64_t product = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &product);
  return checked(overflow, product);
}
int64_t interval_of(double value) {
  constexpr double kLimit = 9.2e18;
  return checked(!(std::abs(value) < kLimit),
                 static_cast<int64_t>(std::abs(value) < kLimit ? value : 0));
}
int64_t scale_interval(int64_t a, double b) { return interval_of(static_cast<double>(a) * b); }
int64_t scale_by_interval(double a, int64_t b) { return scale_interval(b, a); }
int64_t divide_interval(int64_t a, double b) {
  if (b == 0) throw QueryError(ErrorCode::kDivisionByZero, "Division by zero");
  return interval_of(static_cast<double>(a) / b);
}
int64_t negate_interval(int64_t a) { return subtract_intervals(0, a); }

// Days to seconds count milliseconds, so the sum shows at least these.
Type with_milliseconds(std::span<const Type> types) {
  const Type& time = types[0].is(TypeKind::kIntervalDayToSecond) ? types[1] : types[0];
  const int precision = std::max(time.precision(), 3);
  return time.is(TypeKind::kTimestamp) ? Type::timestamp(precision)
                                       : Type::timestamp_with_time_zone(precision);
}

constexpr FunctionEntry shift(std::string_view name, std::string_view signature,
                              std::string_view doc, MakeKernel make_kernel) {
  FunctionEntry entry = fallible(name, signature, doc, make_kernel);
  entry.derive_result = with_milliseconds;
  return entry;
}

constexpr FunctionEntry kEntries[] = {
    fallible("$add", "(date, interval day to second) -> date", "Adds days to a date.",
             kernel_of<date_plus_day>),
    fallible("$add", "(interval day to second, date) -> date", "Adds days to a date.",
             kernel_of<day_plus_date>),
    fallible("$add", "(date, interval year to month) -> date", "Adds months to a date.",
             kernel_of<date_plus_month>),
    fallible("$add", "(interval year to month, date) -> date", "Adds months to a date.",
             kernel_of<month_plus_date>),
    shift("$add", "(timestamp(p), interval day to second) -> timestamp(p)", "Adds to a timestamp.",
          kernel_of<stamp_plus_day>),
    shift("$add", "(interval day to second, timestamp(p)) -> timestamp(p)", "Adds to a timestamp.",
          kernel_of<day_plus_stamp>),
    fallible("$add", "(timestamp(p), interval year to month) -> timestamp(p)",
             "Adds months to a timestamp.", kernel_of<add_months>),
    fallible("$add", "(interval year to month, timestamp(p)) -> timestamp(p)",
             "Adds months to a timestamp.", kernel_of<month_plus_stamp>),
    shift("$add",
          "(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone",
          "Adds to an instant.", kernel_of<zoned_plus_day>),
    shift("$add",
          "(interval day to second, timestamp(p) with time zone) -> timestamp(p) with time zone",
          "Adds to an instant.", kernel_of<day_plus_zoned>),
    fallible("$add",
             "(timestamp(p) with time zone, interval year to month) -> timestamp(p) with time zone",
             "Adds months on the zone's calendar.", kernel_of<zoned_plus_month>),
    fallible("$add",
             "(interval year to month, timestamp(p) with time zone) -> timestamp(p) with time zone",
             "Adds months on the zone's calendar.", kernel_of<month_plus_zoned>),
    fallible("$add", "(interval day to second, interval day to second) -> interval day to second",
             "Adds intervals.", kernel_of<add_intervals>),
    fallible("$add", "(interval year to month, interval year to month) -> interval year to month",
             "Adds intervals.", kernel_of<add_intervals>),
    fallible("$subtract", "(date, interval day to second) -> date", "Subtracts days.",
             kernel_of<date_minus_day>),
    fallible("$subtract", "(date, interval year to month) -> date", "Subtracts months.",
             kernel_of<date_minus_month>),
    total("$subtract", "(date, date) -> interval day to second",
          "Returns the time between two dates.", kernel_of<date_minus_date>),
    shift("$subtract", "(timestamp(p), interval day to second) -> timestamp(p)",
          "Subtracts from a timestamp.", kernel_of<stamp_minus_day>),
    fallible("$subtract", "(timestamp(p), interval year to month) -> timestamp(p)",
             "Subtracts months.", kernel_of<stamp_minus_month>),
    total("$subtract", "(timestamp(p), timestamp(p)) -> interval day to second",
          "Returns the time between.", kernel_of<stamp_minus_stamp>),
    shift("$subtract",
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
             "Subtracts intervals.", kernel_of<subtract_intervals>),
    fallible("$subtract",
             "(interval year to month, interval year to month) -> interval year to month",
             "Subtracts intervals.", kernel_of<subtract_intervals>),
    fallible("$multiply", "(interval day to second, bigint) -> interval day to second",
             "Multiplies an interval.", kernel_of<multiply_interval>),
    fallible("$multiply", "(bigint, interval day to second) -> interval day to second",
             "Multiplies an interval.", kernel_of<multiply_interval>),
    fallible("$multiply", "(interval day to second, double) -> interval day to second",
             "Multiplies an interval.", kernel_of<scale_interval>),
    fallible("$multiply", "(double, interval day to second) -> interval day to second",
             "Multiplies an interval.", kernel_of<scale_by_interval>),
    fallible("$multiply", "(interval year to month, bigint) -> interval year to month",
             "Multiplies an interval.", kernel_of<multiply_interval>),
    fallible("$multiply", "(bigint, interval year to month) -> interval year to month",
             "Multiplies an interval.", kernel_of<multiply_interval>),
    fallible("$multiply", "(interval year to month, double) -> interval year to month",
             "Multiplies an interval.", kernel_of<scale_interval>),
    fallible("$multiply", "(double, interval year to month) -> interval year to month",
             "Multiplies an interval.", kernel_of<scale_by_interval>),
    fallible("$divide", "(interval day to second, double) -> interval day to second",
             "Divides an interval.", kernel_of<divide_interval>),
    fallible("$divide", "(interval year to month, double) -> interval year to month",
             "Divides an interval.", kernel_of<divide_interval>),
    fallible("$negate", "(interval day to second) -> interval day to second", "Negates.",
             kernel_of<negate_interval>),
    fallible("$negate", "(interval year to month) -> interval year to month", "Negates.",
             kernel_of<negate_interval>),
};

}  // namespace

std::span<const FunctionEntry> date_operators() { return kEntries; }

}  // namespace trailsql
