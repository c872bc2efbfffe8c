#include "scan/timestamp_text.h"

#include <algorithm>
#include <limits>

#include "base/text.h"
#include "scan/java_number.h"
#include "types/civil_date.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

// Takes pieces of a text from its front.
class Reader {
 public:
  Reader(std::string_view text, bool takes_plus) : rest_(text), takes_plus_(takes_plus) {}
  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_either(char a, char b) { return take(a) || take(b); }
  // A number as Java's lenient parser takes it: a sign, then digits.
  bool take_number(int64_t& value, size_t max_digits) {
    const bool negative = take('-');
    if (takes_plus_ && !negative) take('+');
    size_t length = 0;
    value = 0;
    while (length < rest_.size() && length < max_digits && is_digit(rest_[length]))
      value = value * 10 + (rest_[length++] - '0');
    rest_.remove_prefix(length);
    if (negative) value = -value;
    return length > 0;
  }
  void take_fraction(int64_t& nanos) {
    int64_t unit = 100'000'000;
    while (!rest_.empty() && is_digit(rest_[0]) && unit > 0) {
      nanos += (rest_[0] - '0') * unit;
      unit /= 10;
      rest_.remove_prefix(1);
    }
  }

 private:
  std::string_view rest_;
  const bool takes_plus_;
};

// Which dates there are: OpenX' years have four digits and no plus sign, Hive's up to ten.
enum class Dialect : uint8_t { kOpenX, kHive };

constexpr size_t kLenientDigits = 9;

bool take_date(Reader& reader, Dialect dialect, int64_t& days) {
  const size_t year_digits = dialect == Dialect::kHive ? 10 : 4;
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  if (!reader.take_number(year, year_digits) || !reader.take('-') ||
      !reader.take_number(month, kLenientDigits) || !reader.take('-') ||
      !reader.take_number(day, kLenientDigits))
    return false;
  days = days_of_date(year, month, day);
  return true;
}

// A date and a time: with a T between them (`iso`), where the seconds may be missing, or with a
// space.
std::optional<TextTimestamp> parse_local(std::string_view text, bool iso,
                                         Dialect dialect = Dialect::kOpenX) {
  Reader reader(text, dialect == Dialect::kHive);
  int64_t days = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  TextTimestamp result;
  if (!take_date(reader, dialect, days)) return std::nullopt;
  if (!(iso ? reader.take_either('T', 't') : reader.take(' '))) return std::nullopt;
  if (!reader.take_number(hour, kLenientDigits) || !reader.take(':') ||
      !reader.take_number(minute, kLenientDigits))
    return std::nullopt;
  if (reader.take(':')) {
    if (!reader.take_number(second, kLenientDigits)) return std::nullopt;
    if (reader.take('.')) reader.take_fraction(result.nanos);
  } else if (!iso) {
    return std::nullopt;
  }
  if (!reader.at_end()) return std::nullopt;
  result.seconds = days * kSecondsPerDay + hour * 3600 + minute * 60 + second;
  return result;
}

// Cuts "Z", "+HHMM" or "+HH:MM" off the end of `text`. Returns false without a zone.
bool cut_zone(std::string_view& text, int64_t& offset_seconds) {
  if (text.ends_with('Z') || text.ends_with('z')) {
    text.remove_suffix(1);
    offset_seconds = 0;
    return true;
  }
  const auto digits = [&](size_t from_end) {
    const char a = text[text.size() - from_end];
    const char b = text[text.size() - from_end + 1];
    return is_digit(a) && is_digit(b) ? (a - '0') * 10 + (b - '0') : -1;
  };
  constexpr size_t kPlain = 5;  // +HHMM
  constexpr size_t kColon = 6;  // +HH:MM
  for (const size_t length : {kPlain, kColon}) {
    if (text.size() <= length) continue;
    const char sign = text[text.size() - length];
    if (sign != '+' && sign != '-') continue;
    if (length == kColon && text[text.size() - 3] != ':') continue;
    const int hours = digits(length - 1);
    const int minutes = digits(2);
    if (hours < 0 || minutes < 0) continue;
    constexpr int kMaxHours = 18;
    if (hours > kMaxHours || minutes > 59 || (hours == kMaxHours && minutes > 0)) return false;
    offset_seconds = (hours * 3600 + minutes * 60) * (sign == '-' ? -1 : 1);
    text.remove_suffix(length);
    return true;
  }
  return false;
}

