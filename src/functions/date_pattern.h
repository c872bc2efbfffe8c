// Patterns of dates, MySQL's (%Y-%m-%d) and Joda's (yyyy-MM-dd): both become the same items, which
// format and parse.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "functions/typed_kernel.h"

namespace trailsql {

enum class DateField : uint8_t {
  kLiteral,
  kEra,
  kCentury,
  kYear,
  kYearOfEra,
  kTwoDigitYear,
  kWeekYear,
  kWeek,
  kWeekday,
  kWeekdayName,
  kDayOfYear,
  kMonth,
  kMonthName,
  kDay,
  kHalfDay,
  kHour12,      // 1 to 12
  kHour12Zero,  // 0 to 11
  kHour,        // 0 to 23
  kHourOne,     // 1 to 24
  kMinute,
  kSecond,
  kFraction,
  kFractionOfMinute,
  kFractionOfHour,
  kZoneName,
  kZoneOffset,
  kZoneId,
};

struct DateItem {
  DateField field;
  int width = 1;       // digits at least; names: more than 3 means in full
  int max_digits = 9;  // when parsing
  int pivot_year = 0;  // of two-digit years: the range is [pivot - 50, pivot + 49]
  std::string literal;
};
using DatePattern = std::vector<DateItem>;

/// Both throw INVALID_FUNCTION_ARGUMENT for what the formats do not have.
DatePattern parse_mysql_pattern(std::string_view text);
DatePattern parse_joda_pattern(std::string_view text);

inline constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
inline constexpr size_t kShortDateName = 3;  // "Jan", "Mon"

/// Returns whether the pattern spells a zone or an offset.
bool names_zone(const DatePattern& pattern);

/// Spells the instant in its zone, rounded to milliseconds.
std::string format_date(const DatePattern& pattern, ZonedTime time);

/// A local time that was read, to the millisecond, and its zone ("UTC" when the text has none),
/// whose name lives as long as the program.
struct ParsedDate {
  int64_t days;
  int64_t microseconds_of_day;
  std::string_view zone;
};

/// Throws INVALID_FUNCTION_ARGUMENT `Invalid format: "…"`, as Joda words it.
ParsedDate parse_date_text(const DatePattern& pattern, std::string_view text);

/// Returns the instant; throws INVALID_FUNCTION_ARGUMENT beyond the years that timestamps have.
ZonedTime instant_of(const ParsedDate& date);

}  // namespace trailsql
