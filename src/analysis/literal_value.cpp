#include "analysis/literal_value.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace trailsql {
namespace {

// Splits "1 02:03:04.567" at the signs that separate fields, keeping the fraction apart.
struct Parts {
  std::vector<int64_t> numbers;
  int64_t milliseconds = 0;
  bool negative = false;
  bool valid = true;
};

Parts split(std::string_view text) {
  Parts parts;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    parts.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  while (!text.empty()) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0) {
      parts.valid = false;
      return parts;
    }
    parts.numbers.push_back(number);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (text.empty()) break;
    const char separator = text[0];
    text.remove_prefix(1);
    if (separator == '.') {
      int64_t scale = 100;
      for (char c : text) {
        if (c < '0' || c > '9') parts.valid = false;
        parts.milliseconds += (c - '0') * scale;
        scale /= 10;
      }
      return parts;
    }
    parts.valid =
        parts.valid && (separator == ' ' || separator == ':' || separator == '-') && !text.empty();
  }
  return parts;
}

// Returns the base that a prefix of a number without sign names, and takes the prefix off.
int take_base(std::string& digits) {
  if (digits.size() < 3 || digits[0] != '0') return 10;
  const char letter = digits[1];
  const int base = letter == 'x' || letter == 'X'   ? 16
                   : letter == 'o' || letter == 'O' ? 8
                   : letter == 'b' || letter == 'B' ? 2
                                                    : 10;
  if (base != 10) digits.erase(0, 2);
  return base;
}

}  // namespace

std::optional<int64_t> integer_value(const IntegerLiteral& literal) {
  std::string digits = literal.text;
  std::erase(digits, '_');
  const int base = take_base(digits);
  int64_t value = 0;
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, base);
  if (error != std::errc() || end != last) return std::nullopt;
  return value;
}

std::string interval_fields(const IntervalLiteral& literal) {
  static constexpr std::string_view kNames[] = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"};
  std::string text(kNames[static_cast<size_t>(literal.from)]);
  if (literal.to) text.append(" TO ").append(kNames[static_cast<size_t>(*literal.to)]);
  return text;
}

std::optional<int64_t> interval_value(const IntervalLiteral& literal) {
  constexpr int64_t kMonthsOf[] = {12, 1};
  constexpr int64_t kMillisecondsOf[] = {86'400'000, 3'600'000, 60'000, 1000};
  const auto from = static_cast<size_t>(literal.from);
  const auto to = static_cast<size_t>(literal.to.value_or(literal.from));
  const Parts parts = split(literal.text);
  if (!parts.valid || to < from || parts.numbers.empty() || parts.numbers.size() > to - from + 1)
    return std::nullopt;
  const bool months = literal.from <= IntervalField::kMonth;
  if (months != (literal.to.value_or(literal.from) <= IntervalField::kMonth)) return std::nullopt;
  if (parts.milliseconds != 0 && to != static_cast<size_t>(IntervalField::kSecond))
    return std::nullopt;
  int64_t total = parts.milliseconds;
  for (size_t i = 0; i < parts.numbers.size(); ++i) {
    const size_t field = from + i;
    const int64_t unit = months ? kMonthsOf[field]
                                : kMillisecondsOf[field - static_cast<size_t>(IntervalField::kDay)];
    // Trino reads every field as a 32-bit number.
    if (parts.numbers[i] > INT32_MAX) return std::nullopt;
    int64_t product = 0;
    if (__builtin_mul_overflow(parts.numbers[i], unit, &product) ||
        __builtin_add_overflow(total, product, &total)) {
      return std::nullopt;
    }
  }
  if (months && total > INT32_MAX) return std::nullopt;
  return parts.negative != literal.negative ? -total : total;
}

std::optional<double> number_value(const Expression& expression) {
  if (const auto* sign = std::get_if<Sign>(&expression.node)) {
    const std::optional<double> value = number_value(*sign->operand);
    return value && sign->negative ? -*value : value;
  }
  if (const auto* integer = std::get_if<IntegerLiteral>(&expression.node)) {
    const std::optional<int64_t> value = integer_value(*integer);
    return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
  }
  const auto* decimal = std::get_if<DecimalLiteral>(&expression.node);
  const auto* floating = std::get_if<DoubleLiteral>(&expression.node);
  if (!decimal && !floating) return std::nullopt;
  std::string text = decimal ? decimal->text : floating->text;
  std::erase(text, '_');
  return std::strtod(text.c_str(), nullptr);
}

}  // namespace trailsql
