#include "partitions/event_days.h"

#include <charconv>

#include "types/civil_date.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// Takes the last part of a path off; empty when it is no number of exactly so many digits.
std::optional<int> take_last_number(std::string_view& path, size_t num_digits) {
  const size_t slash = path.rfind('/');
  const std::string_view part = slash == std::string_view::npos ? path : path.substr(slash + 1);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  int number = 0;
  const auto [end, status] = std::from_chars(part.data(), part.data() + part.size(), number);
  const bool is_number = status == std::errc() && end == part.data() + part.size();
  if (part.size() != num_digits || !is_number || number < 0) return std::nullopt;
  return number;
}

std::string day_text(int64_t day, std::string_view time) {
  std::string text;
  append_date(text, day);
  return text.append(time);
}

}  // namespace

std::optional<int64_t> day_of_path(std::string_view path) {
  path = path.substr(0, path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/'));
  const std::optional<int> day = take_last_number(path, 2);
  const std::optional<int> month = take_last_number(path, 2);
  const std::optional<int> year = take_last_number(path, 4);
  if (!day || !month || !year) return std::nullopt;
  return find_day_number({*year, *month, *day});
}

EventTimes event_times_of(int64_t day, uint32_t slack_days) {
  return {day_text(day - slack_days, "T00:00:00Z"), day_text(day, "T23:59:59Z")};
}

EventTimes event_times_below(std::string_view path, uint32_t slack_days) {
  const std::optional<int64_t> day = day_of_path(path);
  return day ? event_times_of(*day, slack_days) : EventTimes();
}

}  // namespace trailsql
