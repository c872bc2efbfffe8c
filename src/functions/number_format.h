// Spells numbers as Java's Formatter does: rounded half up from the digits that Java would print,
// not from the binary value.
#pragma once

#include <string>

#include "types/column.h"

namespace trailsql {

/// A number that is not negative, as decimal digits: 0.DIGITS × 10^point. Zero has no digits.
struct DecimalDigits {
  std::string digits;
  int point = 0;
};

/// Returns the shortest digits that read back as the same double or float (`is_real`).
/// Precondition: finite.
DecimalDigits digits_of(double value, bool is_real);
/// Returns the digits of a decimal.
DecimalDigits digits_of(int128_t unscaled, int scale);

/// Spells with exactly so many digits after the point: %f.
std::string spell_fixed(const DecimalDigits& number, int num_decimals);
/// Spells as d.ddde+xx with exactly so many digits after the point: %e.
std::string spell_scientific(const DecimalDigits& number, int num_decimals);
/// Spells with so many significant digits, in whichever of the two forms suits: %g.
std::string spell_general(const DecimalDigits& number, int num_digits);
/// Spells as 0x1.8p3: %a.
std::string spell_hexadecimal(double value);

/// Puts a comma between every three digits of the whole part.
std::string with_separators(const std::string& number);

}  // namespace trailsql
