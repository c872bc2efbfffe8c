// Reads dates by patterns (parse_date_text of date_pattern.h).
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/date_pattern.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

constexpr int kMaxFractionDigits = 9;  // that are kept

class DateParser {
 public:
  explicit DateParser(std::string_view text) : text_(text) {}

  ParsedDate parse(const DatePattern& pattern) {
    for (const DateItem& item : pattern) {
      if (!take(item)) fail_here();
    }
    if (position_ != text_.size()) fail_here();
    return assemble();
  }

 private:
  [[noreturn]] void fail_here() const {
    if (position_ == 0) fail_argument(fmt::format("Invalid format: \"{}\"", text_));
    if (position_ >= text_.size())
      fail_argument(fmt::format("Invalid format: \"{}\" is too short", text_));
    fail_argument(fmt::format("Invalid format: \"{}\" is malformed at \"{}\"", text_,
                              text_.substr(position_)));
  }

  bool take(const DateItem& item) {
    const std::string_view rest = text_.substr(position_);
    switch (item.field) {
      case DateField::kLiteral:
        if (!equals_ignoring_case(rest.substr(0, item.literal.size()), item.literal)) return false;
        position_ += item.literal.size();
        return true;
      case DateField::kMonthName: return take_name(kMonthNames, month_);
      case DateField::kWeekdayName: return take_name(kWeekdayNames, weekday_);
      case DateField::kEra: position_ += std::min<size_t>(rest.size(), 2); return true;
      case DateField::kHalfDay: {
        const bool am = equals_ignoring_case(rest.substr(0, 2), "AM");
        if (!am && !equals_ignoring_case(rest.substr(0, 2), "PM")) return false;
        half_day_ = am ? 0 : 1;
        position_ += 2;
        return true;
      }
      case DateField::kZoneOffset: return take_offset();
      case DateField::kZoneName: return take_abbreviation();
      case DateField::kZoneId: return take_zone();
      default: return take_number(item);
    }
  }

  template <size_t N>
  bool take_name(const std::array<std::string_view, N>& names, int64_t& value) {
    const std::string_view rest = text_.substr(position_);
    for (size_t i = 0; i < N; ++i) {
      for (const std::string_view name : {names[i], names[i].substr(0, kShortDateName)}) {
        if (!equals_ignoring_case(rest.substr(0, name.size()), name)) continue;
        value = static_cast<int64_t>(i) + 1;
        position_ += name.size();
        return true;
      }
    }
    return false;
  }

  bool take_offset() {
    const std::string_view rest = text_.substr(position_);
    if (rest.starts_with('Z') || rest.starts_with('z')) {
      zone_ = "UTC";
      ++position_;
      return true;
    }
    size_t length = 0;
    while (length < rest.size() && length < 6 &&
           std::string_view("+-:0123456789").find(rest[length]) != std::string_view::npos)
      ++length;
    const TimeZone* zone = length < 2 ? nullptr : find_time_zone(rest.substr(0, length));
    if (zone == nullptr) return false;
    zone_ = zone->name();
    position_ += length;
    return true;
  }

  // The abbreviations that Joda reads.
  bool take_abbreviation() {
    static constexpr std::pair<std::string_view, std::string_view> kZones[] = {
        {"UTC", "UTC"},
        {"GMT", "UTC"},
        {"UT", "UTC"},
        {"EST", "America/New_York"},
        {"EDT", "America/New_York"},
        {"CST", "America/Chicago"},
        {"CDT", "America/Chicago"},
        {"MST", "America/Denver"},
        {"MDT", "America/Denver"},
        {"PST", "America/Los_Angeles"},
        {"PDT", "America/Los_Angeles"}};
    for (const auto& [abbreviation, zone] : kZones) {
      if (!text_.substr(position_).starts_with(abbreviation)) continue;
      zone_ = zone;
      position_ += abbreviation.size();
      return true;
    }
    return false;
  }

  bool take_zone() {
    const std::string_view rest = text_.substr(position_);
    const size_t length = std::min(rest.find_first_of(" ,;)"), rest.size());
    const TimeZone* zone = find_time_zone(rest.substr(0, length));
    if (zone == nullptr) return false;
    zone_ = zone->name();
    position_ += length;
    return true;
  }

