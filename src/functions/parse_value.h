// Reads values from text as Trino's casts do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "functions/timestamp_value.h"

namespace trailsql {

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
  Stamp local;
  std::string zone;  // as written, or empty
};

/// Reads "2020-01-31", "2020-1-31 1:02[:03[.123456789012]]", each with an optional zone. Years have
/// four digits at least; digits of the second beyond the twelfth are left out.
std::optional<ParsedTimestamp> parse_timestamp(std::string_view text);

/// Rounds half up a time of day, which counts units of the `num_digits`-th digit of the second, to
/// `precision` of them; what reaches midnight becomes 0.
int64_t round_time_of_day(int64_t time, int num_digits, int precision);

/// Reads an IPv4 or IPv6 address: its 16 bytes in network order, as the type ipaddress keeps them.
std::optional<std::string> parse_ip_address(std::string_view text);

/// Reads "1:02", "01:02:03.5": picoseconds of the day; `rest` gets what follows the time (a zone).
std::optional<int64_t> parse_time_of_day(std::string_view text, std::string_view& rest);

}  // namespace trailsql
