#include "functions/iso_timestamp.h"

#include <fmt/core.h>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "types/time_of_day.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

class IsoReader {
 public:
  explicit IsoReader(std::string_view text) : text_(text) {}

  ZonedTime read() {
    const int64_t days = read_date();
    expect_letter('T');
    int64_t clock = read_number(2, 2, "HourOfDay", 0, 23) * kMicrosecondsPerHour;
    expect(':');
    clock += read_number(2, 2, "MinuteOfHour", 0, 59) * kMicrosecondsPerMinute;
    int64_t nanoseconds = 0;
    if (accept(':')) {
      clock += read_number(2, 2, "SecondOfMinute", 0, 59) * kMicrosecondsPerSecond;
      if (accept('.')) nanoseconds = read_fraction();
    }
    const int64_t offset = read_offset();
    if (position_ < text_.size()) {
      fail_argument(fmt::format("Text '{}' could not be parsed, unparsed text found at index {}",
                                text_, position_));
    }
    const int64_t instant = microseconds_of_days(days) + clock +
                            nanoseconds / kNanosecondsPerMicrosecond -
                            offset * kMicrosecondsPerMinute;
    return checked_zoned({instant, find_time_zone(offset_zone_name(offset))->name(),
                          nanoseconds % kNanosecondsPerMicrosecond * kPicosecondsPerNanosecond});
  }

 private:
  [[noreturn]] void fail_at(size_t index) const {
    fail_argument(fmt::format("Text '{}' could not be parsed at index {}", text_, index));
  }

  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  bool accept(char symbol) {
    if (peek() != symbol) return false;
    ++position_;
    return true;
  }
  void expect(char symbol) {
    if (!accept(symbol)) fail_at(position_);
  }
  void expect_letter(char capital) {
    constexpr int kCaseDistance = 'a' - 'A';
    if (!accept(capital) && !accept(static_cast<char>(capital + kCaseDistance))) fail_at(position_);
  }

  int64_t read_number(size_t least_digits, size_t most_digits, std::string_view name, int64_t least,
                      int64_t most) {
    const size_t start = position_;
    int64_t value = 0;
    while (position_ < start + most_digits && peek() >= '0' && peek() <= '9')
      value = value * 10 + (text_[position_++] - '0');
    if (position_ < start + least_digits) fail_at(start);
    if (value < least || value > most) {
      fail_argument(
          fmt::format("Text '{}' could not be parsed: Invalid value for {} (valid values {} - {}): "
                      "{}",
                      text_, name, least, most, value));
    }
    return value;
  }

  // More than four digits of a year need a sign.
  int64_t read_date() {
    constexpr size_t kYearDigits = 4;
    constexpr size_t kMaxYearDigits = 9;
    constexpr int64_t kMaxYear = 290'000;  // that timestamps hold
    const bool negative = peek() == '-';
    const bool has_sign = accept('-') || accept('+');
    const size_t most = has_sign ? kMaxYearDigits : kYearDigits;
    const int64_t year = read_number(kYearDigits, most, "Year", 0, kMaxYear);
    if (!has_sign && peek() >= '0' && peek() <= '9') fail_at(0);
    expect('-');
    const auto month = static_cast<int>(read_number(2, 2, "MonthOfYear", 1, 12));
    expect('-');
    const auto day = static_cast<int>(read_number(2, 2, "DayOfMonth", 1, 31));
    const auto days = find_day_number({negative ? -year : year, month, day});
    if (!days) fail_argument(fmt::format("Text '{}' could not be parsed: Invalid date", text_));
    return *days;
  }

  int64_t read_fraction() {
    int64_t nanoseconds = 0;
    for (int64_t unit = 100'000'000; unit > 0 && peek() >= '0' && peek() <= '9'; unit /= 10)
      nanoseconds += (text_[position_++] - '0') * unit;
    return nanoseconds;
  }

  // What is no whole offset is left for the caller to find behind the end.
  int64_t read_offset() {
    if (accept('Z') || accept('z')) return 0;
    const size_t start = position_;
    const bool negative = peek() == '-';
    if (!accept('-') && !accept('+')) return 0;
    constexpr size_t kLength = 5;  // of "05:30"
    const std::string_view digits = text_.substr(position_, kLength);
    const auto digit_at = [&](size_t i) { return is_digit(digits[i]); };
    if (digits.size() < kLength || !digit_at(0) || !digit_at(1) || digits[2] != ':' ||
        !digit_at(3) || !digit_at(4)) {
      position_ = start;
      return 0;
    }
    position_ += kLength;
    const int64_t minutes = ((digits[0] - '0') * 10 + (digits[1] - '0')) * 60 +
                            (digits[3] - '0') * 10 + (digits[4] - '0');
    if (minutes > kMaxOffsetMinutes) {
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("Time zone not supported: {}", text_.substr(start)));
    }
    return negative ? -minutes : minutes;
  }

  std::string_view text_;
  size_t position_ = 0;
};

}  // namespace

ZonedTime parse_iso_nanoseconds(std::string_view text) { return IsoReader(text).read(); }

}  // namespace trailsql