  bool take_number(const DateItem& item) {
    const size_t start = position_;
    const bool may_have_sign = item.field == DateField::kYear || item.field == DateField::kWeekYear;
    const std::string_view rest = text_.substr(position_);
    const bool negative = may_have_sign && rest.starts_with('-');
    if (negative || (may_have_sign && rest.starts_with('+'))) ++position_;
    int64_t value = 0;
    int num_digits = 0;
    while (position_ < text_.size() && num_digits < item.max_digits && text_[position_] >= '0' &&
           text_[position_] <= '9') {
      value = value * 10 + (text_[position_++] - '0');
      ++num_digits;
    }
    if (num_digits == 0) {
      position_ = start;
      return false;
    }
    if (item.field == DateField::kFraction || item.field == DateField::kFractionOfMinute ||
        item.field == DateField::kFractionOfHour) {
      for (int i = num_digits; i < kMaxFractionDigits; ++i) value *= 10;
      for (int i = num_digits; i > kMaxFractionDigits; --i) value /= 10;
      const int64_t seconds = item.field == DateField::kFraction           ? 1
                              : item.field == DateField::kFractionOfMinute ? 60
                                                                           : 3600;
      // To the millisecond, as Joda keeps it.
      fraction_ = value * seconds / kNanosecondsPerMillisecond * kMicrosecondsPerMillisecond;
      return true;
    }
    if (item.field == DateField::kTwoDigitYear && num_digits == 2) {
      const int64_t least = item.pivot_year - 50;
      value += (least - value + 99) / 100 * 100;
    }
    store(item.field, negative ? -value : value);
    return true;
  }

  void check(std::string_view name, int64_t value, int64_t least, int64_t most) const {
    if (value >= least && value <= most) return;
    fail_argument(fmt::format("Cannot parse \"{}\": Value {} for {} must be in the range [{},{}]",
                              text_, value, name, least, most));
  }

  // Numbers of a field that has one range, and where they are kept.
  struct Part {
    DateField field;
    std::string_view name;
    int64_t least;
    int64_t most;
    int64_t DateParser::*place;
  };

  void store(DateField field, int64_t value) {
    static constexpr Part kParts[] = {
        {DateField::kWeek, "weekOfWeekyear", 1, 53, &DateParser::week_},
        {DateField::kWeekday, "dayOfWeek", 1, 7, &DateParser::weekday_},
        {DateField::kDayOfYear, "dayOfYear", 1, 366, &DateParser::day_of_year_},
        {DateField::kMonth, "monthOfYear", 1, 12, &DateParser::month_},
        {DateField::kDay, "dayOfMonth", 1, 31, &DateParser::day_},
        {DateField::kHour12, "clockhourOfHalfday", 1, 12, &DateParser::hour12_},
        {DateField::kHour12Zero, "hourOfHalfday", 0, 11, &DateParser::hour12_},
        {DateField::kHour, "hourOfDay", 0, 23, &DateParser::hour_},
        {DateField::kHourOne, "clockhourOfDay", 1, 24, &DateParser::hour_},
        {DateField::kMinute, "minuteOfHour", 0, 59, &DateParser::minute_},
        {DateField::kSecond, "secondOfMinute", 0, 59, &DateParser::second_},
    };
    // The years that Joda's milliseconds reach.
    constexpr int64_t kLeastYear = -292'275'054;
    constexpr int64_t kGreatestYear = 292'278'993;
    switch (field) {
      case DateField::kYear:
      case DateField::kTwoDigitYear:
        check("year", value, kLeastYear - 1, kGreatestYear + 1);
        year_ = value;
        return;
      case DateField::kYearOfEra:
        check("yearOfEra", value, 1, kGreatestYear);
        year_ = value;
        return;
      case DateField::kCentury:
        check("centuryOfEra", value, 0, kGreatestYear / 100);
        year_ = value * 100;
        return;
      case DateField::kWeekYear:
        check("weekyear", value, kLeastYear, kGreatestYear);
        week_year_ = value;
        return;
      default: break;
    }
    for (const Part& part : kParts) {
      if (part.field != field) continue;
      check(part.name, value, part.least, part.most);
      this->*part.place = value;
    }
  }

