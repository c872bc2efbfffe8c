#include "functions/parse_value.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "functions/calendar.h"
#include "functions/decimal.h"
#include "types/time_of_day.h"

namespace trailsql {
namespace {

// As Java's Character.isWhitespace sees ASCII.
bool is_java_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f');
}

// Takes between `least` and `most` digits off the front of `text`.
std::optional<int64_t> take_number(std::string_view& text, size_t least, size_t most) {
  size_t num_digits = 0;
  int64_t value = 0;
  while (num_digits < text.size() && num_digits < most && is_digit(text[num_digits])) {
    value = value * 10 + (text[num_digits] - '0');
    ++num_digits;
  }
  if (num_digits < least) return std::nullopt;
  text.remove_prefix(num_digits);
  return value;
}

bool take(std::string_view& text, char symbol) {
  if (!text.starts_with(symbol)) return false;
  text.remove_prefix(1);
  return true;
}

// Takes "2020-1-31" off the front: days since 1970-01-01, if they fit a date.
std::optional<int64_t> take_date(std::string_view& text, size_t least_year_digits) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto year = take_number(text, least_year_digits, 7);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 1, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 1, 2);
  if (!day) return std::nullopt;
  const std::optional<int64_t> days = find_day_number(
      {negative ? -*year : *year, static_cast<int>(*month), static_cast<int>(*day)});
  if (!days || *days > INT32_MAX || *days < INT32_MIN) return std::nullopt;
  return days;
}

// Takes "1:02:03.5" off the front: picoseconds of the day.
std::optional<int64_t> take_time(std::string_view& text) {
  const auto hour = take_number(text, 1, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 1, 2);
  if (!minute || *minute > 59) return std::nullopt;
  int64_t picoseconds = 0;
  if (take(text, ':')) {
    const auto second = take_number(text, 1, 2);
    if (!second || *second > 59) return std::nullopt;
    picoseconds = *second * kPicosecondsPerSecond;
    if (take(text, '.')) {
      const size_t length_before = text.size();
      auto fraction = take_number(text, 1, 12);
      if (!fraction) return std::nullopt;
      for (size_t i = length_before - text.size(); i < 12; ++i) *fraction *= 10;
      while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
      picoseconds += *fraction;
    }
  }
  return (*hour * 60 + *minute) * 60 * kPicosecondsPerSecond + picoseconds;
}

template <typename Floating>
std::optional<Floating> parse_floating(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const Floating sign = negative ? Floating{-1} : Floating{1};
  if (text == "NaN") return std::numeric_limits<Floating>::quiet_NaN();
  if (text == "Infinity") return sign * std::numeric_limits<Floating>::infinity();
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  if (text.empty()) return std::nullopt;
  // from_chars takes more than Java: a second sign, other names, hexadecimal without an exponent.
  const bool begins_well = hexadecimal ? text[0] != '-' : is_digit(text[0]) || text[0] == '.';
  if (!begins_well || (hexadecimal && text.find_first_of("pP") == std::string_view::npos))
    return std::nullopt;
  if (std::string_view("dDfF").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  Floating value = 0;
  const char* end = text.data() + text.size();
  const auto format = hexadecimal ? std::chars_format::hex : std::chars_format::general;
  const auto [stop, problem] = std::from_chars(text.data(), end, value, format);
  if (stop != end) return std::nullopt;
  if (problem == std::errc::result_out_of_range) {
    // Too small or too large to hold: the sign of the exponent tells which.
    const size_t exponent = text.find_first_of("eE");
    const bool tiny =
        exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
    return sign * (tiny ? Floating{0} : std::numeric_limits<Floating>::infinity());
  }
  if (problem != std::errc()) return std::nullopt;
  return sign * value;
}

}  // namespace

std::string_view trim_spaces(std::string_view text) {
  while (!text.empty() && is_java_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_java_space(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "1" || equals_ignoring_case(text, "t") || equals_ignoring_case(text, "true"))
    return true;
  if (text == "0" || equals_ignoring_case(text, "f") || equals_ignoring_case(text, "false"))
    return false;
  return std::nullopt;
}

std::optional<int64_t> parse_bigint(std::string_view text) {
  text = trim_spaces(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  int64_t value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_double(std::string_view text) { return parse_floating<double>(text); }
std::optional<double> parse_real(std::string_view text) { return parse_floating<float>(text); }

std::optional<int64_t> parse_date(std::string_view text) {
  text = trim_spaces(text);
  const std::optional<int64_t> days = take_date(text, 1);
  if (!text.empty()) return std::nullopt;
  return days;
}

std::optional<ParsedTimestamp> parse_timestamp(std::string_view text) {
  text = trim_spaces(text);
  constexpr size_t kYearDigits = 4;
  const std::optional<int64_t> days = take_date(text, kYearDigits);
  constexpr int64_t kMaxDays = std::numeric_limits<int64_t>::max() / kMicrosecondsPerDay - 1;
  if (!days || std::abs(*days) > kMaxDays) return std::nullopt;
  ParsedTimestamp result{{*days * kMicrosecondsPerDay}, {}};
  if (text.empty()) return result;
  if (!take(text, ' ')) return std::nullopt;
  if (!text.empty() && is_digit(text[0])) {
    const std::optional<int64_t> time = take_time(text);
    if (!time) return std::nullopt;
    result.local.microseconds += *time / kPicosecondsPerMicrosecond;
    result.local.picoseconds = *time % kPicosecondsPerMicrosecond;
  }
  // Between the time and a zone the space may be missing.
  result.zone = trim_spaces(text);
  return result;
}

std::optional<std::string> parse_ip_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  std::array<char, 16> bytes{};
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1)
    return std::string(bytes.data(), bytes.size());
  if (inet_pton(AF_INET, terminated.c_str(), bytes.data()) != 1) return std::nullopt;
  std::string mapped(10, '\0');
  mapped += "\xff\xff";
  mapped.append(bytes.data(), 4);
  return mapped;
}

std::optional<ParsedTimeOfDay> parse_time_of_day(std::string_view text) {
  constexpr size_t kMaxFraction = 13;  // with its point
  const size_t point = std::min(text.find('.'), text.size());
  const size_t fraction_end =
      std::min(text.find_first_not_of("0123456789", point + 1), text.size());
  if (fraction_end - point > kMaxFraction) return std::nullopt;
  const std::optional<int64_t> picoseconds = take_time(text);
  if (!picoseconds) return std::nullopt;
  while (!text.empty() && is_java_space(text.front())) text.remove_prefix(1);
  ParsedTimeOfDay time{*picoseconds, std::nullopt};
  if (text.empty()) return time;
  const bool negative = text.starts_with('-');
  if (!take(text, negative ? '-' : '+')) return std::nullopt;
  const auto hours = take_number(text, 2, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_number(text, 2, 2);
  if (!minutes || *minutes > 59 || !text.empty()) return std::nullopt;
  const int64_t offset = *hours * 60 + *minutes;
  if (offset > kMaxOffsetMinutes) return std::nullopt;
  time.offset_minutes = negative ? -offset : offset;
  return time;
}

}  // namespace trailsql
