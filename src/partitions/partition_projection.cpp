#include "partitions/partition_projection.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "catalog/partition_name.h"
#include "functions/parse_value.h"
#include "partitions/partition_values.h"
#include "store/file_listing.h"
#include "types/civil_date.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const size_t comma = std::min(text.find(','), text.size());
    parts.emplace_back(trim_spaces(text.substr(0, comma)));
    if (comma == text.size()) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<int64_t> parse_number(std::string_view text) {
  int64_t number = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

constexpr int64_t kEndOfTime = std::numeric_limits<int64_t>::max();

int64_t microseconds_of(std::string_view unit) {
  if (unit == "SECONDS") return kMicrosecondsPerSecond;
  if (unit == "MINUTES") return kMicrosecondsPerMinute;
  if (unit == "HOURS") return kMicrosecondsPerHour;
  if (unit == "DAYS") return kMicrosecondsPerDay;
  return unit == "WEEKS" ? 7 * kMicrosecondsPerDay : 0;  // months have no length
}

// Moves an instant by `count` units; months keep the day of the month, as java.time does. What
// would be beyond all times is the first or the last of them.
int64_t moved(int64_t instant_us, int64_t count, std::string_view unit) {
  const int64_t beyond = count < 0 ? -kEndOfTime : kEndOfTime;
  if (const int64_t length = microseconds_of(unit); length != 0) {
    int64_t distance = 0;
    int64_t result = 0;
    const bool overflows = __builtin_mul_overflow(count, length, &distance) ||
                           __builtin_add_overflow(instant_us, distance, &result);
    return overflows ? beyond : result;
  }
  constexpr int64_t kMaxMonths = 12 * 200'000;
  int64_t num_months = 0;
  const bool overflows = __builtin_mul_overflow(count, unit == "YEARS" ? 12 : 1, &num_months);
  if (overflows || num_months > kMaxMonths || num_months < -kMaxMonths) return beyond;
  int64_t days = instant_us / kMicrosecondsPerDay;
  int64_t of_day = instant_us % kMicrosecondsPerDay;
  if (of_day < 0) {
    of_day += kMicrosecondsPerDay;
    --days;
  }
  const CivilDate date = civil_date(days);
  const int64_t months = date.year * 12 + (date.month - 1) + num_months;
  const int64_t year = (months >= 0 ? months : months - 11) / 12;
  const auto month = static_cast<int>(months - year * 12 + 1);
  const int day = std::min(date.day, days_in_month(year, month));
  return (first_of_month(year, month) + day - 1) * kMicrosecondsPerDay + of_day;
}

// "DAY", "days" … → "DAYS"; empty for what is no unit.
std::string unit_of(std::string_view text) {
  std::string unit = to_upper_ascii(text);
  if (!unit.ends_with('S')) unit += 'S';
  static constexpr std::string_view kUnits[] = {"SECONDS", "MINUTES", "HOURS", "DAYS",
                                                "WEEKS",   "MONTHS",  "YEARS"};
  return std::ranges::find(kUnits, unit) == std::end(kUnits) ? std::string() : unit;
}

// The smallest unit that a pattern spells.
std::string smallest_unit(std::string_view format) {
  static constexpr std::pair<std::string_view, std::string_view> kLetters[] = {
      {"s", "SECONDS"}, {"m", "MINUTES"}, {"Hhk", "HOURS"}, {"dD", "DAYS"}, {"M", "MONTHS"}};
  for (const auto& [letters, unit] : kLetters) {
    if (format.find_first_of(letters) != std::string_view::npos) return std::string(unit);
  }
  return "YEARS";
}

constexpr std::string_view kUtc = "UTC";

std::string placeholder(const std::string& column) { return "${" + column + "}"; }

// Text is part of a URL only in file: URLs; those of S3 are names as they stand.
std::string in_location(const std::string& location, std::string_view text) {
  std::string result;
  const bool is_encoded = equals_ignoring_case(location.substr(0, 5), "file:");
  for (const char c : text)
    result += is_encoded && c == '%' ? std::string("%25") : std::string(1, c);
  return result;
}

}  // namespace

