// Truncation of dates and timestamps, and arithmetic by unit.
#include <fmt/core.h>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

bool is_time_unit(TimeUnit unit) { return unit < TimeUnit::kDay; }

TimeUnit find_date_unit(std::string_view name) {
  const TimeUnit unit = find_time_unit(name, "DATE");
  if (is_time_unit(unit)) fail_argument(fmt::format("'{}' is not a valid DATE field", name));
  return unit;
}

int64_t truncate_days(std::string_view unit, int64_t days) {
  return truncate_date(days, find_date_unit(unit));
}
Stamp truncate_timestamp(std::string_view unit, Stamp stamp) {
  return {truncate_local(stamp.microseconds, find_time_unit(unit, "TIMESTAMP"))};
}
ZonedTime truncate_zoned(std::string_view name, ZonedTime time) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  const int64_t local = local_stamp(time).microseconds;
  const int64_t truncated = truncate_local(local, unit);
  // Within a day the offset stays that of the instant, so that repeated hours stay apart.
  if (is_time_unit(unit)) return {time.microseconds - (local - truncated), time.zone};
  return zoned_of_local({truncated}, time.zone);
}

// Joda's fields count with ints.
void check_count(int64_t count, ErrorCode code) {
  if (count >= INT32_MIN && count <= INT32_MAX) return;
  throw QueryError(code, "integer overflow");
}

int64_t add_to_date(std::string_view name, int64_t count, int64_t days) {
  const TimeUnit unit = find_date_unit(name);
  check_count(count, ErrorCode::kGenericInternalError);
  return add_units_to_date(days, unit, count);
}
// The sum can be finer than the type (milliseconds added to seconds): it is rounded.
Stamp add_to_timestamp(const BoundFunction& bound, std::string_view name, int64_t count,
                       Stamp stamp) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  check_count(count, ErrorCode::kInvalidFunctionArgument);
  return round_stamp({add_units(stamp.microseconds, unit, count), stamp.picoseconds},
                     bound.result_type.precision());
}
ZonedTime add_to_zoned(const BoundFunction& bound, std::string_view name, int64_t count,
                       ZonedTime time) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  check_count(count, ErrorCode::kInvalidFunctionArgument);
  if (is_time_unit(unit)) {
    time.microseconds = add_units(time.microseconds, unit, count);
  } else {
    Stamp local = local_stamp(time);
    local.microseconds = add_units(local.microseconds, unit, count);
    time = zoned_of_local(local, time.zone);
  }
  return round_zoned(checked_zoned(time, ErrorCode::kInvalidFunctionArgument),
                     bound.result_type.precision());
}

// Differences are those of whole milliseconds.
int64_t to_milliseconds(int64_t microseconds) {
  return floor_milliseconds(microseconds) * kMicrosecondsPerMillisecond;
}
int64_t between_dates(std::string_view unit, int64_t from, int64_t to) {
  return units_between_dates(from, to, find_date_unit(unit));
}
int64_t between_timestamps(std::string_view unit, Stamp from, Stamp to) {
  return units_between(to_milliseconds(from.microseconds), to_milliseconds(to.microseconds),
                       find_time_unit(unit, "TIMESTAMP"));
}
int64_t between_zoned(std::string_view name, ZonedTime from, ZonedTime to) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  from.microseconds = to_milliseconds(from.microseconds);
  to.microseconds = to_milliseconds(to.microseconds);
  if (is_time_unit(unit)) return units_between(from.microseconds, to.microseconds, unit);
  to.zone = from.zone;
  return units_between(local_stamp(from).microseconds, local_stamp(to).microseconds, unit);
}

int64_t last_day_of_date(int64_t days) {
  const CivilDate date = civil_date(days);
  constexpr int kLongest = 31;
  return day_in_month(date.year, date.month, kLongest);
}
int64_t last_day_of_timestamp(Stamp stamp) {
  return last_day_of_date(days_of_microseconds(stamp.microseconds));
}
int64_t last_day_of_zoned(ZonedTime time) { return last_day_of_timestamp(local_stamp(time)); }

int64_t date_of_text(std::string_view text) {
  const std::optional<int64_t> days = parse_date(text);
  if (!days) {
    throw QueryError(ErrorCode::kInvalidCastArgument,
                     fmt::format("Value cannot be cast to date: {}", text));
  }
  return *days;
}
int64_t date_of_zoned(ZonedTime time) {
  return days_of_microseconds(local_stamp(time).microseconds);
}

constexpr FunctionEntry kDateFunctions[] = {
    fallible("date_trunc", "(varchar(x), date) -> date", "Cuts a date down to a unit.",
             kernel_of<truncate_days>),
    fallible("date_trunc", "(varchar(x), timestamp(p)) -> timestamp(p)",
             "Cuts a timestamp down to a unit.", kernel_of<truncate_timestamp>),
    fallible("date_trunc",
             "(varchar(x), timestamp(p) with time zone) -> timestamp(p) with time zone",
             "Cuts a timestamp down to a unit of its zone's calendar.", kernel_of<truncate_zoned>),
    fallible("date_add", "(varchar(x), bigint, date) -> date", "Adds units to a date.",
             kernel_of<add_to_date>),
    fallible("date_add", "(varchar(x), bigint, timestamp(p)) -> timestamp(p)",
             "Adds units to a timestamp.", kernel_of<add_to_timestamp>),
    fallible("date_add",
             "(varchar(x), bigint, timestamp(p) with time zone) -> timestamp(p) with time zone",
             "Adds units on the zone's calendar.", kernel_of<add_to_zoned>),
    fallible("date_diff", "(varchar(x), date, date) -> bigint",
             "Counts whole units between two dates.", kernel_of<between_dates>),
    fallible("date_diff", "(varchar(x), timestamp(p), timestamp(p)) -> bigint",
             "Counts whole units between two timestamps.", kernel_of<between_timestamps>),
    fallible("date_diff",
             "(varchar(x), timestamp(p) with time zone, timestamp(p) with time zone) -> bigint",
             "Counts whole units between two instants.", kernel_of<between_zoned>),
    total("last_day_of_month", "(date) -> date", "Returns the last day of the month.",
          kernel_of<last_day_of_date>),
    total("last_day_of_month", "(timestamp(p)) -> date", "Returns the last day of the month.",
          kernel_of<last_day_of_timestamp>),
    total("last_day_of_month", "(timestamp(p) with time zone) -> date",
          "Returns the last day of the month.", kernel_of<last_day_of_zoned>),
    fallible("date", "(varchar(x)) -> date", "Reads a date.", kernel_of<date_of_text>),
    plain("date", "(timestamp(p)) -> date", "CAST({clock0} AS DATE)",
          "Returns the date of a timestamp."),
    total("date", "(timestamp(p) with time zone) -> date", "Returns the date in the zone.",
          kernel_of<date_of_zoned>),
};

}  // namespace

std::span<const FunctionEntry> date_functions() { return kDateFunctions; }

}  // namespace trailsql
