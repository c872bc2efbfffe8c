#include "functions/java_time_format.h"

#include <fmt/core.h>

#include <cstdlib>
#include <string_view>

#include "functions/calendar.h"
#include "functions/date_pattern.h"
#include "functions/typed_kernel.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// The parts that a value has.
struct JavaTime {
  std::optional<int64_t> days;            // since 1970-01-01
  std::optional<int64_t> nanoseconds;     // of the day
  std::optional<int64_t> offset_seconds;  // of a zone
  std::string_view zone;
};

// Java's times end at nanoseconds: what is finer is cut.
JavaTime time_of_local(Stamp local) {
  const int64_t days = days_of_microseconds(local.microseconds);
  const int64_t microseconds = local.microseconds - microseconds_of_days(days);
  return {days,
          microseconds * kNanosecondsPerMicrosecond + local.picoseconds / kPicosecondsPerNanosecond,
          std::nullopt,
          {}};
}

std::optional<JavaTime> read_time(const Column& column, size_t row) {
  const Type& type = column.type();
  if (type.is_integral()) {
    JavaTime time = time_of_local({column.int64_at(row) * kMicrosecondsPerMillisecond});
    time.offset_seconds = 0;
    time.zone = "UTC";
    return time;
  }
  switch (type.kind()) {
    case TypeKind::kDate: return JavaTime{column.int64_at(row), std::nullopt, std::nullopt, {}};
    case TypeKind::kTime:
      return JavaTime{
          std::nullopt, column.int64_at(row) / kPicosecondsPerNanosecond, std::nullopt, {}};
    case TypeKind::kTimestamp: return time_of_local(typed_kernel::read<Stamp>(column, row));
    case TypeKind::kTimestampWithTimeZone: {
      const auto instant = typed_kernel::read<ZonedTime>(column, row);
      const Stamp local = local_stamp(instant);
      JavaTime time = time_of_local(local);
      time.offset_seconds = (local.microseconds - instant.microseconds) / kMicrosecondsPerSecond;
      time.zone = instant.zone;
      return time;
    }
    default: return std::nullopt;
  }
}

// "10:00", "10:00:01", "10:00:01.500": seconds, and then groups of three digits, when they are
// there.
void append_java_clock(std::string& out, int64_t nanoseconds) {
  std::string text;
  append_time_of_day(text, nanoseconds * kPicosecondsPerNanosecond, 9);
  for (const std::string_view zeros : {"000", "000", ".000", ":00"}) {
    if (!text.ends_with(zeros)) break;
    text.resize(text.size() - zeros.size());
  }
  out += text;
}

// An offset has seconds only where local mean time had them.
std::string offset_text(int64_t seconds, bool with_colon) {
  std::string text;
  append_time_offset(text, seconds / kSecondsPerMinute, with_colon ? ":" : "");
  if (seconds < 0) text[0] = '-';
  if (with_colon && seconds % kSecondsPerMinute != 0)
    text += fmt::format(":{:02}", std::abs(seconds % kSecondsPerMinute));
  return text;
}

std::optional<std::string> date_part(char conversion, int64_t day_number) {
  const auto [year, month, day] = civil_date(day_number);
  const std::string_view month_name = kMonthNames[static_cast<size_t>(month - 1)];
  const std::string_view day_name = kWeekdayNames[static_cast<size_t>(iso_weekday(day_number) - 1)];
  switch (conversion) {
    case 'B': return std::string(month_name);
    case 'b':
    case 'h': return std::string(month_name.substr(0, kShortDateName));
    case 'A': return std::string(day_name);
    case 'a': return std::string(day_name.substr(0, kShortDateName));
    case 'C': return fmt::format("{:02}", year / 100);
    case 'Y': return fmt::format("{:04}", year);
    case 'y': return fmt::format("{:02}", year % 100);
    case 'j': return fmt::format("{:03}", day_number - first_of_month(year, 1) + 1);
    case 'm': return fmt::format("{:02}", month);
    case 'd': return fmt::format("{:02}", day);
    case 'e': return fmt::format("{}", day);
    case 'D': return fmt::format("{:02}/{:02}/{:02}", month, day, year % 100);
    case 'F': return fmt::format("{:04}-{:02}-{:02}", year, month, day);
    default: return std::nullopt;
  }
}