std::string location_below(const std::string& location, const std::string& relative_path) {
  return join_location(location, in_location(location, relative_path));
}

void check_location_template(const CatalogTable& table) {
  const std::string* pattern = find_property(table.table_properties, "storage.location.template");
  if (!pattern) return;
  for (const CatalogColumn& column : table.partition_columns) {
    if (to_lower_ascii(*pattern).find(placeholder(column.name)) != std::string::npos) continue;
    throw QueryError(ErrorCode::kHiveMetastoreError,
                     fmt::format("Partition location template: {} is missing partition column: "
                                 "'{}' placeholder",
                                 *pattern, column.name));
  }
}

bool is_projected(const CatalogTable& table) {
  const std::string* enabled = find_property(table.table_properties, "projection.enabled");
  return enabled && equals_ignoring_case(trim_spaces(*enabled), "true");
}

QueryError ProjectedColumn::wrong(std::string_view property, std::string_view problem) const {
  return QueryError(ErrorCode::kHiveMetastoreError,
                    fmt::format("Table {}.{}: the property projection.{}.{} {}", table_.database,
                                table_.name, column_.name, property, problem));
}

std::optional<std::string> ProjectedColumn::optional_property(std::string_view suffix) const {
  const std::string* value =
      find_property(table_.table_properties, fmt::format("projection.{}.{}", column_.name, suffix));
  if (!value) return std::nullopt;
  return std::string(trim_spaces(*value));
}

std::string ProjectedColumn::property(std::string_view suffix) const {
  const std::optional<std::string> value = optional_property(suffix);
  if (!value || value->empty()) throw wrong(suffix, "is missing");
  return *value;
}

int64_t ProjectedColumn::number_property(std::string_view suffix, int64_t otherwise) const {
  const std::optional<std::string> text = optional_property(suffix);
  if (!text) return otherwise;
  const std::optional<int64_t> number = parse_number(*text);
  if (!number || *number < 1)
    throw wrong(suffix, fmt::format("is '{}', not a positive number", *text));
  return *number;
}

ProjectedColumn::ProjectedColumn(const CatalogTable& table, const ScanTableColumn& column,
                                 int64_t now_us)
    : table_(table), column_(column) {
  const std::string type = to_lower_ascii(property("type"));
  if (type == "enum") {
    read_enum();
  } else if (type == "integer") {
    read_integer();
  } else if (type == "date") {
    read_date(now_us);
  } else if (type != "injected") {
    throw wrong("type", fmt::format("is '{}'; it must be enum, integer, date or injected", type));
  }
}

void ProjectedColumn::read_enum() {
  kind_ = Kind::kEnum;
  for (std::string& value : split_list(property("values"))) {
    if (std::ranges::find(enum_values_, value) == enum_values_.end())
      enum_values_.push_back(std::move(value));
  }
}

void ProjectedColumn::read_integer() {
  kind_ = Kind::kInteger;
  const std::vector<std::string> bounds = split_list(property("range"));
  const auto first = bounds.size() == 2 ? parse_number(bounds[0]) : std::nullopt;
  const auto last = bounds.size() == 2 ? parse_number(bounds[1]) : std::nullopt;
  if (!first || !last) throw wrong("range", "must be two whole numbers, as in '1,12'");
  first_ = *first;
  last_ = *last;
  interval_ = number_property("interval", 1);
  digits_ = optional_property("digits") ? number_property("digits", 0) : 0;
  constexpr int64_t kMaxDigits = 100;
  if (digits_ > kMaxDigits) throw wrong("digits", fmt::format("is more than {}", kMaxDigits));
}

void ProjectedColumn::read_date(int64_t now_us) {
  kind_ = Kind::kDate;
  format_ = column_.type.is(TypeKind::kVarchar)
                ? property("format")
                : optional_property("format").value_or("yyyy-MM-dd");
  try {
    pattern_ = parse_joda_pattern(format_);
  } catch (const QueryError& error) {
    throw wrong("format", fmt::format("is '{}': {}", format_, error.what()));
  }
  unit_ = smallest_unit(format_);
  const std::optional<std::string> unit = optional_property("interval.unit");
  interval_ = number_property("interval", 1);
  if (unit) {
    unit_ = unit_of(*unit);
    if (unit_.empty()) throw wrong("interval.unit", fmt::format("is '{}', no unit of time", *unit));
  }
  const std::vector<std::string> bounds = split_list(property("range"));
  if (bounds.size() != 2) throw wrong("range", "must be two dates, as in '2020/01/01,NOW'");
  first_ = parse_bound(bounds[0], now_us);
  last_ = std::min(parse_bound(bounds[1], now_us), kEndOfTime - 1);
}

