#include "store/trail_place.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/text.h"

namespace trailsql {
namespace {

using Level = TrailPlace::Level;

constexpr std::array<std::string_view, kNumTrailKinds> kKindFolders = {
    "CloudTrail", "CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated",
    "CloudTrail-Digest"};

bool are_digits(std::string_view text, size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), is_digit);
}

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

bool is_account(std::string_view name) { return are_digits(name, 12); }

bool is_lower_letter(char c) { return c >= 'a' && c <= 'z'; }

// source: AWS Organizations API reference, the pattern of an OrganizationId.
bool is_organization(std::string_view name) {
  constexpr std::string_view kPrefix = "o-";
  if (!name.starts_with(kPrefix)) return false;
  name.remove_prefix(kPrefix.size());
  return name.size() >= 10 && name.size() <= 32 &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_lower_letter(c) || is_digit(c); });
}

// us-east-1, us-gov-west-1, eu-isoe-west-1: words, and a number at the end. Dates are none.
bool is_region(std::string_view name) {
  const size_t first_dash = name.find('-');
  const size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash < 4 || !is_digit(name.back())) return false;
  return is_lower_letter(name[0]) && is_lower_letter(name[1]) &&
         is_lower_letter(name[first_dash + 1]) && std::all_of(name.begin(), name.end(), [](char c) {
           return is_lower_letter(c) || is_digit(c) || c == '-';
         });
}

std::optional<int32_t> day_of(int year, int month, int day) {
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return static_cast<int32_t>(sys_days(date).time_since_epoch().count());
}

void enter_account_or_kind(TrailPlace& place, std::string_view name) {
  if (is_account(name)) {
    place.level = Level::kAccount;
    place.values.account = name;
  } else if (const std::optional<TrailKind> kind = find_trail_kind(name)) {
    place.level = Level::kKind;
    place.kind = kind;
  }
}

void enter_date(TrailPlace& place, std::string_view name) {
  const Level before = place.level;
  place.level = Level::kLoose;
  if (before == Level::kRegion && are_digits(name, 4) && number_of(name) >= kTrailYears.first &&
      number_of(name) <= kTrailYears.last) {
    place.level = Level::kYear;
    place.year = number_of(name);
  } else if (before == Level::kYear && are_digits(name, 2) && number_of(name) >= 1 &&
             number_of(name) <= 12) {
    place.level = Level::kMonth;
    place.month = number_of(name);
  } else if (before == Level::kMonth && are_digits(name, 2)) {
    place.values.day = day_of(place.year, place.month, number_of(name));
    if (place.values.day) place.level = Level::kDay;
  }
}

// What is called AWSLogs begins the layout, whatever the folders above it are called; of them an
// organization counts.
TrailPlace enter_logs(const TrailPlace& outside) {
  TrailPlace place;
  place.level = Level::kLogs;
  place.in_logs = true;
  place.values.organization = outside.values.organization;
  return place;
}

// Calls `take` for each name of a path.
template <typename Take>
void for_each_name(std::string_view path, const Take& take) {
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash != 0) take(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
}

// ACCOUNT_KIND_REGION_20230710T1205Z_…; digests: ACCOUNT_KIND_REGION_TRAIL_HOME_20230710T120000Z….
void read_file_name(std::string_view name, TrailPlace& place) {
  std::vector<std::string_view> parts;
  for (size_t start = 0; start <= name.size();) {
    const size_t end = std::min(name.find('_', start), name.size());
    parts.push_back(name.substr(start, end - start));
    start = end + 1;
  }
  if (parts.size() < 4 || !is_account(parts[0]) || !find_trail_kind(parts[1]) ||
      !is_region(parts[2]))
    return;
  if (!place.kind) place.kind = find_trail_kind(parts[1]);
  if (!place.values.account) place.values.account = parts[0];
  if (!place.values.region) place.values.region = parts[2];
  for (size_t i = 3; i < parts.size() && !place.values.day; ++i) {
    const std::string_view time = parts[i];
    if (time.size() < 9 || !are_digits(time.substr(0, 8), 8) || time[8] != 'T') continue;
    place.values.day = day_of(number_of(time.substr(0, 4)), number_of(time.substr(4, 2)),
                              number_of(time.substr(6, 2)));
  }
}

template <typename Test, typename Value>
bool allows(const Test& test, const Value& value) {
  return !test || test(value);
}

}  // namespace

std::optional<TrailKind> find_trail_kind(std::string_view name) {
  const auto found = std::find(kKindFolders.begin(), kKindFolders.end(), name);
  if (found == kKindFolders.end()) return std::nullopt;
  return static_cast<TrailKind>(found - kKindFolders.begin());
}

