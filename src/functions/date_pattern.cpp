#include "functions/date_pattern.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "types/time_zone.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// date_parse and date_format count two-digit years around 2020; Joda around 30 years ago.
constexpr int kMySqlPivot = 2020;

DateItem number(DateField field, int width, int max_digits) {
  return {field, width, max_digits, 0, {}};
}
DateItem literal(std::string text) { return {DateField::kLiteral, 0, 0, 0, std::move(text)}; }

bool is_numeric(DateField field) {
  switch (field) {
    case DateField::kLiteral:
    case DateField::kEra:
    case DateField::kWeekdayName:
    case DateField::kMonthName:
    case DateField::kHalfDay:
    case DateField::kZoneName:
    case DateField::kZoneOffset:
    case DateField::kZoneId: return false;
    default: return true;
  }
}

void append_mysql_item(DatePattern& pattern, char symbol) {
  constexpr int kFullName = 4;
  switch (symbol) {
    case 'a': pattern.push_back(number(DateField::kWeekdayName, kShortDateName, 0)); break;
    case 'b': pattern.push_back(number(DateField::kMonthName, kShortDateName, 0)); break;
    case 'c': pattern.push_back(number(DateField::kMonth, 1, 2)); break;
    case 'd': pattern.push_back(number(DateField::kDay, 2, 2)); break;
    case 'e': pattern.push_back(number(DateField::kDay, 1, 2)); break;
    case 'f': pattern.push_back(number(DateField::kFraction, 6, 9)); break;
    case 'H': pattern.push_back(number(DateField::kHour, 2, 2)); break;
    case 'h':
    case 'I': pattern.push_back(number(DateField::kHour12, 2, 2)); break;
    case 'i': pattern.push_back(number(DateField::kMinute, 2, 2)); break;
    case 'j': pattern.push_back(number(DateField::kDayOfYear, 3, 3)); break;
    case 'k': pattern.push_back(number(DateField::kHour, 1, 2)); break;
    case 'l': pattern.push_back(number(DateField::kHour12, 1, 2)); break;
    case 'M': pattern.push_back(number(DateField::kMonthName, kFullName, 0)); break;
    case 'm': pattern.push_back(number(DateField::kMonth, 2, 2)); break;
    case 'p': pattern.push_back(number(DateField::kHalfDay, 2, 0)); break;
    case 'r':
    case 'T': {
      const std::string_view parts = symbol == 'r' ? "h:i:s p" : "H:i:s";
      for (const char part : parts) {
        if (part == ':' || part == ' ') {
          pattern.push_back(literal(std::string(1, part)));
        } else {
          append_mysql_item(pattern, part);
        }
      }
      break;
    }
    case 'S':
    case 's': pattern.push_back(number(DateField::kSecond, 2, 2)); break;
    case 'v': pattern.push_back(number(DateField::kWeek, 2, 2)); break;
    case 'W': pattern.push_back(number(DateField::kWeekdayName, kFullName, 0)); break;
    case 'x': pattern.push_back(number(DateField::kWeekYear, 4, 4)); break;
    case 'Y': pattern.push_back(number(DateField::kYear, 4, 4)); break;
    case 'y': pattern.push_back({DateField::kTwoDigitYear, 2, 2, kMySqlPivot, {}}); break;
    case 'D':
    case 'U':
    case 'u':
    case 'V':
    case 'w':
    case 'X': fail_argument(fmt::format("%{} not supported in date format string", symbol));
    default: pattern.push_back(literal(std::string(1, symbol)));
  }
}

int joda_pivot() {
  const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return static_cast<int>(std::chrono::year_month_day(today).year()) - 30;
}

DateItem joda_item(char letter, int width) {
  constexpr int kAnyDigits = 9;
  constexpr int kMaxFractionDigits = 18;
  switch (letter) {
    case 'G': return number(DateField::kEra, width, 0);
    case 'C': return number(DateField::kCentury, width, kAnyDigits);
    case 'Y':
    case 'y':
      if (width == 2) return {DateField::kTwoDigitYear, 2, kAnyDigits, joda_pivot(), {}};
      return number(letter == 'Y' ? DateField::kYearOfEra : DateField::kYear, width, kAnyDigits);
    case 'x':
      if (width == 2) return {DateField::kTwoDigitYear, 2, kAnyDigits, joda_pivot(), {}};
      return number(DateField::kWeekYear, width, kAnyDigits);
    case 'w': return number(DateField::kWeek, width, 2);
    case 'e': return number(DateField::kWeekday, width, 1);
    case 'E': return number(DateField::kWeekdayName, width, 0);
    case 'D': return number(DateField::kDayOfYear, width, 3);
    case 'M': return number(width >= 3 ? DateField::kMonthName : DateField::kMonth, width, 2);
    case 'd': return number(DateField::kDay, width, 2);
    case 'a': return number(DateField::kHalfDay, width, 0);
    case 'K': return number(DateField::kHour12Zero, width, 2);
    case 'h': return number(DateField::kHour12, width, 2);
    case 'H': return number(DateField::kHour, width, 2);
    case 'k': return number(DateField::kHourOne, width, 2);
    case 'm': return number(DateField::kMinute, width, 2);
    case 's': return number(DateField::kSecond, width, 2);
    case 'S': return number(DateField::kFraction, width, std::min(width, kMaxFractionDigits));
    case 'z': return number(DateField::kZoneName, width, 0);
    case 'Z': return number(width >= 3 ? DateField::kZoneId : DateField::kZoneOffset, width, 0);
    default:
      fail_argument(fmt::format("Illegal pattern component: {}",
                                std::string(static_cast<size_t>(width), letter)));
  }
}

