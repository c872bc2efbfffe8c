#include "functions/number_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "types/value_text.h"

namespace trailsql {
namespace {

// Cuts trailing zeros, and makes zero the number without digits.
DecimalDigits normalized(std::string digits, int point) {
  const size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return {};
  digits.erase(0, first);
  point -= static_cast<int>(first);
  digits.erase(digits.find_last_not_of('0') + 1);
  return {std::move(digits), point};
}

// Keeps so many digits from the first one on (none, or fewer than none, when the number is far
// below), rounding half up.
DecimalDigits rounded(const DecimalDigits& number, int num_kept) {
  if (num_kept >= static_cast<int>(number.digits.size())) return number;
  if (num_kept < 0) return {};
  const auto kept = static_cast<size_t>(num_kept);
  std::string digits = "0" + number.digits.substr(0, kept);
  if (number.digits[kept] >= '5') {
    size_t i = digits.size() - 1;
    while (digits[i] == '9') digits[i--] = '0';
    ++digits[i];
  }
  return normalized(std::move(digits), number.point + 1);
}

}  // namespace

DecimalDigits digits_of(double value, bool is_real) {
  std::array<char, 40> buffer;
  char* const end = buffer.data() + buffer.size();
  constexpr auto kForm = std::chars_format::scientific;
  const double size = std::abs(value);
  const std::to_chars_result written =
      is_real ? std::to_chars(buffer.data(), end, static_cast<float>(size), kForm)
              : std::to_chars(buffer.data(), end, size, kForm);
  const std::string text(buffer.data(), static_cast<size_t>(written.ptr - buffer.data()));
  const size_t mark = text.find('e');
  std::string digits = text.substr(0, mark);
  std::erase(digits, '.');
  return normalized(std::move(digits), std::stoi(text.substr(mark + 1)) + 1);
}

DecimalDigits digits_of(int128_t unscaled, int scale) {
  std::string digits;
  append_decimal(digits, unscaled < 0 ? -unscaled : unscaled, 0);
  const int num_digits = static_cast<int>(digits.size());
  return normalized(std::move(digits), num_digits - scale);
}

std::string spell_fixed(const DecimalDigits& number, int num_decimals) {
  const DecimalDigits kept = rounded(number, number.point + num_decimals);
  std::string out;
  for (int place = std::max(kept.point, 1); place > -num_decimals; --place) {
    if (place == 0) out += '.';
    const int index = kept.point - place;
    const bool has_digit = index >= 0 && index < static_cast<int>(kept.digits.size());
    out += has_digit ? kept.digits[static_cast<size_t>(index)] : '0';
  }
  return out;
}

std::string spell_scientific(const DecimalDigits& number, int num_decimals) {
  DecimalDigits kept = rounded(number, num_decimals + 1);
  const int exponent = kept.digits.empty() ? 0 : kept.point - 1;
  kept.digits.resize(static_cast<size_t>(num_decimals) + 1, '0');
  std::string out(1, kept.digits[0]);
  if (num_decimals > 0) out += "." + kept.digits.substr(1);
  return out + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
}

std::string spell_general(const DecimalDigits& number, int num_digits) {
  num_digits = std::max(num_digits, 1);
  const DecimalDigits kept = rounded(number, num_digits);
  if (kept.digits.empty()) return spell_fixed(kept, num_digits - 1);
  // From 10^-4 to below 10^num_digits.
  if (kept.point > -4 && kept.point <= num_digits)
    return spell_fixed(kept, num_digits - kept.point);
  return spell_scientific(kept, num_digits - 1);
}

std::string spell_hexadecimal(double value) {
  if (value == 0) return "0x0.0p0";
  constexpr int kLeastExponent = -1022;
  int exponent = 0;
  double mantissa = std::frexp(std::abs(value), &exponent) * 2;
  --exponent;
  char whole = '1';
  if (exponent < kLeastExponent) {
    mantissa = std::ldexp(mantissa, exponent - kLeastExponent);
    exponent = kLeastExponent;
    whole = '0';
  }
  mantissa -= std::floor(mantissa);
  std::string digits;
  while (mantissa != 0) {
    mantissa *= 16;
    digits += "0123456789abcdef"[static_cast<int>(mantissa)];
    mantissa -= std::floor(mantissa);
  }
  return fmt::format("0x{}.{}p{}", whole, digits.empty() ? "0" : digits, exponent);
}

std::string with_separators(const std::string& number) {
  const size_t num_whole = std::min(number.find('.'), number.size());
  std::string out;
  for (size_t i = 0; i < num_whole; ++i) {
    if (i > 0 && (num_whole - i) % 3 == 0) out += ',';
    out += number[i];
  }
  return out + number.substr(num_whole);
}

}  // namespace trailsql