// Reads a date in the column's format, NOW, NOW-3YEARS, NOW+1MONTH.
int64_t ProjectedColumn::parse_bound(std::string_view text, int64_t now_us) const {
  if (to_upper_ascii(text.substr(0, 3)) != "NOW") {
    try {
      return instant_of(parse_date_text(pattern_, text)).microseconds;
    } catch (const QueryError&) {
      throw wrong("range",
                  fmt::format("has '{}', which is no date in the format {}", text, format_));
    }
  }
  std::string_view rest = trim_spaces(text.substr(3));
  if (rest.empty()) return now_us;
  const bool back = rest[0] == '-';
  if (!back && rest[0] != '+') throw wrong("range", fmt::format("has '{}'", text));
  rest = trim_spaces(rest.substr(1));
  const size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const std::optional<int64_t> count = parse_number(rest.substr(0, end));
  const std::string unit = unit_of(trim_spaces(rest.substr(end)));
  constexpr int64_t kMaxCount = 1'000'000;
  if (!count || *count > kMaxCount || unit.empty())
    throw wrong("range", fmt::format("has '{}'; write NOW-3YEARS, NOW+1DAY", text));
  return moved(now_us, back ? -*count : *count, unit);
}

std::optional<uint64_t> ProjectedColumn::num_values() const {
  if (kind_ == Kind::kInjected) return std::nullopt;
  if (kind_ == Kind::kEnum) return enum_values_.size();
  if (last_ < first_) return 0;
  if (kind_ == Kind::kInteger) return offset(last_) / static_cast<uint64_t>(interval_) + 1;
  uint64_t count = 0;
  while (count <= kMaxListedValues && next_date(static_cast<int64_t>(count)) <= last_) ++count;
  return count;
}

bool ProjectedColumn::can_be_listed() const {
  const std::optional<uint64_t> count = num_values();
  return count && *count <= kMaxListedValues;
}

uint64_t ProjectedColumn::offset(int64_t value) const {
  return static_cast<uint64_t>(value) - static_cast<uint64_t>(first_);
}

// Steps count from the first date, so months do not lose their last days on the way.
int64_t ProjectedColumn::next_date(int64_t index) const {
  int64_t count = 0;
  const bool overflows = __builtin_mul_overflow(index, interval_, &count);
  return overflows ? kEndOfTime : moved(first_, count, unit_);
}

// Adds the dates of the column from one instant to another.
void ProjectedColumn::add_dates(int64_t from_us, int64_t to_us, std::set<int64_t>& dates) const {
  int64_t low = 0;
  int64_t high = 1;
  while (next_date(high) < from_us) high *= 2;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (next_date(middle) < from_us) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (; next_date(low) <= std::min(to_us, last_); ++low) dates.insert(next_date(low));
}

// Finds what dates a text means: of a column of dates or timestamps it is spelled as SQL does, else
// in the column's own format.
void ProjectedColumn::add_dates_of(const std::string& text, std::set<int64_t>& dates) const {
  int64_t from = 0;
  int64_t length = 0;
  if (column_.type.is(TypeKind::kDate) || column_.type.is(TypeKind::kTimestamp)) {
    Column typed(column_.type);
    PartitionValueReader(column_, table_.name).append(text, typed);
    const bool is_day = column_.type.is(TypeKind::kDate);
    if (column_.type.has_picoseconds()) return;
    // A day beyond all timestamps is none of the column's.
    if (__builtin_mul_overflow(typed.int64_at(0), is_day ? kMicrosecondsPerDay : 1, &from)) return;
    length = is_day ? kMicrosecondsPerDay - 1 : 0;
  } else {
    try {
      from = instant_of(parse_date_text(pattern_, text)).microseconds;
    } catch (const QueryError&) {
      return;  // no date, so none of the column's
    }
  }
  int64_t to = 0;
  if (!__builtin_add_overflow(from, length, &to)) add_dates(std::max(from, first_), to, dates);
}

