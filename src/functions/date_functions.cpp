// Parts of dates and times, truncation, arithmetic by unit, zones, and Unix time.
#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

int64_t local_of(ZonedTime time) { return to_local_microseconds(time.microseconds, time.zone); }

int64_t year_of(const LocalTime& time) { return static_cast<int>(time.date.year()); }
int64_t month_of(const LocalTime& time) { return static_cast<unsigned>(time.date.month()); }
int64_t quarter_of(const LocalTime& time) { return (month_of(time) + 2) / 3; }
int64_t day_of(const LocalTime& time) { return static_cast<unsigned>(time.date.day()); }
int64_t weekday_of(const LocalTime& time) {
  return static_cast<int>(std::chrono::weekday(time.days).iso_encoding());
}
int64_t year_day_of(const LocalTime& time) { return day_of_year(time); }
int64_t week_of(const LocalTime& time) { return iso_week(time.days).week; }
int64_t week_year_of(const LocalTime& time) { return iso_week(time.days).year; }
int64_t hour_of(const LocalTime& time) { return time.microseconds_of_day / kMicrosecondsPerHour; }
int64_t minute_of(const LocalTime& time) {
  return time.microseconds_of_day / kMicrosecondsPerMinute % 60;
}
int64_t second_of(const LocalTime& time) {
  return time.microseconds_of_day / kMicrosecondsPerSecond % 60;
}
int64_t millisecond_of(const LocalTime& time) {
  return time.microseconds_of_day / kMicrosecondsPerMillisecond % 1000;
}

template <int64_t (*Part)(const LocalTime&)>
int64_t zoned_part(ZonedTime time) {
  return Part(split_local(local_of(time)));
}

bool is_time_unit(TimeUnit unit) { return unit < TimeUnit::kDay; }

TimeUnit find_date_unit(std::string_view name) {
  const TimeUnit unit = find_time_unit(name, "DATE");
  if (is_time_unit(unit))
    fail_argument(fmt::format("'{}' is not a valid DATE field", to_lower_ascii(name)));
  return unit;
}

int64_t truncate_date(std::string_view unit, int64_t days) {
  return days_of_microseconds(truncate_local(microseconds_of_days(days), find_date_unit(unit)));
}
int64_t truncate_timestamp(std::string_view unit, int64_t microseconds) {
  return truncate_local(microseconds, find_time_unit(unit, "TIMESTAMP"));
}
ZonedTime truncate_zoned(std::string_view name, ZonedTime time) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  const int64_t local = local_of(time);
  const int64_t truncated = truncate_local(local, unit);
  // Within a day the offset stays that of the instant, so that repeated hours stay apart.
  if (is_time_unit(unit)) return {time.microseconds - (local - truncated), time.zone};
  return {to_instant_microseconds(truncated, time.zone), time.zone};
}

int64_t add_to_date(std::string_view unit, int64_t count, int64_t days) {
  return days_of_microseconds(add_units(microseconds_of_days(days), find_date_unit(unit), count));
}
int64_t add_to_timestamp(std::string_view unit, int64_t count, int64_t microseconds) {
  return add_units(microseconds, find_time_unit(unit, "TIMESTAMP"), count);
}
ZonedTime add_to_zoned(std::string_view name, int64_t count, ZonedTime time) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  if (is_time_unit(unit)) return {add_units(time.microseconds, unit, count), time.zone};
  return {to_instant_microseconds(add_units(local_of(time), unit, count), time.zone), time.zone};
}

int64_t between_dates(std::string_view unit, int64_t from, int64_t to) {
  return units_between(microseconds_of_days(from), microseconds_of_days(to), find_date_unit(unit));
}
int64_t between_timestamps(std::string_view unit, int64_t from, int64_t to) {
  return units_between(from, to, find_time_unit(unit, "TIMESTAMP"));
}
int64_t between_zoned(std::string_view name, ZonedTime from, ZonedTime to) {
  const TimeUnit unit = find_time_unit(name, "TIMESTAMP");
  if (is_time_unit(unit)) return units_between(from.microseconds, to.microseconds, unit);
  return units_between(local_of(from), to_local_microseconds(to.microseconds, from.zone), unit);
}

int64_t last_day(const LocalTime& time) {
  return std::chrono::sys_days(time.date.year() / time.date.month() / std::chrono::last)
      .time_since_epoch()
      .count();
}
int64_t last_day_of_date(int64_t days) { return last_day(split_local(microseconds_of_days(days))); }
int64_t last_day_of_timestamp(int64_t microseconds) { return last_day(split_local(microseconds)); }

const TimeZone& zone_or_fail(std::string_view name) {
  const TimeZone* zone = find_time_zone(name);
  if (zone == nullptr) fail_argument(fmt::format("'{}' is not a valid time zone", name));
  return *zone;
}
ZonedTime at_time_zone(ZonedTime time, std::string_view zone) {
  return {time.microseconds, zone_or_fail(zone).name()};
}
ZonedTime with_time_zone(int64_t local, std::string_view zone) {
  return {to_instant_microseconds(local, zone), zone_or_fail(zone).name()};
}
std::string_view zone_of(ZonedTime time) { return time.zone; }
int64_t offset_minutes(ZonedTime time) {
  return (local_of(time) - time.microseconds) / kMicrosecondsPerMinute;
}
int64_t zone_hour(ZonedTime time) { return offset_minutes(time) / 60; }
int64_t zone_minute(ZonedTime time) { return offset_minutes(time) % 60; }