TextTimestamp from_millis(int64_t millis) {
  constexpr int64_t kMillis = 1000;
  const int64_t seconds = millis >= 0 ? millis / kMillis : -((kMillis - 1 - millis) / kMillis);
  return {seconds, (millis - seconds * kMillis) * 1'000'000};
}

std::optional<TextTimestamp> parse_epoch(std::string_view text) {
  constexpr size_t kMinMillisLength = 13;
  const auto allowed = [](char c) { return is_digit(c) || c == '-' || c == '+' || c == '.'; };
  if (!std::all_of(text.begin(), text.end(), allowed)) return std::nullopt;
  if (text.find('.') != std::string_view::npos) {
    // Cut, not rounded, to milliseconds.
    const std::optional<int64_t> millis = parse_java_long(std::string(text) + "e3");
    if (!millis) return std::nullopt;
    return from_millis(*millis);
  }
  std::string_view digits = text;
  if (digits.starts_with('+') || digits.starts_with('-')) digits.remove_prefix(1);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  const std::optional<int64_t> number = parse_java_long(std::string(text) + "e0");
  if (!number) return std::nullopt;
  if (text.size() >= kMinMillisLength) return from_millis(*number);
  return TextTimestamp{*number, 0};
}

}  // namespace

int64_t days_of_date(int64_t year, int64_t month, int64_t day) {
  const int64_t months = month - 1;
  const int64_t years = months >= 0 ? months / 12 : -((11 - months) / 12);
  const int month_of_year = static_cast<int>(months - years * 12) + 1;
  return first_of_month(year + years, month_of_year) + day - 1;
}

std::optional<int64_t> parse_text_date(std::string_view text) {
  text = trimmed(text);
  text = text.substr(0, text.find_first_of(" T"));
  Reader reader(text, false);
  int64_t days = 0;
  if (!take_date(reader, Dialect::kOpenX, days) || !reader.at_end()) return std::nullopt;
  return days;
}

std::optional<int64_t> parse_hive_date(std::string_view text) {
  text = trimmed(text);
  Reader reader(text.substr(0, text.find(' ')), true);
  int64_t days = 0;
  if (!take_date(reader, Dialect::kHive, days) || !reader.at_end()) return std::nullopt;
  constexpr int64_t kMaxDays = std::numeric_limits<int32_t>::max();
  if (days > kMaxDays || days < -kMaxDays - 1) return std::nullopt;
  return days;
}

std::optional<TextTimestamp> parse_hive_timestamp(std::string_view text,
                                                  const std::vector<TimestampPattern>& patterns) {
  text = trimmed(text);
  for (const TimestampPattern& pattern : patterns) {
    if (const std::optional<TextTimestamp> result = pattern.parse(text)) return result;
  }
  if (const std::optional<TextTimestamp> result = parse_local(text, false, Dialect::kHive))
    return result;
  return parse_local(text, true, Dialect::kHive);
}

std::optional<TextTimestamp> parse_text_timestamp(std::string_view text,
                                                  const std::vector<TimestampPattern>& patterns) {
  for (const TimestampPattern& pattern : patterns) {
    if (const std::optional<TextTimestamp> result = pattern.parse(text)) return result;
  }
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return parse_epoch(text);
  std::string_view local = text;
  int64_t offset_seconds = 0;
  if (cut_zone(local, offset_seconds)) {
    if (std::optional<TextTimestamp> result = parse_local(local, true)) {
      result->seconds -= offset_seconds;
      return result;
    }
  }
  text = trimmed(text);
  if (const std::optional<TextTimestamp> result = parse_local(text, false)) return result;
  return parse_local(text, true);
}

std::optional<int64_t> timestamp_micros(const TextTimestamp& timestamp, int precision) {
  constexpr int64_t kMicros = 1'000'000;
  constexpr int kNanoDigits = 9;
  int64_t unit = 1;  // nanoseconds of the last digit kept
  for (int i = precision; i < kNanoDigits; ++i) unit *= 10;
  const int64_t nanos = (timestamp.nanos + unit / 2) / unit * unit;
  constexpr int64_t kMaxSeconds = std::numeric_limits<int64_t>::max() / kMicros - 1;
  if (timestamp.seconds > kMaxSeconds || timestamp.seconds < -kMaxSeconds) return std::nullopt;
  return timestamp.seconds * kMicros + nanos / 1000;
}

}  // namespace trailsql
