// TimestampPattern: the part of Java's DateTimeFormatter patterns that logs use.
#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "scan/timestamp_text.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

constexpr std::string_view kLetters = "yuMdHhmsSnaXxZ";
constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};

struct Fields {
  int64_t year = 1970;
  int64_t month = 1;
  int64_t day = 1;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t nanos = 0;
  int64_t offset_seconds = 0;
  bool afternoon = false;
  bool half_day = false;  // the hour is of "h"
};

bool take_digits(std::string_view& text, size_t min_digits, size_t max_digits, int64_t& value) {
  size_t length = 0;
  value = 0;
  while (length < text.size() && length < max_digits && is_digit(text[length]))
    value = value * 10 + (text[length++] - '0');
  text.remove_prefix(length);
  return length >= min_digits;
}

bool take_month(std::string_view& text, size_t width, int64_t& month) {
  if (width <= 2) return take_digits(text, width, 2, month);
  for (size_t i = 0; i < kMonths.size(); ++i) {
    const std::string_view name = width == 3 ? kMonths[i].substr(0, 3) : kMonths[i];
    if (!text.starts_with(name)) continue;
    text.remove_prefix(name.size());
    month = static_cast<int64_t>(i) + 1;
    return true;
  }
  return false;
}

bool take_zone(std::string_view& text, char letter, size_t width, int64_t& offset_seconds) {
  if (letter == 'X' && text.starts_with('Z')) {
    text.remove_prefix(1);
    return true;
  }
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  const int64_t sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!take_digits(text, 2, 2, hours)) return false;
  const bool colon = letter != 'Z' && width == 3;
  if (colon && !text.starts_with(':')) return false;
  if (colon) text.remove_prefix(1);
  const bool minutes_required = letter == 'Z' || width >= 2;
  if (!take_digits(text, 2, 2, minutes) && minutes_required) return false;
  offset_seconds = sign * (hours * 3600 + minutes * 60);
  return true;
}

bool take_fraction(std::string_view& text, size_t width, int64_t& nanos) {
  int64_t value = 0;
  if (!take_digits(text, width, width, value)) return false;
  for (size_t i = width; i < 9; ++i) value *= 10;
  nanos = value;
  return true;
}

bool take_field(std::string_view& text, char letter, size_t width, Fields& fields) {
  const size_t max_digits = width == 1 ? 9 : width;
  switch (letter) {
    case 'y':
    case 'u':
      if (width == 2) {
        if (!take_digits(text, 2, 2, fields.year)) return false;
        fields.year += 2000;
        return true;
      }
      return take_digits(text, width, max_digits, fields.year);
    case 'M': return take_month(text, width, fields.month);
    case 'd': return take_digits(text, width, std::max<size_t>(width, 2), fields.day);
    case 'h': fields.half_day = true; [[fallthrough]];
    case 'H': return take_digits(text, width, std::max<size_t>(width, 2), fields.hour);
    case 'm': return take_digits(text, width, std::max<size_t>(width, 2), fields.minute);
    case 's': return take_digits(text, width, std::max<size_t>(width, 2), fields.second);
    case 'S': return take_fraction(text, width, fields.nanos);
    case 'n': return take_digits(text, width, 9, fields.nanos);
    case 'a':
      if (!text.starts_with("AM") && !text.starts_with("PM")) return false;
      fields.afternoon = text[0] == 'P';
      text.remove_prefix(2);
      return true;
    default: return take_zone(text, letter, width, fields.offset_seconds);
  }
}

bool in_range(const Fields& fields) {
  return fields.year <= 9999 && fields.month >= 1 && fields.month <= 12 && fields.day >= 1 &&
         fields.day <= 31 && fields.hour <= 23 && fields.minute <= 59 && fields.second <= 59;
}

}  // namespace

TimestampPattern::TimestampPattern(std::string_view pattern) {
  size_t i = 0;
  const auto add_literal = [&](char c) {
    if (pieces_.empty() || pieces_.back().letter != '\0') pieces_.push_back({'\0', 0, {}});
    pieces_.back().literal.push_back(c);
  };
  bool quoted = false;
  while (i < pattern.size()) {
    const char c = pattern[i];
    if (c == '\'') {
      if (i + 1 < pattern.size() && pattern[i + 1] == '\'') {
        add_literal('\'');
        i += 2;
        continue;
      }
      quoted = !quoted;
      ++i;
      continue;
    }
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (quoted || !letter) {
      add_literal(c);
      ++i;
      continue;
    }
    if (kLetters.find(c) == std::string_view::npos)
      throw semantic_error(ErrorCode::kNotSupported, Location{},
                           "Letter '{}' in timestamp.formats '{}' is not supported", c, pattern);
    size_t width = 0;
    while (i < pattern.size() && pattern[i] == c) {
      ++width;
      ++i;
    }
    pieces_.push_back({c, width, {}});
  }
}

std::optional<TextTimestamp> TimestampPattern::parse(std::string_view text) const {
  Fields fields;
  for (const Piece& piece : pieces_) {
    if (piece.letter != '\0') {
      if (!take_field(text, piece.letter, piece.width, fields)) return std::nullopt;
    } else {
      if (!text.starts_with(piece.literal)) return std::nullopt;
      text.remove_prefix(piece.literal.size());
    }
  }
  if (!text.empty() || !in_range(fields)) return std::nullopt;
  if (fields.half_day) fields.hour = fields.hour % 12 + (fields.afternoon ? 12 : 0);
  const int64_t days = days_of_date(fields.year, fields.month, fields.day);
  return TextTimestamp{days * kSecondsPerDay + fields.hour * 3600 + fields.minute * 60 +
                           fields.second - fields.offset_seconds,
                       fields.nanos};
}

std::vector<TimestampPattern> timestamp_patterns_of(
    const std::map<std::string, std::string>& properties) {
  std::vector<TimestampPattern> patterns;
  const auto formats = properties.find("timestamp.formats");
  std::string_view rest = formats == properties.end() ? std::string_view() : formats->second;
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    patterns.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return patterns;
}

}  // namespace trailsql
