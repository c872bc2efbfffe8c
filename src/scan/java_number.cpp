#include "scan/java_number.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace trailsql {
namespace {

std::optional<int64_t> parse_radix(std::string_view text, int radix) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, radix);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Reads digits with at most one point, from the front of `text`. Returns false without any digit.
bool take_mantissa(std::string_view& text, JavaDecimal& number) {
  bool point = false;
  size_t num_digits = 0;
  size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '.' && !point) {
      point = true;
    } else if (is_digit(text[i])) {
      ++num_digits;
      if (point) ++number.scale;
      if (!(number.digits.empty() && text[i] == '0')) number.digits.push_back(text[i]);
    } else {
      break;
    }
  }
  text.remove_prefix(i);
  return num_digits > 0;
}

// Reads "e…" to the end of `text`. Java's exponents fit into 32 bits.
std::optional<int64_t> parse_exponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  const std::optional<int64_t> exponent = parse_radix(text.substr(1), 10);
  constexpr int64_t kMaxExponent = std::numeric_limits<int32_t>::max();
  if (!exponent || *exponent > kMaxExponent || *exponent < -kMaxExponent) return std::nullopt;
  return exponent;
}

// The integer part of the number times 10^extra_scale and the digit behind it, or nothing when it
// has more than `max_digits` digits.
struct CutNumber {
  int128_t value = 0;
  int next_digit = 0;
};
std::optional<CutNumber> cut_number(const JavaDecimal& number, int64_t scale, int64_t max_digits) {
  CutNumber result;
  if (number.digits == "0") return result;
  const int64_t num_kept = static_cast<int64_t>(number.digits.size()) - number.scale + scale;
  if (num_kept > max_digits) return std::nullopt;
  for (int64_t i = 0; i < num_kept; ++i) {
    const bool given = i < static_cast<int64_t>(number.digits.size());
    result.value = result.value * 10 + (given ? number.digits[static_cast<size_t>(i)] - '0' : 0);
  }
  if (num_kept >= 0 && num_kept < static_cast<int64_t>(number.digits.size()))
    result.next_digit = number.digits[static_cast<size_t>(num_kept)] - '0';
  return result;
}

}  // namespace

std::optional<JavaDecimal> parse_java_decimal(std::string_view text) {
  JavaDecimal number;
  if (text.starts_with('-') || text.starts_with('+')) {
    number.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (!take_mantissa(text, number)) return std::nullopt;
  const std::optional<int64_t> exponent = parse_exponent(text);
  if (!exponent) return std::nullopt;
  number.scale -= *exponent;
  if (number.digits.empty()) {
    number.digits = "0";
    number.negative = false;
  }
  return number;
}

std::string java_decimal_text(const JavaDecimal& number) {
  const std::string sign = number.negative ? "-" : "";
  const auto num_digits = static_cast<int64_t>(number.digits.size());
  const int64_t adjusted = num_digits - 1 - number.scale;
  if (number.scale == 0) return sign + number.digits;
  if (number.scale > 0 && adjusted >= -6) {
    const int64_t whole = num_digits - number.scale;
    if (whole > 0) {
      const auto split = static_cast<size_t>(whole);
      return sign + number.digits.substr(0, split) + "." + number.digits.substr(split);
    }
    return sign + "0." + std::string(static_cast<size_t>(-whole), '0') + number.digits;
  }
  std::string text = sign + number.digits.substr(0, 1);
  if (num_digits > 1) text += "." + number.digits.substr(1);
  if (adjusted != 0) text += fmt::format("E{:+d}", adjusted);
  return text;
}

std::optional<int64_t> parse_decimal_hex_octal(std::string_view text) {
  const bool zero = text.size() >= 2 && text[0] == '0';
  if (zero && text.size() >= 3 && (text[1] == 'x' || text[1] == 'X') && is_hex_digit(text[2]))
    return parse_radix(text.substr(2), 16);
  if (zero && text[1] >= '0' && text[1] <= '8') return parse_radix(text.substr(1), 8);
  return parse_radix(text, 10);
}

std::optional<int64_t> parse_plain_long(std::string_view text) { return parse_radix(text, 10); }

std::optional<int64_t> parse_lazy_long(std::string_view text) {
  const size_t point = text.find('.');
  if (point == std::string_view::npos) return parse_radix(text, 10);
  const std::string_view fraction = text.substr(point + 1);
  if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) return std::nullopt;
  const std::string_view integer = text.substr(0, point);
  if (integer.empty() || integer == "-" || integer == "+") return 0;
  return parse_radix(integer, 10);
}

std::optional<int64_t> parse_java_long(std::string_view text) {
  if (const std::optional<int64_t> value = parse_decimal_hex_octal(text)) return value;
  const std::optional<JavaDecimal> number = parse_java_decimal(text);
  if (!number) return std::nullopt;
  constexpr int64_t kMaxDigits = 19;
  const std::optional<CutNumber> cut = cut_number(*number, 0, kMaxDigits);
  if (!cut) return std::nullopt;
  const int128_t value = number->negative ? -cut->value : cut->value;
  if (value > std::numeric_limits<int64_t>::max() || value < std::numeric_limits<int64_t>::min())
    return std::nullopt;
  return static_cast<int64_t>(value);
}

std::optional<int128_t> parse_scaled_decimal(std::string_view text, int precision, int scale) {
  const std::optional<JavaDecimal> number = parse_java_decimal(text);
  if (!number) return std::nullopt;
  const std::optional<CutNumber> cut = cut_number(*number, scale, precision);
  if (!cut) return std::nullopt;
  const int128_t value = cut->value + (cut->next_digit >= 5 ? 1 : 0);
  int128_t limit = 1;
  for (int i = 0; i < precision; ++i) limit *= 10;
  if (value >= limit) return std::nullopt;
  return number->negative ? -value : value;
}

std::optional<double> parse_java_double(std::string_view text, bool to_float) {
  text = trimmed(text);
  bool negative = false;
  if (text.starts_with('-') || text.starts_with('+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const double sign = negative ? -1.0 : 1.0;
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return sign * std::numeric_limits<double>::infinity();
  const bool hex = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hex) text.remove_prefix(2);
  if (hex && text.find_first_of("pP") == std::string_view::npos) return std::nullopt;
  // Java allows the type's letter behind the number.
  if (!text.empty() && std::string_view("fFdD").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  if (text.empty() || !(text[0] == '.' || (hex ? is_hex_digit(text[0]) : is_digit(text[0]))))
    return std::nullopt;
  const auto format = hex ? std::chars_format::hex : std::chars_format::general;
  double value = 0;
  float narrow = 0;
  const char* first = text.data();
  const char* last = text.data() + text.size();
  const auto parsed = to_float ? std::from_chars(first, last, narrow, format)
                               : std::from_chars(first, last, value, format);
  if (parsed.ptr != last) return std::nullopt;
  if (to_float) value = static_cast<double>(narrow);
  if (parsed.ec == std::errc::result_out_of_range) {
    // Too large or too small: Java answers infinity or zero.
    const std::optional<JavaDecimal> number = hex ? std::nullopt : parse_java_decimal(text);
    const bool tiny = number ? static_cast<int64_t>(number->digits.size()) - number->scale < 0
                             : text.find('-') != std::string_view::npos;
    value = tiny ? 0.0 : std::numeric_limits<double>::infinity();
  } else if (parsed.ec != std::errc()) {
    return std::nullopt;
  }
  return sign * value;
}

}  // namespace trailsql
