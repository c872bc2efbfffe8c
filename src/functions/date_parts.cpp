// Parts of dates, timestamps and intervals: year() to millisecond().
#include <array>

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
int64_t interval_hours(int64_t milliseconds) { return milliseconds / kMillisecondsPerHour % 24; }
int64_t interval_minutes(int64_t milliseconds) {
  return milliseconds / kMillisecondsPerMinute % 60;
}
int64_t interval_seconds(int64_t milliseconds) {
  return milliseconds / kMillisecondsPerSecond % 60;
}
int64_t interval_milliseconds(int64_t milliseconds) {
  return milliseconds % kMillisecondsPerSecond;
}
int64_t interval_years(int64_t months) { return months / 12; }
int64_t interval_months(int64_t months) { return months % 12; }

// A part of dates and of timestamps. The engine's calendar is Trino's; it only knows no zones.
struct CalendarPart {
  std::string_view name;
  std::string_view lowering;
  MakeKernel of_zoned;
  std::string_view doc;
};

constexpr std::string_view kWeekdayDoc = "Returns the day of the week, Monday being 1.";
constexpr auto kDateParts = std::to_array<CalendarPart>({
    {"year", "year({clock0})", kernel_of<zoned_part<year_of>>, "Returns the year."},
    {"month", "month({clock0})", kernel_of<zoned_part<month_of>>, "Returns the month of the year."},
    {"quarter", "quarter({clock0})", kernel_of<zoned_part<quarter_of>>, "Returns the quarter."},
    {"day", "day({clock0})", kernel_of<zoned_part<day_of>>, "Returns the day of the month."},
    {"day_of_month", "day({clock0})", kernel_of<zoned_part<day_of>>,
     "Returns the day of the month."},
    {"day_of_week", "isodow({clock0})", kernel_of<zoned_part<weekday_of>>, kWeekdayDoc},
    {"dow", "isodow({clock0})", kernel_of<zoned_part<weekday_of>>, kWeekdayDoc},
    {"day_of_year", "dayofyear({clock0})", kernel_of<zoned_part<year_day_of>>,
     "Returns the day of the year."},
    {"doy", "dayofyear({clock0})", kernel_of<zoned_part<year_day_of>>,
     "Returns the day of the year."},
    {"week", "weekofyear({clock0})", kernel_of<zoned_part<week_of>>, "Returns the ISO week."},
    {"week_of_year", "weekofyear({clock0})", kernel_of<zoned_part<week_of>>,
     "Returns the ISO week."},
    {"year_of_week", "isoyear({clock0})", kernel_of<zoned_part<week_year_of>>,
     "Returns the ISO week's year."},
    {"yow", "isoyear({clock0})", kernel_of<zoned_part<week_year_of>>,
     "Returns the ISO week's year."},
});
constexpr auto kClockParts = std::to_array<CalendarPart>({
    {"hour", "hour({clock0})", kernel_of<zoned_part<hour_of>>, "Returns the hour."},
    {"minute", "minute({clock0})", kernel_of<zoned_part<minute_of>>, "Returns the minute."},
    {"second", "second({clock0})", kernel_of<zoned_part<second_of>>, "Returns the second."},
    {"millisecond", "(millisecond({clock0}) % 1000)", kernel_of<zoned_part<millisecond_of>>,
     "Returns the millisecond."},
});

constexpr std::string_view kOfDays = "(interval day to second) -> bigint";
constexpr std::string_view kOfMonths = "(interval year to month) -> bigint";
constexpr std::string_view kIntervalDoc = "Returns that part of an interval.";
constexpr auto kIntervalParts = std::to_array<FunctionEntry>({
    total("day", kOfDays, kIntervalDoc, kernel_of<interval_days>),
    total("day_of_month", kOfDays, kIntervalDoc, kernel_of<interval_days>),
    total("hour", kOfDays, kIntervalDoc, kernel_of<interval_hours>),
    total("minute", kOfDays, kIntervalDoc, kernel_of<interval_minutes>),
    total("second", kOfDays, kIntervalDoc, kernel_of<interval_seconds>),
    total("millisecond", kOfDays, kIntervalDoc, kernel_of<interval_milliseconds>),
    total("year", kOfMonths, kIntervalDoc, kernel_of<interval_years>),
    total("month", kOfMonths, kIntervalDoc, kernel_of<interval_months>),
});

constexpr auto make_entries() {
  constexpr size_t kPerDatePart = 3;
  constexpr size_t kPerClockPart = 2;
  std::array<FunctionEntry, kDateParts.size() * kPerDatePart + kClockParts.size() * kPerClockPart +
                                kIntervalParts.size()>
      entries;
  auto next = entries.begin();
  const auto add_stamp_parts = [&](const CalendarPart& part) {
    *next++ = plain(part.name, "(timestamp(p)) -> bigint", part.lowering, part.doc);
    *next++ = total(part.name, "(timestamp(p) with time zone) -> bigint", part.doc, part.of_zoned);
  };
  for (const CalendarPart& part : kDateParts) {
    *next++ = plain(part.name, "(date) -> bigint", part.lowering, part.doc);
    add_stamp_parts(part);
  }
  for (const CalendarPart& part : kClockParts) add_stamp_parts(part);
  for (const FunctionEntry& entry : kIntervalParts) *next++ = entry;
  return entries;
}

constexpr auto kDatePartFunctions = make_entries();

}  // namespace

std::span<const FunctionEntry> date_part_functions() { return kDatePartFunctions; }

}  // namespace trailsql
