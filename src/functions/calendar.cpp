#include "functions/calendar.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "functions/argument_error.h"

namespace trailsql {
namespace {

constexpr int64_t kDaysPerWeek = 7;
constexpr int64_t kMonthsPerYear = 12;

int64_t fixed_length(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMillisecond: return kMicrosecondsPerMillisecond;
    case TimeUnit::kSecond: return kMicrosecondsPerSecond;
    case TimeUnit::kMinute: return kMicrosecondsPerMinute;
    case TimeUnit::kHour: return kMicrosecondsPerHour;
    case TimeUnit::kDay: return kMicrosecondsPerDay;
    case TimeUnit::kWeek: return kDaysPerWeek * kMicrosecondsPerDay;
    default: return 0;
  }
}

int64_t num_months(TimeUnit unit) {
  return unit == TimeUnit::kYear ? kMonthsPerYear : (unit == TimeUnit::kQuarter ? 3 : 1);
}

[[noreturn]] void fail_range() {
  throw QueryError(ErrorCode::kGenericInternalError, "Timestamp is out of range");
}

int64_t month_index(const CivilDate& date) { return date.year * kMonthsPerYear + date.month - 1; }

// A day and the microseconds of it, so that dates need not fit into microseconds.
struct Moment {
  int64_t days;
  int64_t microseconds_of_day;
  auto operator<=>(const Moment&) const = default;
};

Moment moment_of(int64_t microseconds) {
  const LocalTime time = split_local(microseconds);
  return {time.days, time.microseconds_of_day};
}

int64_t months_between(Moment from, Moment to) {
  if (from > to) return -months_between(to, from);
  const int64_t count = month_index(civil_date(to.days)) - month_index(civil_date(from.days));
  // The last month counts only when it is complete.
  const Moment reached{add_months_to_date(from.days, count), from.microseconds_of_day};
  return reached > to ? count - 1 : count;
}

}  // namespace

LocalTime split_local(int64_t microseconds) {
  const int64_t days = days_of_microseconds(microseconds);
  return {civil_date(days), days, microseconds - days * kMicrosecondsPerDay};
}

int64_t microseconds_of_days(int64_t days) {
  int64_t result = 0;
  if (__builtin_mul_overflow(days, kMicrosecondsPerDay, &result)) fail_range();
  return result;
}

int64_t days_of_microseconds(int64_t microseconds) {
  return std::chrono::floor<std::chrono::days>(std::chrono::microseconds(microseconds)).count();
}

int64_t add_microseconds(int64_t microseconds, int64_t change) {
  int64_t result = 0;
  if (__builtin_add_overflow(microseconds, change, &result)) fail_range();
  return result;
}

int64_t checked_date(int64_t days) {
  if (days > INT32_MAX) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("Value {} exceeds MAX_INT for type date", days));
  }
  if (days < INT32_MIN) {
    throw QueryError(ErrorCode::kGenericInternalError,
                     fmt::format("Value {} is less than MIN_INT for type date", days));
  }
  return days;
}

int64_t day_in_month(int64_t year, int month, int day) {
  return first_of_month(year, month) + std::min(day, days_in_month(year, month)) - 1;
}

int64_t add_months_to_date(int64_t days, int64_t months) {
  constexpr int64_t kMaxMonths = int64_t{1} << 40;
  if (months > kMaxMonths || months < -kMaxMonths) fail_range();
  const CivilDate date = civil_date(days);
  const int64_t index = month_index(date) + months;
  const int64_t year = (index >= 0 ? index : index - kMonthsPerYear + 1) / kMonthsPerYear;
  const int month = static_cast<int>(index - year * kMonthsPerYear) + 1;
  return day_in_month(year, month, date.day);
}

int64_t add_months(int64_t microseconds, int64_t months) {
  const LocalTime time = split_local(microseconds);
  return add_microseconds(microseconds_of_days(add_months_to_date(time.days, months)),
                          time.microseconds_of_day);
}

IsoWeek iso_week(int64_t days) {
  // The week belongs to the year of its Thursday.
  constexpr int kThursday = 4;
  const int64_t thursday = days + kThursday - iso_weekday(days);
  const int64_t year = civil_date(thursday).year;
  return {year, (thursday - first_of_month(year, 1)) / kDaysPerWeek + 1};
}

int64_t day_of_year(const LocalTime& time) {
  return time.days - first_of_month(time.date.year, 1) + 1;
}

TimeUnit find_time_unit(std::string_view name, std::string_view kind) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"};
  const auto* found = std::find(kNames.begin(), kNames.end(), to_lower_ascii(name));
  if (found == kNames.end()) fail_argument(fmt::format("'{}' is not a valid {} field", name, kind));
  return static_cast<TimeUnit>(found - kNames.begin());
}

int64_t truncate_date(int64_t days, TimeUnit unit) {
  const CivilDate date = civil_date(days);
  switch (unit) {
    case TimeUnit::kWeek: return days - iso_weekday(days) + 1;
    case TimeUnit::kMonth: return first_of_month(date.year, date.month);
    case TimeUnit::kQuarter: return first_of_month(date.year, (date.month - 1) / 3 * 3 + 1);
    case TimeUnit::kYear: return first_of_month(date.year, 1);
    default: return days;
  }
}

int64_t truncate_local(int64_t microseconds, TimeUnit unit) {
  const int64_t days = days_of_microseconds(microseconds);
  if (unit >= TimeUnit::kDay) return microseconds_of_days(truncate_date(days, unit));
  const int64_t of_day = microseconds - days * kMicrosecondsPerDay;
  return microseconds - of_day % fixed_length(unit);
}

int64_t add_units_to_date(int64_t days, TimeUnit unit, int64_t count) {
  if (unit == TimeUnit::kDay || unit == TimeUnit::kWeek)
    return checked_date(days + count * (unit == TimeUnit::kWeek ? kDaysPerWeek : 1));
  return checked_date(add_months_to_date(days, count * num_months(unit)));
}

int64_t add_units(int64_t microseconds, TimeUnit unit, int64_t count) {
  const int64_t length = fixed_length(unit);
  int64_t change = 0;
  const int64_t factor = length == 0 ? num_months(unit) : length;
  if (__builtin_mul_overflow(count, factor, &change)) fail_range();
  return length == 0 ? add_months(microseconds, change) : add_microseconds(microseconds, change);
}

int64_t units_between_dates(int64_t from, int64_t to, TimeUnit unit) {
  if (unit == TimeUnit::kDay) return to - from;
  if (unit == TimeUnit::kWeek) return (to - from) / kDaysPerWeek;
  return months_between({from, 0}, {to, 0}) / num_months(unit);
}

int64_t units_between(int64_t from, int64_t to, TimeUnit unit) {
  const int64_t length = fixed_length(unit);
  if (length != 0) return (to - from) / length;
  return months_between(moment_of(from), moment_of(to)) / num_months(unit);
}

}  // namespace trailsql