std::string_view trail_kind_folder(TrailKind kind) {
  return kKindFolders[static_cast<size_t>(kind)];
}

std::optional<TrailPlace> enter(TrailPlace place, std::string_view name) {
  if (!place.in_logs && name == kLogsFolder) return enter_logs(place);
  switch (place.level) {
    case Level::kOutside:
      if (is_organization(name)) {
        place.values.organization = name;
      } else {
        enter_account_or_kind(place, name);
      }
      return place;
    case Level::kLogs:
      if (is_organization(name)) {
        place.values.organization = name;
        return place;
      }
      if (!is_account(name)) return std::nullopt;
      enter_account_or_kind(place, name);
      return place;
    case Level::kAccount:
      if (find_trail_kind(name)) {
        enter_account_or_kind(place, name);
        return place;
      }
      if (place.in_logs) return std::nullopt;
      place.level = Level::kOutside;
      return enter(place, name);
    case Level::kKind:
      place.level = is_region(name) ? Level::kRegion : Level::kLoose;
      if (is_region(name)) place.values.region = name;
      return place;
    case Level::kRegion:
    case Level::kYear:
    case Level::kMonth: enter_date(place, name); return place;
    case Level::kDay:
    case Level::kLoose: return place;
  }
  return place;
}

TrailPlace place_of(std::string_view path) {
  TrailPlace place;
  for_each_name(path,
                [&](std::string_view name) { place = enter(place, name).value_or(TrailPlace()); });
  return place;
}

DayRange days_below(const TrailPlace& place) {
  if (place.level == Level::kDay) return {*place.values.day, *place.values.day};
  if (place.level == Level::kYear) return {*day_of(place.year, 1, 1), *day_of(place.year, 12, 31)};
  if (place.level != Level::kMonth) return kTrailDays;
  const bool is_december = place.month == 12;
  const int32_t next =
      *day_of(place.year + (is_december ? 1 : 0), is_december ? 1 : place.month + 1, 1);
  return {*day_of(place.year, place.month, 1), next - 1};
}

bool TrailScope::is_worth_a_look(const TrailPlace& place) const {
  if (is_wanted(place)) return true;
  return !place.in_logs && (place.level <= Level::kKind || place.level == Level::kLoose);
}

// Whether anything below a folder can be wanted, as far as its path says.
bool TrailScope::is_wanted(const TrailPlace& place) const {
  if (kind_ && place.kind && *place.kind != *kind_) return false;
  const TrailValues& values = place.values;
  if (values.organization && !allows(filter_.organization, values.organization)) return false;
  if (values.account && !allows(filter_.account, values.account)) return false;
  if (values.region && !allows(filter_.region, values.region)) return false;
  // Below AWSLogs the organization comes before the account, or not at all.
  const bool is_settled = place.in_logs && place.level >= Level::kAccount;
  if (is_settled && !allows(filter_.organization, values.organization)) return false;
  if (place.level < Level::kYear || place.level > Level::kDay) return true;
  return wants(days_below(place));
}

std::optional<TrailKind> TrailScope::kind_to_take(TrailPlace& place,
                                                  const std::string& name) const {
  const bool among_neighbours =
      place.in_logs && (place.level == Level::kLogs || place.level == Level::kAccount);
  read_file_name(name, place);
  if (among_neighbours && !place.kind) return std::nullopt;
  // Records of several kinds may lie in files of none: whoever reads them looks at each.
  const bool may_hold_any = kind_ && *kind_ != TrailKind::kDigests && !place.kind;
  const TrailKind kind = may_hold_any ? *kind_ : place.kind.value_or(TrailKind::kEvents);
  if (kind_ && kind != *kind_) return std::nullopt;
  std::optional<DayRange> day;
  if (place.values.day) day = DayRange{*place.values.day, *place.values.day};
  const bool is_taken = allows(filter_.organization, place.values.organization) &&
                        allows(filter_.account, place.values.account) &&
                        allows(filter_.region, place.values.region) && wants(day);
  if (!is_taken) return std::nullopt;
  return kind;
}

std::optional<TrailKind> trail_kind_of_file(const std::string& path) {
  const size_t slash = path.rfind('/') + 1;
  TrailPlace place = place_of(std::string_view(path).substr(0, slash));
  read_file_name(std::string_view(path).substr(slash), place);
  return place.kind;
}

TrailKind trail_kind_of(std::string_view folder) {
  return find_trail_kind(folder).value_or(TrailKind::kEvents);
}

}  // namespace trailsql
