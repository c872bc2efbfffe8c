// Reads values from text as Trino's casts do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns the text without white space around it.
std::string_view trim_spaces(std::string_view text);

/// Reads "true", "F", "1" …; no spaces around.
std::optional<bool> parse_boolean(std::string_view text);
/// Reads an integer with an optional sign and white space around.
std::optional<int64_t> parse_bigint(std::string_view text);
/// Reads a double as Java's Double.parseDouble does ("1.5", "1e5", "NaN", "Infinity", "0x1p3",
/// "1d", white space around).
std::optional<double> parse_double(std::string_view text);
/// Reads a real: rounded once, from the text.
std::optional<double> parse_real(std::string_view text);

/// Reads "2020-1-31" with white space around: days since 1970-01-01.
std::optional<int64_t> parse_date(std::string_view text);

/// Holds what a timestamp's text says.
struct ParsedTimestamp {
  int64_t microseconds;  // of the local clock since 1970-01-01, rounded down
  int64_t picoseconds;   // beyond the microseconds
  std::string zone;      // as written, or empty
};

/// Reads "2020-01-31", "2020-1-31 1:02[:03[.123456789012]]", each with an optional zone.
std::optional<ParsedTimestamp> parse_timestamp(std::string_view text);

/// Rounds half up to `precision` ≤ 6 digits of the second: microseconds.
int64_t round_microseconds(int64_t microseconds, int64_t picoseconds, int precision);

/// Reads an IPv4 or IPv6 address: its 16 bytes in network order, as the type ipaddress keeps them.
std::optional<std::string> parse_ip_address(std::string_view text);

/// Holds what the text of a time of day says.
struct ParsedTimeOfDay {
  int64_t picoseconds;  // of the local day
  std::optional<int64_t> offset_minutes;
};

/// Reads "1:02", "01:02:03.123456789012", each with an optional offset, "+05:30" or " -05:30".
/// White space is allowed behind the time only.
std::optional<ParsedTimeOfDay> parse_time_of_day(std::string_view text);

}  // namespace trailsql
