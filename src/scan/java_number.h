// Numbers as Java reads and writes them, because Trino's OpenX reader hands text to Java's parsers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "types/column.h"

namespace trailsql {

/// A decimal number of any size: `digits` (no leading zeros, "0" for zero) × 10^-scale.
struct JavaDecimal {
  bool negative = false;  // never for zero
  std::string digits;
  int64_t scale = 0;
};

/// Reads what `new BigDecimal(text)` accepts; empty for anything else.
std::optional<JavaDecimal> parse_java_decimal(std::string_view text);
/// Writes a number as `BigDecimal.toString` does: "1.50", "1E+3", "1.0E-10".
std::string java_decimal_text(const JavaDecimal& number);

/// Reads what `Long.parseLong` accepts: a sign and decimal digits.
std::optional<int64_t> parse_plain_long(std::string_view text);
/// Reads an integer as Hive's LazyLong does: of "1.5" what stands before the point; "." is 0.
std::optional<int64_t> parse_lazy_long(std::string_view text);
/// Reads hexadecimal (0x…), octal (0…) and decimal integers of 64 bits; empty for anything else.
std::optional<int64_t> parse_decimal_hex_octal(std::string_view text);
/// Reads an integer as above, or any decimal number, cut towards zero; empty when it does not fit.
std::optional<int64_t> parse_java_long(std::string_view text);
/// Returns the unscaled value of decimal(precision, scale), rounded half up; empty when it does not
/// fit or is no number.
std::optional<int128_t> parse_scaled_decimal(std::string_view text, int precision, int scale);
/// Reads what `Double.parseDouble` accepts, with `to_float` what `Float.parseFloat` does.
std::optional<double> parse_java_double(std::string_view text, bool to_float);

}  // namespace trailsql