std::optional<std::string> clock_part(char conversion, int64_t nanoseconds) {
  const int64_t seconds = nanoseconds / kNanosecondsPerSecond;
  const int64_t fraction = nanoseconds % kNanosecondsPerSecond;
  const int64_t hour = seconds / kSecondsPerHour;
  const int64_t minute = seconds / 60 % 60;
  const int64_t hour_of_half = (hour + 11) % 12 + 1;
  const std::string_view half = hour < 12 ? "am" : "pm";
  switch (conversion) {
    case 'H': return fmt::format("{:02}", hour);
    case 'k': return fmt::format("{}", hour);
    case 'I': return fmt::format("{:02}", hour_of_half);
    case 'l': return fmt::format("{}", hour_of_half);
    case 'M': return fmt::format("{:02}", minute);
    case 'S': return fmt::format("{:02}", seconds % 60);
    case 'L': return fmt::format("{:03}", fraction / kNanosecondsPerMillisecond);
    case 'N': return fmt::format("{:09}", fraction);
    case 'p': return std::string(half);
    case 'R': return fmt::format("{:02}:{:02}", hour, minute);
    case 'T': return fmt::format("{:02}:{:02}:{:02}", hour, minute, seconds % 60);
    case 'r':
      return fmt::format("{:02}:{:02}:{:02} {}", hour_of_half, minute, seconds % 60,
                         hour < 12 ? "AM" : "PM");
    default: return std::nullopt;
  }
}

std::optional<std::string> zone_part(char conversion, const JavaTime& time) {
  if (!time.offset_seconds || !time.days || !time.nanoseconds) return std::nullopt;
  const int64_t instant = *time.days * kSecondsPerDay + *time.nanoseconds / kNanosecondsPerSecond -
                          *time.offset_seconds;
  const int64_t milliseconds =
      *time.nanoseconds % kNanosecondsPerSecond / kNanosecondsPerMillisecond;
  switch (conversion) {
    case 'z': return offset_text(*time.offset_seconds, false);
    case 'Z': return std::string(time.zone);
    case 's': return std::to_string(instant);
    case 'Q': return std::to_string(instant * kMillisecondsPerSecond + milliseconds);
    case 'c':
      return fmt::format("{} {} {} {} {} {}", *date_part('a', *time.days),
                         *date_part('b', *time.days), *date_part('d', *time.days),
                         *clock_part('T', *time.nanoseconds), time.zone,
                         *date_part('Y', *time.days));
    default: return std::nullopt;
  }
}

}  // namespace

void append_java_time(std::string& out, const Column& column, size_t row) {
  const std::optional<JavaTime> time = read_time(column, row);
  if (!time) return append_text(out, column, row);
  if (time->days) append_date(out, *time->days);
  if (time->days && time->nanoseconds) out += 'T';
  if (time->nanoseconds) append_java_clock(out, *time->nanoseconds);
  if (!time->offset_seconds) return;
  out += *time->offset_seconds == 0 ? "Z" : offset_text(*time->offset_seconds, true);
  const bool is_region = !time->zone.starts_with('+') && !time->zone.starts_with('-');
  if (is_region) fmt::format_to(std::back_inserter(out), "[{}]", time->zone);
}

std::optional<std::string> spell_java_time(char conversion, const Column& column, size_t row) {
  const std::optional<JavaTime> time = read_time(column, row);
  if (!time) return std::nullopt;
  std::optional<std::string> text;
  if (time->days) text = date_part(conversion, *time->days);
  if (!text && time->nanoseconds) text = clock_part(conversion, *time->nanoseconds);
  return text ? text : zone_part(conversion, *time);
}

}  // namespace trailsql
