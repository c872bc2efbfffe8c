#include "store/aws_time.h"

#include <chrono>

#include "base/text.h"

namespace trailsql {
namespace {

// Takes so many digits, and the character behind them when there is one to be.
std::optional<int> take_time_digits(std::string_view& text, size_t num_digits, char behind) {
  int number = 0;
  if (text.size() < num_digits) return std::nullopt;
  for (const char c : text.substr(0, num_digits)) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(num_digits);
  if (behind == '\0') return number;
  if (text.empty() || text.front() != behind) return std::nullopt;
  text.remove_prefix(1);
  return number;
}

// Seconds east of Greenwich.
std::optional<int> parse_utc_offset(std::string_view text) {
  if (text == "Z" || text == "z" || text == "UTC") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const std::optional<int> hours = take_time_digits(text, 2, ':');
  const std::optional<int> minutes = take_time_digits(text, 2, '\0');
  if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<int64_t> parse_aws_time(std::string_view text) {
  const std::optional<int> year = take_time_digits(text, 4, '-');
  const std::optional<int> month = take_time_digits(text, 2, '-');
  const std::optional<int> day = take_time_digits(text, 2, 'T');
  const std::optional<int> hour = take_time_digits(text, 2, ':');
  const std::optional<int> minute = take_time_digits(text, 2, ':');
  const std::optional<int> second = take_time_digits(text, 2, '\0');
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  }
  const std::optional<int> offset = parse_utc_offset(text);
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!offset || !date.ok()) return std::nullopt;
  const int64_t midnight =
      std::chrono::seconds(std::chrono::sys_days(date).time_since_epoch()).count();
  return midnight + *hour * 3600 + *minute * 60 + *second - *offset;
}

}  // namespace trailsql