  // As Joda puts a date together from what the text has: field by field, from the largest down,
  // each leaving the others as they are; once cutting off what is smaller, and once more without.
  // Parts of a year without the year are of 2000, and what is missing is of 1970-01-01.
  int64_t assemble_days() const {
    constexpr int64_t kDefaultYear = 2000;
    const bool has_part = month_ > 0 || day_ > 0 || week_ > 0 || weekday_ > 0 || day_of_year_ > 0;
    const bool has_year = year_ || (!week_year_ && has_part);
    const int64_t year = year_.value_or(kDefaultYear);
    int64_t days = 0;
    for (const bool cuts : {true, false}) {
      if (has_year) days = cuts ? first_of_month(year, 1) : with_month(days, year, 0);
      if (week_year_) days = with_week(days, *week_year_, iso_week(days).week, cuts);
      if (month_ > 0) {
        const int64_t of_year = civil_date(days).year;
        days = cuts ? first_of_month(of_year, static_cast<int>(month_))
                    : with_month(days, of_year, static_cast<int>(month_));
      }
      if (week_ > 0) days = with_week(days, iso_week(days).year, week_, cuts);
      if (day_of_year_ > 0) days = first_of_month(civil_date(days).year, 1) + day_of_year_ - 1;
      if (day_ > 0) {
        const CivilDate date = civil_date(days);
        check("dayOfMonth", day_, 1, days_in_month(date.year, date.month));
        days = first_of_month(date.year, date.month) + day_ - 1;
      }
      if (weekday_ > 0) days += weekday_ - iso_weekday(days);
    }
    // The smallest field cuts off what is below it, which only a week has.
    const bool week_is_last = (week_ > 0 || week_year_) && weekday_ == 0 && day_ == 0;
    return week_is_last ? truncate_date(days, TimeUnit::kWeek) : days;
  }

  // Month 0 leaves the month. A day that the month lacks becomes its last.
  static int64_t with_month(int64_t days, int64_t year, int month) {
    const CivilDate date = civil_date(days);
    return day_in_month(year, month == 0 ? date.month : month, date.day);
  }

  static int64_t with_week(int64_t days, int64_t week_year, int64_t week, bool cuts) {
    const int64_t fourth = first_of_month(week_year, 1) + 3;  // is always in the first week
    const int64_t monday = truncate_date(fourth, TimeUnit::kWeek) + (week - 1) * 7;
    return cuts ? monday : monday + iso_weekday(days) - 1;
  }

  ParsedDate assemble() const {
    // Hours that count from 1 write midnight and noon as their last.
    const int64_t hour = hour12_ >= 0 ? hour12_ % 12 + half_day_ * 12 : hour_ % 24;
    const int64_t of_day = hour * kMicrosecondsPerHour + minute_ * kMicrosecondsPerMinute +
                           second_ * kMicrosecondsPerSecond + fraction_;
    return {assemble_days(), of_day, zone_};
  }

  std::string_view text_;
  size_t position_ = 0;
  std::optional<int64_t> year_;
  std::optional<int64_t> week_year_;
  int64_t month_ = 0;  // this and the next four: 0 when the text has none
  int64_t day_ = 0;
  int64_t week_ = 0;
  int64_t weekday_ = 0;
  int64_t day_of_year_ = 0;
  int64_t hour_ = 0;
  int64_t hour12_ = -1;
  int64_t half_day_ = 0;
  int64_t minute_ = 0;
  int64_t second_ = 0;
  int64_t fraction_ = 0;
  std::string_view zone_ = "UTC";  // a name that lives as long as the program
};

}  // namespace

ParsedDate parse_date_text(const DatePattern& pattern, std::string_view text) {
  return DateParser(text).parse(pattern);
}

ZonedTime instant_of(const ParsedDate& date) {
  int64_t local = 0;
  const bool overflow = __builtin_mul_overflow(date.days, kMicrosecondsPerDay, &local) ||
                        __builtin_add_overflow(local, date.microseconds_of_day, &local);
  const ZonedTime time =
      overflow ? ZonedTime{INT64_MAX, "UTC"} : zoned_of_local({local}, date.zone);
  if (is_zoned_range(time.microseconds)) return time;
  const int64_t milliseconds =
      date.days * kMillisecondsPerDay + date.microseconds_of_day / kMicrosecondsPerMillisecond;
  fail_argument(fmt::format("Millis overflow: {}", milliseconds));
}

}  // namespace trailsql
