// Dates and times to and from text: ISO 8601, MySQL's patterns, Joda's patterns.
#include <algorithm>

#include "functions/calendar.h"
#include "functions/date_pattern.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "types/time_zone.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

std::string mysql_format(int64_t microseconds, std::string_view pattern) {
  return format_date(parse_kept<parse_mysql_pattern>(pattern), {microseconds, "UTC"});
}
std::string mysql_format_zoned(ZonedTime time, std::string_view pattern) {
  return format_date(parse_kept<parse_mysql_pattern>(pattern), time);
}
std::string joda_format(int64_t microseconds, std::string_view pattern) {
  return format_date(parse_kept<parse_joda_pattern>(pattern), {microseconds, "UTC"});
}
std::string joda_format_zoned(ZonedTime time, std::string_view pattern) {
  return format_date(parse_kept<parse_joda_pattern>(pattern), time);
}

int64_t mysql_parse(std::string_view text, std::string_view pattern) {
  return parse_date_text(parse_kept<parse_mysql_pattern>(pattern), text).microseconds;
}

ZonedTime joda_parse(std::string_view text, std::string_view pattern) {
  return parse_date_text(parse_kept<parse_joda_pattern>(pattern), text);
}

// Chooses the pattern of an ISO 8601 date by its length and letters, then that of the time.
std::string iso_pattern(std::string_view text) {
  const size_t mark = text.find_first_of("Tt");
  const std::string_view date = text.substr(0, mark);
  std::string pattern;
  if (date.find('W') != std::string_view::npos) {
    pattern = date.size() > 8 ? "xxxx-'W'ww-e" : "xxxx-'W'ww";
  } else if (date.size() == 8 && date[4] == '-' && date.find('-', 5) == std::string_view::npos) {
    pattern = "yyyy-DDD";
  } else {
    const auto num_parts = std::count(date.begin() + (date.empty() ? 0 : 1), date.end(), '-');
    pattern = num_parts == 0 ? "yyyy" : (num_parts == 1 ? "yyyy-MM" : "yyyy-MM-dd");
  }
  if (mark == std::string_view::npos) return pattern;
  const std::string_view time = text.substr(mark + 1);
  const size_t zone = time.find_first_of("Zz+-");
  const std::string_view clock = time.substr(0, zone);
  pattern += "'T'";
  if (!clock.empty()) pattern += "HH";
  const auto num_colons = std::count(clock.begin(), clock.end(), ':');
  if (num_colons > 0) pattern += ":mm";
  if (num_colons > 1) pattern += ":ss";
  const size_t point = clock.find_first_of(".,");
  if (point != std::string_view::npos)
    pattern += clock[point] + std::string(std::min<size_t>(9, clock.size() - point - 1), 'S');
  if (zone != std::string_view::npos) pattern += "ZZ";
  return pattern;
}

ZonedTime from_iso_timestamp(std::string_view text) { return joda_parse(text, iso_pattern(text)); }
int64_t from_iso_date(std::string_view text) {
  const std::string pattern = iso_pattern(text.substr(0, text.find_first_of("Tt")));
  return days_of_microseconds(joda_parse(text, pattern).microseconds);
}

std::string date_to_iso(int64_t days) {
  std::string out;
  append_date(out, days);
  return out;
}
std::string timestamp_text(int64_t microseconds, int precision) {
  std::string out;
  append_timestamp(out, microseconds, 0, precision);
  out[out.find(' ')] = 'T';
  return out;
}
std::string timestamp_to_iso(const BoundFunction& bound, int64_t microseconds) {
  return timestamp_text(microseconds, bound.argument_types[0].precision());
}
std::string zoned_to_iso(const BoundFunction& bound, ZonedTime time) {
  const int64_t local = to_local_microseconds(time.microseconds, time.zone);
  const std::string zone = offset_zone_name((local - time.microseconds) / kMicrosecondsPerMinute);
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

constexpr FunctionEntry kEntries[] = {
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
     .make_kernel = kernel_of<zoned_to_iso>,
     .derive_result = iso_zoned_type},
};

}  // namespace

std::span<const FunctionEntry> date_text_functions() { return kEntries; }

}  // namespace trailsql
