#include "functions/decimal.h"

#include <array>
#include <charconv>
#include <string>

#include "base/text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

constexpr int kMaxExponent = 38;

constexpr std::array<int128_t, kMaxExponent + 1> make_powers() {
  std::array<int128_t, kMaxExponent + 1> powers{};
  int128_t power = 1;
  for (size_t i = 0; i < powers.size(); ++i) {
    powers[i] = power;
    if (i + 1 < powers.size()) power *= 10;
  }
  return powers;
}

constexpr std::array<int128_t, kMaxExponent + 1> kPowers = make_powers();

}  // namespace

int128_t power_of_ten(int exponent) { return kPowers[static_cast<size_t>(exponent)]; }

bool fits_precision(int128_t unscaled, int precision) {
  const int128_t limit = power_of_ten(precision);
  return unscaled < limit && unscaled > -limit;
}

int128_t divide_half_up(int128_t dividend, int128_t divisor) {
  const int128_t quotient = dividend / divisor;
  const int128_t rest = dividend % divisor;
  if (rest == 0) return quotient;
  const int128_t rest_size = rest < 0 ? -rest : rest;
  const int128_t divisor_size = divisor < 0 ? -divisor : divisor;
  if (rest_size < divisor_size - rest_size) return quotient;
  return (dividend < 0) == (divisor < 0) ? quotient + 1 : quotient - 1;
}

std::optional<int128_t> rescale(int128_t unscaled, int from_scale, int to_scale, int precision) {
  int128_t result = unscaled;
  if (to_scale > from_scale) {
    if (__builtin_mul_overflow(unscaled, power_of_ten(to_scale - from_scale), &result))
      return std::nullopt;
  } else if (to_scale < from_scale) {
    result = divide_half_up(unscaled, power_of_ten(from_scale - to_scale));
  }
  if (!fits_precision(result, precision)) return std::nullopt;
  return result;
}

std::optional<int128_t> parse_decimal(std::string_view text, int precision, int scale,
                                      bool& is_number) {
  is_number = false;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::string digits;
  int64_t exponent = 0;
  size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) digits += text[i];
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i, --exponent) digits += text[i];
  }
  if (digits.empty()) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && text[i] == '+') {
      ++i;
      if (text.substr(i).starts_with('-')) return std::nullopt;
    }
    int written = 0;
    const auto [stop, problem] =
        std::from_chars(text.data() + i, text.data() + text.size(), written);
    if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    exponent += written;
  } else if (i != text.size()) {
    return std::nullopt;
  }
  is_number = true;
  // Brings the digits to the wanted scale: append zeros, or cut and round on the first one cut.
  const int64_t shift = exponent + scale;
  bool round_up = false;
  if (shift > 0) {
    const size_t first = digits.find_first_not_of('0');
    if (first == std::string::npos) return 0;
    if (shift > kMaxExponent + 1) return std::nullopt;
    digits.append(static_cast<size_t>(shift), '0');
  } else if (shift < 0) {
    const auto num_cut = static_cast<size_t>(-shift);
    if (num_cut > digits.size()) return 0;
    round_up = digits[digits.size() - num_cut] >= '5';
    digits.resize(digits.size() - num_cut);
  }
  int128_t value = 0;
  for (const char digit : digits) {
    if (value >= power_of_ten(kMaxExponent - 1)) return std::nullopt;
    value = value * 10 + (digit - '0');
  }
  if (round_up) ++value;
  if (!fits_precision(value, precision)) return std::nullopt;
  return negative ? -value : value;
}

double decimal_to_double(int128_t unscaled, int scale) {
  // Up to 2^53 over an exact power of ten one division rounds correctly; else the digits are read.
  constexpr int128_t kExact = int128_t{1} << 53;
  constexpr int kMaxExactPower = 22;
  if (unscaled < kExact && unscaled > -kExact && scale <= kMaxExactPower)
    return static_cast<double>(unscaled) / static_cast<double>(power_of_ten(scale));
  std::string text;
  append_decimal(text, unscaled, scale);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace trailsql
