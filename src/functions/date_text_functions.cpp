// Dates and times to and from text: ISO 8601, MySQL's patterns, Joda's patterns.
#include <fmt/core.h>

#include <algorithm>

#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/date_pattern.h"
#include "functions/families.h"
#include "functions/iso_timestamp.h"
#include "functions/typed_kernel.h"
#include "types/time_zone.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

std::string mysql_format(Stamp stamp, std::string_view pattern) {
  return format_date(parse_kept<parse_mysql_pattern>(pattern),
                     {stamp.microseconds, "UTC", stamp.picoseconds});
}
std::string mysql_format_zoned(ZonedTime time, std::string_view pattern) {
  return format_date(parse_kept<parse_mysql_pattern>(pattern), time);
}
std::string joda_format(Stamp stamp, std::string_view pattern) {
  const DatePattern& parsed = parse_kept<parse_joda_pattern>(pattern);
  if (names_zone(parsed)) {
    fail_argument(
        "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does "
        "not contain TZ information");
  }
  return format_date(parsed, {stamp.microseconds, "UTC", stamp.picoseconds});
}
std::string joda_format_zoned(ZonedTime time, std::string_view pattern) {
  return format_date(parse_kept<parse_joda_pattern>(pattern), time);
}

Stamp mysql_parse(std::string_view text, std::string_view pattern) {
  return {instant_of(parse_date_text(parse_kept<parse_mysql_pattern>(pattern), text)).microseconds};
}

ZonedTime joda_parse(std::string_view text, std::string_view pattern) {
  return instant_of(parse_date_text(parse_kept<parse_joda_pattern>(pattern), text));
}

// Chooses the pattern of an ISO 8601 date by its length and letters.
std::string iso_date_pattern(std::string_view date) {
  if (date.find('W') != std::string_view::npos)
    return date.size() > 8 ? "xxxx-'W'ww-e" : "xxxx-'W'ww";
  if (date.size() == 8 && date[4] == '-' && date.find('-', 5) == std::string_view::npos)
    return "yyyy-DDD";
  const auto num_parts = std::count(date.begin() + (date.empty() ? 0 : 1), date.end(), '-');
  return num_parts == 0 ? "yyyy" : (num_parts == 1 ? "yyyy-MM" : "yyyy-MM-dd");
}

// Between the two parts of a shape: the pattern of the date, and a letter for each item of the
// time.
constexpr char kShapeMark = '|';

// Chooses the shape of a date, a 'T' and a time, each of which can be missing. The last part of the
// time can have a fraction.
std::string iso_shape(std::string_view text) {
  const size_t mark = text.find_first_of("Tt");
  std::string shape = mark == 0 ? "" : iso_date_pattern(text.substr(0, mark));
  shape += kShapeMark;
  if (mark == std::string_view::npos) return shape;
  const std::string_view time = text.substr(mark + 1);
  const size_t zone = time.find_first_of("Zz+-");
  const std::string_view clock = time.substr(0, zone);
  constexpr std::string_view kParts[] = {"H", "H:m", "H:m:s"};
  constexpr std::string_view kFractions = "hif";  // of the hour, minute and second
  constexpr ptrdiff_t kMaxColons = 2;
  const auto num_colons =
      static_cast<size_t>(std::min(std::count(clock.begin(), clock.end(), ':'), kMaxColons));
  shape += 'T';
  if (!clock.empty()) shape += kParts[num_colons];
  const size_t point = clock.find_first_of(".,");
  if (point != std::string_view::npos) {
    shape += clock[point];
    shape += kFractions[num_colons];
  }
  if (zone != std::string_view::npos) shape += 'Z';
  return shape;
}

DatePattern parse_iso_shape(std::string_view shape) {
  constexpr int kMaxFractionDigits = 9;
  const size_t mark = shape.find(kShapeMark);
  DatePattern pattern;
  if (mark != 0) pattern = parse_joda_pattern(shape.substr(0, mark));
  for (const char letter : shape.substr(mark + 1)) {
    switch (letter) {
      case 'H': pattern.push_back({DateField::kHour, 1, 2, 0, {}}); break;
      case 'm': pattern.push_back({DateField::kMinute, 1, 2, 0, {}}); break;
      case 's': pattern.push_back({DateField::kSecond, 1, 2, 0, {}}); break;
      case 'h':
        pattern.push_back({DateField::kFractionOfHour, 1, kMaxFractionDigits, 0, {}});
        break;
      case 'i':
        pattern.push_back({DateField::kFractionOfMinute, 1, kMaxFractionDigits, 0, {}});
        break;
      case 'f': pattern.push_back({DateField::kFraction, 1, kMaxFractionDigits, 0, {}}); break;
      case 'Z': pattern.push_back({DateField::kZoneOffset, 2, 0, 0, {}}); break;
      default: pattern.push_back({DateField::kLiteral, 0, 0, 0, std::string(1, letter)});
    }
  }
  return pattern;
}

