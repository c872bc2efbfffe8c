// Lengths of time: read from text, spelled in words, counted.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

struct DurationUnit {
  std::string_view symbol;
  std::string_view name;
  double milliseconds;
};
constexpr DurationUnit kDurationUnits[] = {
    {"ns", "NANOSECONDS", 1e-6}, {"us", "MICROSECONDS", 1e-3}, {"ms", "MILLISECONDS", 1.0},
    {"s", "SECONDS", 1e3},       {"m", "MINUTES", 6e4},        {"h", "HOURS", 3.6e6},
    {"d", "DAYS", 8.64e7}};

bool is_pattern_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Takes "1234" or "1234.567" off the front, and white space around it.
std::optional<double> take_amount(std::string_view& text) {
  while (!text.empty() && is_pattern_space(text.front())) text.remove_prefix(1);
  size_t length = 0;
  const auto take_digits = [&] {
    const size_t start = length;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9') ++length;
    return length > start;
  };
  if (!take_digits()) return std::nullopt;
  if (length < text.size() && text[length] == '.') {
    ++length;
    if (!take_digits()) return std::nullopt;
  }
  const std::optional<double> amount = parse_double(text.substr(0, length));
  text.remove_prefix(length);
  while (!text.empty() && is_pattern_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_pattern_space(text.back())) text.remove_suffix(1);
  return amount;
}

int64_t parse_duration(std::string_view text) {
  if (text.empty()) fail_argument("duration is empty");
  std::string_view rest = text;
  const std::optional<double> amount = take_amount(rest);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!amount || rest.empty() || !std::all_of(rest.begin(), rest.end(), is_letter))
    fail_argument(fmt::format("duration is not a valid data duration string: {}", text));
  for (const DurationUnit& unit : kDurationUnits) {
    if (unit.symbol != rest) continue;
    if (std::isinf(*amount)) fail_argument("value is infinite: Infinity");
    const double milliseconds = std::floor(*amount * unit.milliseconds + 0.5);
    constexpr double kMaxLong = 9223372036854775808.0;
    if (milliseconds < kMaxLong) return static_cast<int64_t>(milliseconds);
    std::string shown;
    append_java_double(shown, *amount);
    fail_argument(
        fmt::format("value {} {} is too large to be represented in requested unit MILLISECONDS as "
                    "a long",
                    shown, unit.name));
  }
  fail_argument(fmt::format("Unknown time unit: {}", rest));
}

std::string human_readable_seconds(double seconds) {
  if (!std::isfinite(seconds)) {
    std::string shown;
    append_java_double(shown, seconds);
    fail_argument("Invalid argument found: " + shown);
  }
  constexpr double kMaxLong = 9223372036854775808.0;
  const double rounded = std::floor(std::abs(seconds) + 0.5);
  int64_t rest = rounded < kMaxLong ? static_cast<int64_t>(rounded) : INT64_MAX;
  struct Unit {
    std::string_view name;
    int64_t seconds;
  };
  constexpr Unit kUnits[] = {
      {"week", 604'800}, {"day", 86'400}, {"hour", 3'600}, {"minute", 60}, {"second", 1}};
  std::string out;
  for (const Unit& unit : kUnits) {
    const int64_t count = rest / unit.seconds;
    rest %= unit.seconds;
    const bool is_last = unit.seconds == 1;
    if (count == 0 && !(is_last && out.empty())) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}{}", count, unit.name, count == 1 ? "" : "s");
  }
  return out;
}

constexpr FunctionEntry kDurationFunctions[] = {
    fallible("parse_duration", "(varchar(x)) -> interval day to second",
             "Reads a number and a unit from ns to d, \"1.5h\".", kernel_of<parse_duration>),
    fallible("human_readable_seconds", "(double) -> varchar",
             "Spells seconds in words, from weeks down.", kernel_of<human_readable_seconds>),
    plain("to_milliseconds", "(interval day to second) -> bigint", "({0})",
          "Returns the interval in milliseconds."),
};

}  // namespace

std::span<const FunctionEntry> duration_functions() { return kDurationFunctions; }

}  // namespace trailsql
