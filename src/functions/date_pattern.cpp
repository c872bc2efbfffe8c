#include "functions/date_pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr size_t kShortName = 3;
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
    case 'a': pattern.push_back(number(DateField::kWeekdayName, kShortName, 0)); break;
    case 'b': pattern.push_back(number(DateField::kMonthName, kShortName, 0)); break;
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
  switch (letter) {
    case 'G': return number(DateField::kEra, width, 0);
    case 'C': return number(DateField::kCentury, width, kAnyDigits);
    case 'Y':
    case 'y':
      if (width == 2) return {DateField::kTwoDigitYear, 2, 2, joda_pivot(), {}};
      return number(DateField::kYear, width, kAnyDigits);
    case 'x':
      if (width == 2) return {DateField::kTwoDigitYear, 2, 2, joda_pivot(), {}};
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
    case 'S': return number(DateField::kFraction, width, width);
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

struct Moment {
  LocalTime time;
  ZonedTime zoned;
  int64_t offset_minutes;
};

int64_t number_of(DateField field, const Moment& moment) {
  const LocalTime& time = moment.time;
  const int64_t hour = time.microseconds_of_day / kMicrosecondsPerHour;
  const int64_t year = static_cast<int>(time.date.year());
  switch (field) {
    case DateField::kCentury: return year / 100;
    case DateField::kYear: return year;
    case DateField::kTwoDigitYear: return year % 100;
    case DateField::kWeekYear: return iso_week(time.days).year;
    case DateField::kWeek: return iso_week(time.days).week;
    case DateField::kWeekday: return std::chrono::weekday(time.days).iso_encoding();
    case DateField::kDayOfYear: return day_of_year(time);
    case DateField::kMonth: return static_cast<unsigned>(time.date.month());
    case DateField::kDay: return static_cast<unsigned>(time.date.day());
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
  return width > static_cast<int>(kShortName) ? name : name.substr(0, kShortName);
}

void append_offset(std::string& out, int64_t minutes, bool colon) {
  const int64_t size = std::abs(minutes);
  out += fmt::format("{}{:02}{}{:02}", minutes < 0 ? '-' : '+', size / 60, colon ? ":" : "",
                     size % 60);
}

void append_item(std::string& out, const DateItem& item, const Moment& moment) {
  switch (item.field) {
    case DateField::kLiteral: out += item.literal; break;
    case DateField::kEra: out += number_of(DateField::kYear, moment) > 0 ? "AD" : "BC"; break;
    case DateField::kMonthName:
      out +=
          named(kMonths[static_cast<size_t>(number_of(DateField::kMonth, moment)) - 1], item.width);
      break;
    case DateField::kWeekdayName:
      out += named(kWeekdays[static_cast<size_t>(number_of(DateField::kWeekday, moment)) - 1],
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
    case DateField::kZoneOffset: append_offset(out, moment.offset_minutes, item.width == 2); break;
    case DateField::kZoneName:
    case DateField::kZoneId: out += moment.zoned.zone; break;
    default: out += fmt::format("{:0{}}", number_of(item.field, moment), item.width);
  }
}

class DateParser {
 public:
  explicit DateParser(std::string_view text) : text_(text) {}

  ZonedTime parse(const DatePattern& pattern) {
    for (const DateItem& item : pattern) {
      if (!take(item)) fail_here();
    }
    if (position_ != text_.size()) fail_here();
    return assemble();
  }

 private:
  [[noreturn]] void fail_here() const {
    if (position_ == 0) fail_argument(fmt::format("Invalid format: \"{}\"", text_));
    if (position_ >= text_.size())
      fail_argument(fmt::format("Invalid format: \"{}\" is too short", text_));
    fail_argument(fmt::format("Invalid format: \"{}\" is malformed at \"{}\"", text_,
                              text_.substr(position_)));
  }

  bool take(const DateItem& item) {
    const std::string_view rest = text_.substr(position_);
    switch (item.field) {
      case DateField::kLiteral:
        if (!equals_ignoring_case(rest.substr(0, item.literal.size()), item.literal)) return false;
        position_ += item.literal.size();
        return true;
      case DateField::kMonthName: return take_name(kMonths, month_);
      case DateField::kWeekdayName: return take_name(kWeekdays, ignored_);
      case DateField::kEra: position_ += std::min<size_t>(rest.size(), 2); return true;
      case DateField::kHalfDay: {
        const bool am = equals_ignoring_case(rest.substr(0, 2), "AM");
        if (!am && !equals_ignoring_case(rest.substr(0, 2), "PM")) return false;
        half_day_ = am ? 0 : 1;
        position_ += 2;
        return true;
      }
      case DateField::kZoneOffset: return take_offset();
      case DateField::kZoneName:
      case DateField::kZoneId: return take_zone();
      default: return take_number(item);
    }
  }

  template <size_t N>
  bool take_name(const std::array<std::string_view, N>& names, int64_t& value) {
    const std::string_view rest = text_.substr(position_);
    for (size_t i = 0; i < N; ++i) {
      for (const std::string_view name : {names[i], names[i].substr(0, kShortName)}) {
        if (!equals_ignoring_case(rest.substr(0, name.size()), name)) continue;
        value = static_cast<int64_t>(i) + 1;
        position_ += name.size();
        return true;
      }
    }
    return false;
  }

  bool take_offset() {
    const std::string_view rest = text_.substr(position_);
    if (rest.starts_with('Z') || rest.starts_with('z')) {
      zone_ = "UTC";
      ++position_;
      return true;
    }
    size_t length = 0;
    while (length < rest.size() && length < 6 &&
           std::string_view("+-:0123456789").find(rest[length]) != std::string_view::npos)
      ++length;
    const TimeZone* zone = length < 2 ? nullptr : find_time_zone(rest.substr(0, length));
    if (zone == nullptr) return false;
    zone_ = zone->name();
    position_ += length;
    return true;
  }

  bool take_zone() {
    const std::string_view rest = text_.substr(position_);
    const size_t length = std::min(rest.find_first_of(" ,;)"), rest.size());
    const TimeZone* zone = find_time_zone(rest.substr(0, length));
    if (zone == nullptr) return false;
    zone_ = zone->name();
    position_ += length;
    return true;
  }

  bool take_number(const DateItem& item) {
    const size_t start = position_;
    const bool may_have_sign = item.field == DateField::kYear || item.field == DateField::kWeekYear;
    const bool negative = may_have_sign && text_.substr(position_).starts_with('-');
    if (negative) ++position_;
    int64_t value = 0;
    int num_digits = 0;
    while (position_ < text_.size() && num_digits < item.max_digits && text_[position_] >= '0' &&
           text_[position_] <= '9') {
      value = value * 10 + (text_[position_++] - '0');
      ++num_digits;
    }
    if (num_digits == 0) {
      position_ = start;
      return false;
    }
    if (item.field == DateField::kFraction) {
      for (int i = num_digits; i < 9; ++i) value *= 10;
      // To the millisecond, as Joda keeps it.
      fraction_ = value / 1'000'000 * kMicrosecondsPerMillisecond;
      return true;
    }
    if (item.field == DateField::kTwoDigitYear && num_digits == 2) {
      const int64_t least = item.pivot_year - 50;
      value += (least - value + 99) / 100 * 100;
    }
    store(item.field, negative ? -value : value);
    return true;
  }

  void check(std::string_view name, int64_t value, int64_t least, int64_t most) const {
    if (value >= least && value <= most) return;
    fail_argument(fmt::format("Cannot parse \"{}\": Value {} for {} must be in the range [{},{}]",
                              text_, value, name, least, most));
  }

  // Numbers of a field that has one range, and where they are kept.
  struct Part {
    DateField field;
    std::string_view name;
    int64_t least;
    int64_t most;
    int64_t DateParser::*place;
  };

  void store(DateField field, int64_t value) {
    static constexpr Part kParts[] = {
        {DateField::kWeek, "weekOfWeekyear", 1, 53, &DateParser::week_},
        {DateField::kWeekday, "dayOfWeek", 1, 7, &DateParser::weekday_},
        {DateField::kDayOfYear, "dayOfYear", 1, 366, &DateParser::day_of_year_},
        {DateField::kMonth, "monthOfYear", 1, 12, &DateParser::month_},
        {DateField::kDay, "dayOfMonth", 1, 31, &DateParser::day_},
        {DateField::kHour12, "clockhourOfHalfday", 1, 12, &DateParser::hour12_},
        {DateField::kHour12Zero, "hourOfHalfday", 0, 11, &DateParser::hour12_},
        {DateField::kHour, "hourOfDay", 0, 23, &DateParser::hour_},
        {DateField::kHourOne, "clockhourOfDay", 1, 24, &DateParser::hour_},
        {DateField::kMinute, "minuteOfHour", 0, 59, &DateParser::minute_},
        {DateField::kSecond, "secondOfMinute", 0, 59, &DateParser::second_},
    };
    if (field == DateField::kYear || field == DateField::kTwoDigitYear) year_ = value;
    if (field == DateField::kWeekYear) week_year_ = value;
    for (const Part& part : kParts) {
      if (part.field != field) continue;
      check(part.name, value, part.least, part.most);
      this->*part.place = value;
    }
  }

  std::chrono::sys_days assemble_days() const {
    using std::chrono::days;
    check("year", year_, -9999, 32767);
    const std::chrono::year year(static_cast<int>(year_));
    if (week_ > 0) {
      check("weekyear", week_year_, -9999, 32767);
      const std::chrono::year week_year(static_cast<int>(week_year_));
      const std::chrono::sys_days fourth{week_year / std::chrono::January / 4};
      const auto monday =
          fourth - days(static_cast<int>(std::chrono::weekday(fourth).iso_encoding()) - 1);
      return monday + days((week_ - 1) * 7 + weekday_ - 1);
    }
    if (day_of_year_ > 0)
      return std::chrono::sys_days(year / std::chrono::January / 1) + days(day_of_year_ - 1);
    const std::chrono::year_month_day date(year, std::chrono::month(static_cast<unsigned>(month_)),
                                           std::chrono::day(static_cast<unsigned>(day_)));
    if (!date.ok()) {
      const std::chrono::year_month_day last(year / date.month() / std::chrono::last);
      check("dayOfMonth", day_, 1, static_cast<unsigned>(last.day()));
    }
    return std::chrono::sys_days(date);
  }

  ZonedTime assemble() const {
    // Hours that count from 1 write midnight and noon as their last.
    const int64_t hour = hour12_ >= 0 ? hour12_ % 12 + half_day_ * 12 : hour_ % 24;
    const int64_t of_day = hour * kMicrosecondsPerHour + minute_ * kMicrosecondsPerMinute +
                           second_ * kMicrosecondsPerSecond + fraction_;
    return {to_instant_microseconds(join_local(assemble_days(), of_day), zone_), zone_};
  }

  std::string_view text_;
  size_t position_ = 0;
  int64_t year_ = 1970;
  int64_t month_ = 1;
  int64_t day_ = 1;
  int64_t week_year_ = 1970;
  int64_t week_ = 0;
  int64_t weekday_ = 1;
  int64_t day_of_year_ = 0;
  int64_t hour_ = 0;
  int64_t hour12_ = -1;
  int64_t half_day_ = 0;
  int64_t minute_ = 0;
  int64_t second_ = 0;
  int64_t fraction_ = 0;
  int64_t ignored_ = 0;
  std::string_view zone_ = "UTC";  // a name that lives as long as the program
};

}  // namespace

DatePattern parse_mysql_pattern(std::string_view text) {
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

std::string format_date(const DatePattern& pattern, ZonedTime time) {
  const int64_t local = to_local_microseconds(time.microseconds, time.zone);
  const Moment moment{split_local(local), time,
                      (local - time.microseconds) / kMicrosecondsPerMinute};
  std::string out;
  for (const DateItem& item : pattern) append_item(out, item, moment);
  return out;
}

ZonedTime parse_date_text(const DatePattern& pattern, std::string_view text) {
  return DateParser(text).parse(pattern);
}

}  // namespace trailsql
