#include "functions/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "functions/argument_error.h"

namespace trailsql {
namespace {

using std::chrono::days;
using std::chrono::months;
using std::chrono::sys_days;

int64_t fixed_length(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::kMillisecond: return kMicrosecondsPerMillisecond;
    case TimeUnit::kSecond: return kMicrosecondsPerSecond;
    case TimeUnit::kMinute: return kMicrosecondsPerMinute;
    case TimeUnit::kHour: return kMicrosecondsPerHour;
    case TimeUnit::kDay: return kMicrosecondsPerDay;
    case TimeUnit::kWeek: return 7 * kMicrosecondsPerDay;
    default: return 0;
  }
}

int64_t num_months(TimeUnit unit) {
  return unit == TimeUnit::kYear ? 12 : (unit == TimeUnit::kQuarter ? 3 : 1);
}

[[noreturn]] void fail_range() {
  throw QueryError(ErrorCode::kNumericValueOutOfRange, "Timestamp is out of range");
}

}  // namespace

LocalTime split_local(int64_t microseconds) {
  const std::chrono::microseconds time(microseconds);
  const auto day = std::chrono::floor<days>(time);
  const sys_days date{day};
  return {std::chrono::year_month_day(date), date, (time - day).count()};
}

int64_t join_local(sys_days date, int64_t microseconds_of_day) {
  return microseconds_of_days(date.time_since_epoch().count()) + microseconds_of_day;
}

int64_t microseconds_of_days(int64_t day) {
  int64_t result = 0;
  if (__builtin_mul_overflow(day, kMicrosecondsPerDay, &result)) fail_range();
  return result;
}

int64_t days_of_microseconds(int64_t microseconds) {
  return std::chrono::floor<days>(std::chrono::microseconds(microseconds)).count();
}

int64_t add_months(int64_t microseconds, int64_t count) {
  constexpr int64_t kMaxMonths = 12 * 30'000;
  if (count > kMaxMonths || count < -kMaxMonths) fail_range();
  const LocalTime time = split_local(microseconds);
  std::chrono::year_month_day date = time.date + months(count);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return join_local(sys_days(date), time.microseconds_of_day);
}

IsoWeek iso_week(sys_days date) {
  // The week belongs to the year of its Thursday.
  const std::chrono::weekday weekday(date);
  const sys_days thursday = date + days(4 - static_cast<int>(weekday.iso_encoding()));
  const std::chrono::year year = std::chrono::year_month_day(thursday).year();
  const sys_days first{year / std::chrono::January / 1};
  return {static_cast<int>(year), static_cast<int>((thursday - first).count() / 7 + 1)};
}

int day_of_year(const LocalTime& time) {
  const sys_days first{time.date.year() / std::chrono::January / 1};
  return static_cast<int>((time.days - first).count()) + 1;
}

TimeUnit find_time_unit(std::string_view name, std::string_view kind) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"};
  const std::string lower = to_lower_ascii(name);
  const auto* found = std::find(kNames.begin(), kNames.end(), lower);
  if (found == kNames.end()) {
    fail_argument(fmt::format("'{}' is not a valid {} field", lower, kind));
  }
  return static_cast<TimeUnit>(found - kNames.begin());
}

int64_t truncate_local(int64_t microseconds, TimeUnit unit) {
  const LocalTime time = split_local(microseconds);
  switch (unit) {
    case TimeUnit::kWeek: {
      const std::chrono::weekday weekday(time.days);
      return join_local(time.days - days(static_cast<int>(weekday.iso_encoding()) - 1), 0);
    }
    case TimeUnit::kMonth: return join_local(sys_days(time.date.year() / time.date.month() / 1), 0);
    case TimeUnit::kQuarter: {
      const unsigned first = (static_cast<unsigned>(time.date.month()) - 1) / 3 * 3 + 1;
      return join_local(sys_days(time.date.year() / std::chrono::month(first) / 1), 0);
    }
    case TimeUnit::kYear:
      return join_local(sys_days(time.date.year() / std::chrono::January / 1), 0);
    default: break;
  }
  const int64_t length = fixed_length(unit);
  return microseconds - time.microseconds_of_day + time.microseconds_of_day / length * length;
}

int64_t add_units(int64_t microseconds, TimeUnit unit, int64_t count) {
  const int64_t length = fixed_length(unit);
  if (length == 0) {
    int64_t total = 0;
    if (__builtin_mul_overflow(count, num_months(unit), &total)) fail_range();
    return add_months(microseconds, total);
  }
  int64_t change = 0;
  int64_t result = 0;
  if (__builtin_mul_overflow(count, length, &change) ||
      __builtin_add_overflow(microseconds, change, &result))
    fail_range();
  return result;
}

int64_t units_between(int64_t from, int64_t to, TimeUnit unit) {
  const int64_t length = fixed_length(unit);
  if (length != 0) return (to - from) / length;
  const LocalTime start = split_local(from);
  const LocalTime stop = split_local(to);
  const auto month_index = [](const LocalTime& time) {
    return static_cast<int64_t>(static_cast<int>(time.date.year())) * 12 +
           static_cast<unsigned>(time.date.month());
  };
  int64_t count = month_index(stop) - month_index(start);
  // The last month counts only when it is complete.
  if (count > 0 && add_months(from, count) > to) --count;
  if (count < 0 && add_months(from, count) < to) ++count;
  return count / num_months(unit);
}

}  // namespace trailsql