int64_t instant_of_seconds(double seconds) {
  if (std::isnan(seconds)) return 0;
  const double milliseconds = std::floor(seconds * 1000 + 0.5);
  // What Trino packs beside the zone into 64 bits.
  constexpr double kMaxMilliseconds = 2251799813685247;
  if (std::abs(milliseconds) > kMaxMilliseconds) {
    constexpr double kMaxLong = 9.2233720368547758e18;
    const int64_t shown = std::abs(milliseconds) >= kMaxLong
                              ? (milliseconds > 0 ? INT64_MAX : INT64_MIN)
                              : static_cast<int64_t>(milliseconds);
    fail_argument(fmt::format("Millis overflow: {}", shown));
  }
  return static_cast<int64_t>(milliseconds) * kMicrosecondsPerMillisecond;
}
ZonedTime from_unix_time(double seconds) { return {instant_of_seconds(seconds), "UTC"}; }
ZonedTime from_unix_time_in(double seconds, std::string_view zone) {
  const TimeZone* found = find_time_zone(zone);
  if (found == nullptr) {
    throw QueryError(ErrorCode::kNotSupported, fmt::format("Time zone not supported: {}", zone));
  }
  return {instant_of_seconds(seconds), found->name()};
}
ZonedTime from_unix_time_at(double seconds, int64_t hours, int64_t minutes) {
  const int64_t offset = hours * 60 + minutes;
  constexpr int64_t kMaxOffset = 14 * 60;
  if (std::abs(hours) > 14 || std::abs(minutes) > 59 || std::abs(offset) > kMaxOffset)
    fail_argument(fmt::format("Invalid offset minutes {}", offset));
  return {instant_of_seconds(seconds), find_time_zone(offset_zone_name(offset))->name()};
}
double to_unix_time(ZonedTime time) {
  return static_cast<double>(time.microseconds) / static_cast<double>(kMicrosecondsPerSecond);
}

int64_t date_of_text(std::string_view text) {
  const std::optional<int64_t> days = parse_date(text);
  if (!days) {
    throw QueryError(ErrorCode::kInvalidCastArgument,
                     fmt::format("Value cannot be cast to date: {}", text));
  }
  return *days;
}
int64_t date_of_zoned(ZonedTime time) { return days_of_microseconds(local_of(time)); }

