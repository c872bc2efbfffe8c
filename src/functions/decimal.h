// Decimal arithmetic on unscaled 128-bit integers, with Trino's rounding (half up, away from zero).
#pragma once

#include <optional>
#include <string_view>

#include "types/column.h"

namespace trailsql {

/// Returns 10^exponent for 0 ≤ exponent ≤ 38.
int128_t power_of_ten(int exponent);
/// Returns whether `unscaled` has at most `precision` digits.
bool fits_precision(int128_t unscaled, int precision);
/// Changes the scale, rounding half up; empty when the result has more than `precision` digits.
std::optional<int128_t> rescale(int128_t unscaled, int from_scale, int to_scale, int precision);
/// Divides and rounds half up (away from zero). Precondition: divisor is not 0.
int128_t divide_half_up(int128_t dividend, int128_t divisor);
/// Reads "12.50", "-1e3"; rounds half up to `scale`. `is_number` says whether
/// the text was a number at all when the result is empty.
std::optional<int128_t> parse_decimal(std::string_view text, int precision, int scale,
                                      bool& is_number);
/// Returns the nearest double.
double decimal_to_double(int128_t unscaled, int scale);

}  // namespace trailsql
