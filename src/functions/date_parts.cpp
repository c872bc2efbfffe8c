// Parts of dates, timestamps and intervals: year() to millisecond().
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

int64_t year_of(const LocalTime& time) { return time.date.year; }
int64_t month_of(const LocalTime& time) { return time.date.month; }
int64_t quarter_of(const LocalTime& time) { return (time.date.month + 2) / 3; }
int64_t day_of(const LocalTime& time) { return time.date.day; }
int64_t weekday_of(const LocalTime& time) { return iso_weekday(time.days); }
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
  return Part(split_local(local_stamp(time).microseconds));
}

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
    plain("year", kOfStamp, "year({clock0})", "Returns the year."),
    total("year", kOfZoned, "Returns the year.", kernel_of<zoned_part<year_of>>),
    plain("month", kOfDate, "month({0})", "Returns the month of the year."),
    plain("month", kOfStamp, "month({clock0})", "Returns the month of the year."),
    total("month", kOfZoned, "Returns the month of the year.", kernel_of<zoned_part<month_of>>),
    plain("quarter", kOfDate, "quarter({0})", "Returns the quarter."),
    plain("quarter", kOfStamp, "quarter({clock0})", "Returns the quarter."),
    total("quarter", kOfZoned, "Returns the quarter.", kernel_of<zoned_part<quarter_of>>),
    plain("day", kOfDate, "day({0})", "Returns the day of the month."),
    plain("day", kOfStamp, "day({clock0})", "Returns the day of the month."),
    total("day", kOfZoned, "Returns the day of the month.", kernel_of<zoned_part<day_of>>),
    plain("day_of_month", kOfDate, "day({0})", "Returns the day of the month."),
    plain("day_of_month", kOfStamp, "day({clock0})", "Returns the day of the month."),
    total("day_of_month", kOfZoned, "Returns the day of the month.", kernel_of<zoned_part<day_of>>),
    plain("day_of_week", kOfDate, "isodow({0})", "Returns the day of the week, Monday being 1."),
    plain("day_of_week", kOfStamp, "isodow({clock0})",
          "Returns the day of the week, Monday being 1."),
    total("day_of_week", kOfZoned, "Returns the day of the week, Monday being 1.",
          kernel_of<zoned_part<weekday_of>>),
    plain("dow", kOfDate, "isodow({0})", "Returns the day of the week, Monday being 1."),
    plain("dow", kOfStamp, "isodow({clock0})", "Returns the day of the week, Monday being 1."),
    total("dow", kOfZoned, "Returns the day of the week, Monday being 1.",
          kernel_of<zoned_part<weekday_of>>),
    plain("day_of_year", kOfDate, "dayofyear({0})", "Returns the day of the year."),
    plain("day_of_year", kOfStamp, "dayofyear({clock0})", "Returns the day of the year."),
    total("day_of_year", kOfZoned, "Returns the day of the year.",
          kernel_of<zoned_part<year_day_of>>),
    plain("doy", kOfDate, "dayofyear({0})", "Returns the day of the year."),
    plain("doy", kOfStamp, "dayofyear({clock0})", "Returns the day of the year."),
    total("doy", kOfZoned, "Returns the day of the year.", kernel_of<zoned_part<year_day_of>>),
    plain("week", kOfDate, "weekofyear({0})", "Returns the ISO week."),
    plain("week", kOfStamp, "weekofyear({clock0})", "Returns the ISO week."),
    total("week", kOfZoned, "Returns the ISO week.", kernel_of<zoned_part<week_of>>),
    plain("week_of_year", kOfDate, "weekofyear({0})", "Returns the ISO week."),
    plain("week_of_year", kOfStamp, "weekofyear({clock0})", "Returns the ISO week."),
    total("week_of_year", kOfZoned, "Returns the ISO week.", kernel_of<zoned_part<week_of>>),
    plain("year_of_week", kOfDate, "isoyear({0})", "Returns the ISO week's year."),
    plain("year_of_week", kOfStamp, "isoyear({clock0})", "Returns the ISO week's year."),
    total("year_of_week", kOfZoned, "Returns the ISO week's year.",
          kernel_of<zoned_part<week_year_of>>),
    plain("yow", kOfDate, "isoyear({0})", "Returns the ISO week's year."),
    plain("yow", kOfStamp, "isoyear({clock0})", "Returns the ISO week's year."),
    total("yow", kOfZoned, "Returns the ISO week's year.", kernel_of<zoned_part<week_year_of>>),
    plain("hour", kOfStamp, "hour({clock0})", "Returns the hour."),
    total("hour", kOfZoned, "Returns the hour.", kernel_of<zoned_part<hour_of>>),
    plain("minute", kOfStamp, "minute({clock0})", "Returns the minute."),
    total("minute", kOfZoned, "Returns the minute.", kernel_of<zoned_part<minute_of>>),
    plain("second", kOfStamp, "second({clock0})", "Returns the second."),
    total("second", kOfZoned, "Returns the second.", kernel_of<zoned_part<second_of>>),
    plain("millisecond", kOfStamp, "(millisecond({clock0}) % 1000)", "Returns the millisecond."),
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
};

}  // namespace

std::span<const FunctionEntry> date_part_functions() { return kEntries; }

}  // namespace trailsql