// Numbers that touch share the digits by their widths.
void limit_adjacent_numbers(DatePattern& pattern) {
  for (size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (is_numeric(pattern[i].field) && is_numeric(pattern[i + 1].field))
      pattern[i].max_digits = std::min(pattern[i].max_digits, std::max(pattern[i].width, 2));
  }
}

struct ZonedMoment {
  LocalTime time;
  ZonedTime zoned;
  int64_t offset_minutes;
};

int64_t number_of(DateField field, const ZonedMoment& moment) {
  const LocalTime& time = moment.time;
  const int64_t hour = time.microseconds_of_day / kMicrosecondsPerHour;
  const int64_t year = time.date.year;
  const int64_t year_of_era = year > 0 ? year : 1 - year;
  switch (field) {
    case DateField::kCentury: return year_of_era / 100;
    case DateField::kYear: return year;
    case DateField::kYearOfEra: return year_of_era;
    case DateField::kTwoDigitYear: return std::abs(year) % 100;
    case DateField::kWeekYear: return iso_week(time.days).year;
    case DateField::kWeek: return iso_week(time.days).week;
    case DateField::kWeekday: return iso_weekday(time.days);
    case DateField::kDayOfYear: return day_of_year(time);
    case DateField::kMonth: return time.date.month;
    case DateField::kDay: return time.date.day;
    case DateField::kHour12: return hour % 12 == 0 ? 12 : hour % 12;
    case DateField::kHour12Zero: return hour % 12;
    case DateField::kHour: return hour;
    case DateField::kHourOne: return hour == 0 ? 24 : hour;
    case DateField::kMinute: return time.microseconds_of_day / kMicrosecondsPerMinute % 60;
    case DateField::kSecond: return time.microseconds_of_day / kMicrosecondsPerSecond % 60;
    default: return 0;
  }
}

std::string_view named(std::string_view name, int width) {
  return width > static_cast<int>(kShortDateName) ? name : name.substr(0, kShortDateName);
}

void append_item(std::string& out, const DateItem& item, const ZonedMoment& moment) {
  switch (item.field) {
    case DateField::kLiteral: out += item.literal; break;
    case DateField::kEra: out += number_of(DateField::kYear, moment) > 0 ? "AD" : "BC"; break;
    case DateField::kMonthName:
      out += named(kMonthNames[static_cast<size_t>(number_of(DateField::kMonth, moment)) - 1],
                   item.width);
      break;
    case DateField::kWeekdayName:
      out += named(kWeekdayNames[static_cast<size_t>(number_of(DateField::kWeekday, moment)) - 1],
                   item.width);
      break;
    case DateField::kHalfDay: out += number_of(DateField::kHour, moment) < 12 ? "AM" : "PM"; break;
    case DateField::kFraction: {
      // Joda knows milliseconds only.
      std::string digits = fmt::format(
          "{:03}", moment.time.microseconds_of_day / kMicrosecondsPerMillisecond % 1000);
      digits.resize(static_cast<size_t>(item.width), '0');
      out += digits;
      break;
    }
    case DateField::kZoneOffset:
      append_time_offset(out, moment.offset_minutes, item.width == 2 ? ":" : "");
      break;
    case DateField::kZoneName: {
      constexpr int kFullName = 4;
      out += time_zone_text(moment.zoned.zone, moment.zoned.microseconds, item.width >= kFullName);
      break;
    }
    case DateField::kZoneId: out += moment.zoned.zone; break;
    default: {
      const int64_t value = number_of(item.field, moment);
      if (value < 0) out += '-';
      out += fmt::format("{:0{}}", std::abs(value), item.width);
    }
  }
}

}  // namespace

DatePattern parse_mysql_pattern(std::string_view text) {
  if (text.empty() || text == "%") fail_argument("Both printing and parsing not supported");
  DatePattern pattern;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 1 < text.size()) {
      append_mysql_item(pattern, text[++i]);
    } else {
      pattern.push_back(literal(std::string(1, text[i])));
    }
  }
  limit_adjacent_numbers(pattern);
  return pattern;
}

DatePattern parse_joda_pattern(std::string_view text) {
  if (text.empty()) fail_argument("Invalid pattern specification: Pattern is null or empty");
  DatePattern pattern;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) {
      size_t end = i;
      while (end < text.size() && text[end] == c) ++end;
      pattern.push_back(joda_item(c, static_cast<int>(end - i)));
      i = end;
    } else if (c != '\'') {
      pattern.push_back(literal(std::string(1, c)));
      ++i;
    } else if (text.substr(i + 1).starts_with('\'')) {
      pattern.push_back(literal("'"));
      i += 2;
    } else {
      std::string quoted;
      for (++i; i < text.size(); ++i) {
        if (text[i] == '\'' && !text.substr(i + 1).starts_with('\'')) break;
        if (text[i] == '\'') ++i;
        quoted += text[i];
      }
      ++i;
      pattern.push_back(literal(std::move(quoted)));
    }
  }
  limit_adjacent_numbers(pattern);
  return pattern;
}

bool names_zone(const DatePattern& pattern) {
  return std::any_of(pattern.begin(), pattern.end(), [](const DateItem& item) {
    return item.field == DateField::kZoneName || item.field == DateField::kZoneOffset ||
           item.field == DateField::kZoneId;
  });
}

std::string format_date(const DatePattern& pattern, ZonedTime time) {
  constexpr int kMilliseconds = 3;
  time = round_zoned(time, kMilliseconds);
  const int64_t local = to_local_microseconds(time.microseconds, time.zone);
  const ZonedMoment moment{split_local(local), time,
                           (local - time.microseconds) / kMicrosecondsPerMinute};
  std::string out;
  for (const DateItem& item : pattern) append_item(out, item, moment);
  return out;
}

}  // namespace trailsql