std::string ProjectedColumn::integer_text(int64_t value) const {
  return digits_ == 0 ? fmt::format("{}", value)
                      : fmt::format("{:0{}}", value, static_cast<int>(digits_));
}

void ProjectedColumn::append_date(int64_t instant_us, ProjectedValues& values) const {
  const ZonedTime instant{instant_us, kUtc};
  values.texts.push_back(format_date(pattern_, instant));
  if (column_.type.is(TypeKind::kDate)) {
    const int64_t days =
        (instant_us >= 0 ? instant_us : instant_us - kMicrosecondsPerDay + 1) / kMicrosecondsPerDay;
    values.values.append_int64(days);
  } else if (column_.type.is(TypeKind::kTimestamp) && !column_.type.has_picoseconds()) {
    values.values.append_int64(instant_us);
  } else {
    PartitionValueReader(column_, table_.name).append(values.texts.back(), values.values);
  }
}

ProjectedValues ProjectedColumn::all() const {
  ProjectedValues result{{}, Column(column_.type)};
  if (kind_ == Kind::kDate) {
    // A date counts by what its format says of it, so two of one day may be the same value.
    for (int64_t i = 0; next_date(i) <= last_; ++i) append_date(next_date(i), result);
    return result;
  }
  if (kind_ == Kind::kEnum) result.texts = enum_values_;
  const uint64_t num_integers = kind_ == Kind::kInteger ? *num_values() : 0;
  for (uint64_t i = 0; i < num_integers; ++i)
    result.texts.push_back(integer_text(first_ + static_cast<int64_t>(i) * interval_));
  PartitionValueReader reader(column_, table_.name);
  for (const std::string& text : result.texts) reader.append(text, result.values);
  return result;
}

ProjectedValues ProjectedColumn::among(const std::vector<std::optional<std::string>>& texts) const {
  ProjectedValues result{{}, Column(column_.type)};
  PartitionValueReader reader(column_, table_.name);
  std::set<int64_t> dates;  // 05 and 5 may be the same one
  for (const std::optional<std::string>& known : std::set(texts.begin(), texts.end())) {
    if (!known) continue;
    const std::string& text = *known;
    if (kind_ == Kind::kDate) {
      add_dates_of(text, dates);
      continue;
    }
    std::string spelled = text;
    if (kind_ == Kind::kInteger) {
      const std::optional<int64_t> number = parse_number(text);
      const bool fits = number && *number >= first_ && *number <= last_ &&
                        offset(*number) % static_cast<uint64_t>(interval_) == 0;
      if (!fits) continue;
      spelled = integer_text(*number);
      if (column_.type.is(TypeKind::kVarchar) && spelled != text) continue;
    }
    result.texts.push_back(spelled);
    reader.append(spelled, result.values);
  }
  for (const int64_t date : dates) append_date(date, result);
  return result;
}

std::string projected_name(const CatalogTable& table, const std::vector<std::string>& texts) {
  std::vector<PartitionPart> parts;
  for (size_t i = 0; i < texts.size(); ++i)
    parts.push_back({table.partition_columns[i].name, texts[i]});
  return partition_name(parts);
}

std::string projected_location(const CatalogTable& table, const std::vector<std::string>& texts) {
  const std::string* pattern = find_property(table.table_properties, "storage.location.template");
  if (!pattern) return location_below(table.location, projected_name(table, texts) + "/");
  std::string location = *pattern;
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string place = placeholder(table.partition_columns[i].name);
    const std::string text = in_location(*pattern, texts[i]);
    for (size_t at = to_lower_ascii(location).find(place); at != std::string::npos;
         at = to_lower_ascii(location).find(place, at + text.size())) {
      location.replace(at, place.size(), text);
    }
  }
  return location.ends_with('/') ? location : location + '/';
}

}  // namespace trailsql