ZonedTime from_iso_timestamp(std::string_view text) {
  return instant_of(parse_date_text(parse_kept<parse_iso_shape>(iso_shape(text)), text));
}
int64_t from_iso_date(std::string_view text) {
  const std::string pattern = iso_date_pattern(text);
  return checked_date(parse_date_text(parse_kept<parse_joda_pattern>(pattern), text).days);
}

std::string date_to_iso(int64_t days) {
  std::string out;
  append_date(out, days);
  // Joda, unlike timestamps, has no sign in front of long years.
  return out.starts_with('+') ? out.substr(1) : out;
}
std::string timestamp_text(Stamp stamp, int precision) {
  std::string out;
  append_timestamp(out, stamp.microseconds, stamp.picoseconds, precision);
  out[out.find(' ')] = 'T';
  return out;
}
std::string timestamp_to_iso(const BoundFunction& bound, Stamp stamp) {
  return timestamp_text(stamp, bound.argument_types[0].precision());
}
std::string zoned_to_iso(const BoundFunction& bound, ZonedTime time) {
  const Stamp local = local_stamp(time);
  const int64_t offset_seconds = (local.microseconds - time.microseconds) / kMicrosecondsPerSecond;
  if (offset_seconds % 60 != 0) {
    const int64_t size = std::abs(offset_seconds);
    throw QueryError(
        ErrorCode::kInvalidArguments,
        fmt::format("Timezone with non-zero seconds offset cannot be rendered as ISO8601: "
                    "{}{:02}:{:02}:{:02}",
                    offset_seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60, size % 60));
  }
  const std::string zone = offset_zone_name(offset_seconds / 60);
  return timestamp_text(local, bound.argument_types[0].precision()) + (zone == "UTC" ? "Z" : zone);
}
uint32_t fraction_length(const Type& type) {
  return type.precision() > 0 ? static_cast<uint32_t>(type.precision()) + 1 : 0;
}
Type iso_timestamp_type(std::span<const Type> types) {
  return Type::varchar(22 + fraction_length(types[0]));
}
Type iso_zoned_type(std::span<const Type> types) {
  return Type::varchar(28 + fraction_length(types[0]));
}

constexpr FunctionEntry kDateTextFunctions[] = {
    fallible("date_format", "(timestamp(p), varchar(x)) -> varchar",
             "Spells a timestamp by a MySQL pattern (%Y-%m-%d).", kernel_of<mysql_format>),
    fallible("date_format", "(timestamp(p) with time zone, varchar(x)) -> varchar",
             "Spells a timestamp by a MySQL pattern (%Y-%m-%d).", kernel_of<mysql_format_zoned>),
    fallible("date_parse", "(varchar(x), varchar(y)) -> timestamp(3)",
             "Reads a timestamp by a MySQL pattern (%Y-%m-%d).", kernel_of<mysql_parse>),
    fallible("format_datetime", "(timestamp(p), varchar(x)) -> varchar",
             "Spells a timestamp by a Joda pattern (yyyy-MM-dd).", kernel_of<joda_format>),
    fallible("format_datetime", "(timestamp(p) with time zone, varchar(x)) -> varchar",
             "Spells a timestamp by a Joda pattern (yyyy-MM-dd).", kernel_of<joda_format_zoned>),
    fallible("parse_datetime", "(varchar(x), varchar(y)) -> timestamp(3) with time zone",
             "Reads a timestamp by a Joda pattern (yyyy-MM-dd).", kernel_of<joda_parse>),
    fallible("from_iso8601_timestamp", "(varchar(x)) -> timestamp(3) with time zone",
             "Reads an ISO 8601 timestamp.", kernel_of<from_iso_timestamp>),
    fallible("from_iso8601_timestamp_nanos", "(varchar(x)) -> timestamp(9) with time zone",
             "Reads an ISO 8601 timestamp of up to nine digits of the second.",
             kernel_of<parse_iso_nanoseconds>),
    fallible("from_iso8601_date", "(varchar(x)) -> date", "Reads an ISO 8601 date.",
             kernel_of<from_iso_date>),
    total("to_iso8601", "(date) -> varchar(16)", "Spells a date by ISO 8601.",
          kernel_of<date_to_iso>),
    {.name = "to_iso8601",
     .signature = "(timestamp(p)) -> varchar",
     .doc = "Spells a timestamp by ISO 8601.",
     .make_kernel = kernel_of<timestamp_to_iso>,
     .derive_result = iso_timestamp_type},
    {.name = "to_iso8601",
     .signature = "(timestamp(p) with time zone) -> varchar",
     .doc = "Spells a timestamp by ISO 8601.",
     .may_fail = true,
     .make_kernel = kernel_of<zoned_to_iso>,
     .derive_result = iso_zoned_type},
};

}  // namespace

std::span<const FunctionEntry> date_text_functions() { return kDateTextFunctions; }

}  // namespace trailsql
