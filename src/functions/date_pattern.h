// Patterns of dates, MySQL's (%Y-%m-%d) and Joda's (yyyy-MM-dd): both become the same items, which
// format and parse.
#pragma once

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

/// Spells the instant in its zone.
std::string format_date(const DatePattern& pattern, ZonedTime time);

/// Reads an instant and its zone ("UTC" when the text has none), whose name lives as long as the
/// program. Throws INVALID_FUNCTION_ARGUMENT `Invalid format: "…"`, as Joda words it.
ZonedTime parse_date_text(const DatePattern& pattern, std::string_view text);

}  // namespace trailsql