int64_t interval_days(int64_t milliseconds) { return milliseconds / kMillisecondsPerDay; }
int64_t interval_hours(int64_t milliseconds) { return milliseconds / 3'600'000 % 24; }
int64_t interval_minutes(int64_t milliseconds) { return milliseconds / 60'000 % 60; }
int64_t interval_seconds(int64_t milliseconds) { return milliseconds / 1000 % 60; }
int64_t interval_milliseconds(int64_t milliseconds) { return milliseconds % 1000; }
int64_t interval_years(int64_t months) { return months / 12; }
int64_t interval_months(int64_t months) { return months % 12; }

constexpr std::string_view kOfDate = "(date) -> bigint";
constexpr std::string_view kOfStamp = "(timestamp(p)) -> bigint";
constexpr std::string_view kOfZoned = "(timestamp(p) with time zone) -> bigint";
constexpr std::string_view kOfDays = "(interval day to second) -> bigint";
constexpr std::string_view kOfMonths = "(interval year to month) -> bigint";

constexpr FunctionEntry kEntries[] = {
    plain("year", kOfDate, "year({0})", "Returns the year."),
    plain("year", kOfStamp, "year({0})", "Returns the year."),
    total("year", kOfZoned, "Returns the year.", kernel_of<zoned_part<year_of>>),
    plain("month", kOfDate, "month({0})", "Returns the month of the year."),
    plain("month", kOfStamp, "month({0})", "Returns the month of the year."),
    total("month", kOfZoned, "Returns the month of the year.", kernel_of<zoned_part<month_of>>),
    plain("quarter", kOfDate, "quarter({0})", "Returns the quarter."),
    plain("quarter", kOfStamp, "quarter({0})", "Returns the quarter."),
    total("quarter", kOfZoned, "Returns the quarter.", kernel_of<zoned_part<quarter_of>>),
    plain("day", kOfDate, "day({0})", "Returns the day of the month."),
    plain("day", kOfStamp, "day({0})", "Returns the day of the month."),
    total("day", kOfZoned, "Returns the day of the month.", kernel_of<zoned_part<day_of>>),
    plain("day_of_month", kOfDate, "day({0})", "Returns the day of the month."),
    plain("day_of_month", kOfStamp, "day({0})", "Returns the day of the month."),
    total("day_of_month", kOfZoned, "Returns the day of the month.", kernel_of<zoned_part<day_of>>),
    plain("day_of_week", kOfDate, "isodow({0})", "Returns the day of the week, Monday being 1."),
    plain("day_of_week", kOfStamp, "isodow({0})", "Returns the day of the week, Monday being 1."),
    total("day_of_week", kOfZoned, "Returns the day of the week, Monday being 1.",
          kernel_of<zoned_part<weekday_of>>),
    plain("dow", kOfDate, "isodow({0})", "Returns the day of the week, Monday being 1."),
    plain("dow", kOfStamp, "isodow({0})", "Returns the day of the week, Monday being 1."),
    total("dow", kOfZoned, "Returns the day of the week, Monday being 1.",
          kernel_of<zoned_part<weekday_of>>),
    plain("day_of_year", kOfDate, "dayofyear({0})", "Returns the day of the year."),
    plain("day_of_year", kOfStamp, "dayofyear({0})", "Returns the day of the year."),
    total("day_of_year", kOfZoned, "Returns the day of the year.",
          kernel_of<zoned_part<year_day_of>>),
    plain("doy", kOfDate, "dayofyear({0})", "Returns the day of the year."),
    plain("doy", kOfStamp, "dayofyear({0})", "Returns the day of the year."),
    total("doy", kOfZoned, "Returns the day of the year.", kernel_of<zoned_part<year_day_of>>),
    plain("week", kOfDate, "weekofyear({0})", "Returns the ISO week."),
    plain("week", kOfStamp, "weekofyear({0})", "Returns the ISO week."),
    total("week", kOfZoned, "Returns the ISO week.", kernel_of<zoned_part<week_of>>),
    plain("week_of_year", kOfDate, "weekofyear({0})", "Returns the ISO week."),
    plain("week_of_year", kOfStamp, "weekofyear({0})", "Returns the ISO week."),
    total("week_of_year", kOfZoned, "Returns the ISO week.", kernel_of<zoned_part<week_of>>),
    plain("year_of_week", kOfDate, "isoyear({0})", "Returns the ISO week's year."),
    plain("year_of_week", kOfStamp, "isoyear({0})", "Returns the ISO week's year."),
    total("year_of_week", kOfZoned, "Returns the ISO week's year.",
          kernel_of<zoned_part<week_year_of>>),
    plain("yow", kOfDate, "isoyear({0})", "Returns the ISO week's year."),
    plain("yow", kOfStamp, "isoyear({0})", "Returns the ISO week's year."),
    total("yow", kOfZoned, "Returns the ISO week's year.", kernel_of<zoned_part<week_year_of>>),
    plain("hour", kOfStamp, "hour({0})", "Returns the hour."),
    total("hour", kOfZoned, "Returns the hour.", kernel_of<zoned_part<hour_of>>),
    plain("minute", kOfStamp, "minute({0})", "Returns the minute."),
    total("minute", kOfZoned, "Returns the minute.", kernel_of<zoned_part<minute_of>>),
    plain("second", kOfStamp, "second({0})", "Returns the second."),
    total("second", kOfZoned, "Returns the second.", kernel_of<zoned_part<second_of>>),
    plain("millisecond", kOfStamp, "(millisecond({0}) % 1000)", "Returns the millisecond."),
    total("millisecond", kOfZoned, "Returns the millisecond.",
          kernel_of<zoned_part<millisecond_of>>),
    total("day", kOfDays, "Returns that part of an interval.", kernel_of<interval_days>),
    total("day_of_month", kOfDays, "Returns that part of an interval.", kernel_of<interval_days>),
    total("hour", kOfDays, "Returns that part of an interval.", kernel_of<interval_hours>),
    total("minute", kOfDays, "Returns that part of an interval.", kernel_of<interval_minutes>),
    total("second", kOfDays, "Returns that part of an interval.", kernel_of<interval_seconds>),
    total("millisecond", kOfDays, "Returns that part of an interval.",
          kernel_of<interval_milliseconds>),
    total("year", kOfMonths, "Returns that part of an interval.", kernel_of<interval_years>),
    total("month", kOfMonths, "Returns that part of an interval.", kernel_of<interval_months>),
    fallible("date_trunc", "(varchar(x), date) -> date", "Cuts a date down to a unit.",
             kernel_of<truncate_date>),
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
          "Returns the last day of the month.", kernel_of<zoned_part<last_day>>),
    fallible("at_timezone",
             "(timestamp(p) with time zone, varchar(x)) -> timestamp(p) with time zone",
             "Shows the instant in another zone.", kernel_of<at_time_zone>),
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
    total("to_unixtime", "(timestamp(p) with time zone) -> double", "Returns seconds since 1970.",
          kernel_of<to_unix_time>),
    fallible("date", "(varchar(x)) -> date", "Reads a date.", kernel_of<date_of_text>),
    plain("date", "(timestamp(p)) -> date", "CAST({0} AS DATE)",
          "Returns the date of a timestamp."),
    total("date", "(timestamp(p) with time zone) -> date", "Returns the date in the zone.",
          kernel_of<date_of_zoned>),
    plain("to_milliseconds", "(interval day to second) -> bigint", "({0})",
          "Returns the interval in milliseconds."),
};

}  // namespace

std::span<const FunctionEntry> date_functions() { return kEntries; }

}  // namespace trailsql
