#include "analysis/literal_value.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "types/time_units.h"

namespace trailsql {
namespace {

// Takes the digits at the front of `text`: their number, 0 without any; empty beyond an int.
std::optional<int64_t> take_digits(std::string_view& text) {
  size_t num_digits = 0;
  int64_t value = 0;
  while (num_digits < text.size() && text[num_digits] >= '0' && text[num_digits] <= '9') {
    value = value * 10 + (text[num_digits++] - '0');
    if (value > INT32_MAX) return std::nullopt;
  }
  text.remove_prefix(num_digits);
  return value;
}

// Takes what may stand behind a second's point: milliseconds, further digits being left out.
int64_t take_milliseconds(std::string_view& text) {
  int64_t milliseconds = 0;
  int64_t unit = 100;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
    milliseconds += (text[0] - '0') * unit;
    unit /= 10;
  }
  return milliseconds;
}

// What separates a field from the next.
char separator_behind(IntervalField field) {
  return field == IntervalField::kYear ? '-' : (field == IntervalField::kDay ? ' ' : ':');
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

bool is_interval_qualifier(const IntervalLiteral& literal) {
  const IntervalField to = literal.to.value_or(literal.from);
  const auto of_months = [](IntervalField field) { return field <= IntervalField::kMonth; };
  return !literal.to || (to > literal.from && of_months(to) == of_months(literal.from));
}

// Fields may be left out from the end, and the digits of any: '' is 0.
std::optional<int64_t> interval_value(const IntervalLiteral& literal) {
  constexpr int64_t kUnits[] = {12,
                                1,
                                kMillisecondsPerDay,
                                kMillisecondsPerHour,
                                kMillisecondsPerMinute,
                                kMillisecondsPerSecond};
  std::string_view text = literal.text;
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto last = static_cast<size_t>(literal.to.value_or(literal.from));
  int64_t total = 0;
  for (auto field = static_cast<size_t>(literal.from); field <= last; ++field) {
    const size_t length_before = text.size();
    const std::optional<int64_t> number = take_digits(text);
    if (!number) return std::nullopt;
    total += *number * kUnits[field];
    if (field == last || text.empty()) break;
    // Only the seconds' fraction can follow a field without digits.
    const bool is_empty = text.size() == length_before;
    if (is_empty || text[0] != separator_behind(static_cast<IntervalField>(field)))
      return std::nullopt;
    text.remove_prefix(1);
  }
  const bool has_seconds = last == static_cast<size_t>(IntervalField::kSecond);
  if (has_seconds && (text.starts_with('.') || text.starts_with(','))) {
    text.remove_prefix(1);
    total += take_milliseconds(text);
  }
  const bool months = literal.from <= IntervalField::kMonth;
  if (!text.empty() || (months && total > INT32_MAX)) return std::nullopt;
  return negative != literal.negative ? -total : total;
}

std::string without_separators(std::string text) {
  std::erase(text, '_');
  return text;
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
  return std::strtod(without_separators(decimal ? decimal->text : floating->text).c_str(), nullptr);
}

}  // namespace trailsql
