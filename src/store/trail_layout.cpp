#include "store/trail_layout.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "store/file_listing.h"
#include "store/folder_ancestors.h"
#include "store/folder_entries.h"

namespace trailsql {
namespace {

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

std::optional<TrailKind> kind_of(std::string_view name) {
  const auto found = std::find(kKindFolders.begin(), kKindFolders.end(), name);
  if (found == kKindFolders.end()) return std::nullopt;
  return static_cast<TrailKind>(found - kKindFolders.begin());
}

std::optional<int32_t> day_of(int year, int month, int day) {
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return static_cast<int32_t>(sys_days(date).time_since_epoch().count());
}

/// What the path to a folder says about it.
struct Place {
  enum class Level : uint8_t {
    kOutside,  // before AWSLogs, or in no such order
    kLogs,     // AWSLogs, or an organization in it
    kAccount,
    kKind,
    kRegion,
    kYear,
    kMonth,
    kDay,
    kLoose,  // within a kind, but in no folder of a day
  };
  Level level = Level::kOutside;
  bool in_logs = false;  // below AWSLogs, where only what is known is CloudTrail's
  std::optional<TrailKind> kind;
  TrailValues values;
  int year = 0;
  int month = 0;
};
using Level = Place::Level;

constexpr std::string_view kLogsFolder = "AWSLogs";

void enter_account_or_kind(Place& place, std::string_view name) {
  if (is_account(name)) {
    place.level = Level::kAccount;
    place.values.account = name;
  } else if (const std::optional<TrailKind> kind = kind_of(name)) {
    place.level = Level::kKind;
    place.kind = kind;
  }
}

void enter_date(Place& place, std::string_view name) {
  const Level before = place.level;
  place.level = Level::kLoose;
  if (before == Level::kRegion && are_digits(name, 4) && number_of(name) > 0) {
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
Place enter_logs(const Place& outside) {
  Place place;
  place.level = Level::kLogs;
  place.in_logs = true;
  place.values.organization = outside.values.organization;
  return place;
}

// Returns the place of the folder `name` in a folder at `place`; nothing for a neighbour.
std::optional<Place> enter(Place place, std::string_view name) {
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
      if (kind_of(name)) {
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

// Calls `take` for each name of a path.
template <typename Take>
void for_each_name(std::string_view path, const Take& take) {
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    if (slash != 0) take(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
}

// Returns what the path of the folder `path` says about it. A folder among neighbours is one in no
// order at all: somebody wants it read.
Place place_of(std::string_view path) {
  Place place;
  for_each_name(path, [&](std::string_view name) { place = enter(place, name).value_or(Place()); });
  return place;
}

// ACCOUNT_KIND_REGION_20230710T1205Z_…; digests: ACCOUNT_KIND_REGION_TRAIL_HOME_20230710T120000Z….
void read_file_name(std::string_view name, Place& place) {
  std::vector<std::string_view> parts;
  for (size_t start = 0; start <= name.size();) {
    const size_t end = std::min(name.find('_', start), name.size());
    parts.push_back(name.substr(start, end - start));
    start = end + 1;
  }
  if (parts.size() < 4 || !is_account(parts[0]) || !kind_of(parts[1]) || !is_region(parts[2]))
    return;
  if (!place.kind) place.kind = kind_of(parts[1]);
  if (!place.values.account) place.values.account = parts[0];
  if (!place.values.region) place.values.region = parts[2];
  for (size_t i = 3; i < parts.size() && !place.values.day; ++i) {
    const std::string_view time = parts[i];
    if (time.size() < 9 || !are_digits(time.substr(0, 8), 8) || time[8] != 'T') continue;
    place.values.day = day_of(number_of(time.substr(0, 4)), number_of(time.substr(4, 2)),
                              number_of(time.substr(6, 2)));
  }
}

DayRange year_range(int year) { return {*day_of(year, 1, 1), *day_of(year, 12, 31)}; }

DayRange month_range(int year, int month) {
  const int32_t last = month == 12 ? *day_of(year, 12, 31) : *day_of(year, month + 1, 1) - 1;
  return {*day_of(year, month, 1), last};
}

/// Goes down from a root and hands over each part with its kind.
class LayoutWalk {
 public:
  using Visit = std::function<void(TrailKind, TrailPart)>;

  LayoutWalk(const std::string& root, const TrailFilter& filter, std::optional<TrailKind> kind,
             const Cancellation& cancellation, std::vector<UnlistedPath>& unlisted, Visit visit)
      : root_(root),
        filter_(filter),
        kind_(kind),
        cancellation_(cancellation),
        unlisted_(unlisted),
        visit_(std::move(visit)) {}

  void run() {
    struct stat status {};
    if (::stat(root_.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return;
      throw QueryError(ErrorCode::kHiveFilesystemError,
                       fmt::format("Cannot list {}: {}", root_, std::strerror(errno)));
    }
    if (!S_ISDIR(status.st_mode)) {
      const size_t slash = root_.rfind('/') + 1;
      return take_file(place_of(root_.substr(0, slash)), root_.substr(slash), "");
    }
    const Place place = place_of(root_);
    if (is_worth_a_look(place)) walk(place, "");
  }

 private:
  void walk(const Place& place, const std::string& relative_path) {
    if (place.level == Level::kDay)
      return visit_(*place.kind, {place.values, relative_path, false});
    cancellation_.check();
    const std::string path = join_location(root_, relative_path);
    struct stat status {};
    // What vanished or is forbidden is told by who lists it.
    const bool is_known = ::stat(path.c_str(), &status) == 0;
    if (is_known && !ancestors_.enter(path, status)) return;
    list(place, relative_path, path);
    if (is_known) ancestors_.leave();
  }

  void list(const Place& place, const std::string& relative_path, const std::string& path) {
    const std::vector<FolderEntry> entries = list_folder(path, unlisted_);
    // Whatever the folders above an account are called: beside one kind lie others or neighbours.
    const bool is_beside_kinds =
        place.level == Level::kAccount &&
        std::any_of(entries.begin(), entries.end(), [](const FolderEntry& entry) {
          return entry.kind == FolderEntry::Kind::kFolder && kind_of(entry.name);
        });
    for (const FolderEntry& entry : entries) {
      if (entry.kind == FolderEntry::Kind::kFile) {
        take_file(place, entry.name, relative_path + entry.name);
      } else if (is_beside_kinds && !kind_of(entry.name) && entry.name != kLogsFolder) {
        continue;
      } else if (const std::optional<Place> inner = enter(place, entry.name)) {
        const std::string inner_path = relative_path + entry.name + "/";
        if (is_worth_a_look(*inner) && allows(filter_.folder, inner_path)) walk(*inner, inner_path);
      }
    }
  }

  void take_file(Place place, const std::string& name, const std::string& relative_path) {
    const bool among_neighbours =
        place.in_logs && (place.level == Level::kLogs || place.level == Level::kAccount);
    read_file_name(name, place);
    if (among_neighbours && !place.kind) return;
    // Records of several kinds may lie in files of none: whoever reads them looks at each.
    const bool may_hold_any = kind_ && *kind_ != TrailKind::kDigests && !place.kind;
    const TrailKind kind = may_hold_any ? *kind_ : place.kind.value_or(TrailKind::kEvents);
    if (kind_ && kind != *kind_) return;
    std::optional<DayRange> day;
    if (place.values.day) day = DayRange{*place.values.day, *place.values.day};
    const bool wanted = allows(filter_.organization, place.values.organization) &&
                        allows(filter_.account, place.values.account) &&
                        allows(filter_.region, place.values.region) && allows(filter_.days, day);
    if (wanted) visit_(kind, {place.values, relative_path, true});
  }

  template <typename Test, typename Value>
  static bool allows(const Test& test, const Value& value) {
    return !test || test(value);
  }

  // Outside AWSLogs a folder may have the name of a kind or an account by chance, and hold a copy
  // of a bucket.
  bool is_worth_a_look(const Place& place) const {
    if (is_wanted(place)) return true;
    return !place.in_logs && (place.level <= Level::kKind || place.level == Level::kLoose);
  }

  // Whether anything below a folder can be wanted, as far as its path says.
  bool is_wanted(const Place& place) const {
    if (kind_ && place.kind && *place.kind != *kind_) return false;
    const TrailValues& values = place.values;
    if (values.organization && !allows(filter_.organization, values.organization)) return false;
    if (values.account && !allows(filter_.account, values.account)) return false;
    if (values.region && !allows(filter_.region, values.region)) return false;
    // Below AWSLogs the organization comes before the account, or not at all.
    const bool is_settled = place.in_logs && place.level >= Level::kAccount;
    if (is_settled && !allows(filter_.organization, values.organization)) return false;
    std::optional<DayRange> days;
    if (place.level == Level::kYear) days = year_range(place.year);
    if (place.level == Level::kMonth) days = month_range(place.year, place.month);
    if (place.level == Level::kDay) days = DayRange{*values.day, *values.day};
    return !days || allows(filter_.days, days);
  }

  std::string root_;
  const TrailFilter& filter_;
  std::optional<TrailKind> kind_;
  const Cancellation& cancellation_;
  std::vector<UnlistedPath>& unlisted_;
  Visit visit_;
  FolderAncestors ancestors_;
};

void count_values(const TrailValues& values, TrailSummary& summary) {
  if (values.organization) summary.organizations.insert(*values.organization);
  if (values.account) summary.accounts.insert(*values.account);
  if (values.region) summary.regions.insert(*values.region);
  if (!values.day) return;
  const DayRange day{*values.day, *values.day};
  if (!summary.days) summary.days = day;
  summary.days->first = std::min(summary.days->first, day.first);
  summary.days->last = std::max(summary.days->last, day.last);
}

}  // namespace

std::string_view trail_kind_folder(TrailKind kind) {
  return kKindFolders[static_cast<size_t>(kind)];
}

std::optional<TrailKind> trail_kind_of_file(const std::string& path) {
  const size_t slash = path.rfind('/') + 1;
  Place place = place_of(std::string_view(path).substr(0, slash));
  read_file_name(std::string_view(path).substr(slash), place);
  return place.kind;
}

TrailKind trail_kind_of(std::string_view folder) {
  return kind_of(folder).value_or(TrailKind::kEvents);
}

std::vector<size_t> outermost_roots(const std::vector<std::string>& roots) {
  std::vector<std::string> folders;
  for (const std::string& root : roots) {
    std::error_code failure;
    const std::string real = std::filesystem::weakly_canonical(root, failure).string();
    folders.push_back(failure ? root : real);
    if (!folders.back().ends_with('/')) folders.back() += '/';
  }
  std::vector<size_t> kept;
  for (size_t i = 0; i < folders.size(); ++i) {
    bool lies_in_another = false;
    for (size_t j = 0; j < folders.size() && !lies_in_another; ++j) {
      const bool is_equal = folders[i] == folders[j];
      lies_in_another = is_equal ? j < i : folders[i].starts_with(folders[j]);
    }
    if (!lies_in_another) kept.push_back(i);
  }
  return kept;
}

std::vector<TrailPart> list_trail(const std::string& root, TrailKind kind,
                                  const TrailFilter& filter, const Cancellation& cancellation,
                                  std::vector<UnlistedPath>& unlisted) {
  std::vector<TrailPart> parts;
  LayoutWalk walk(root, filter, kind, cancellation, unlisted,
                  [&](TrailKind, TrailPart part) { parts.push_back(std::move(part)); });
  walk.run();
  return parts;
}

void TrailSummary::add(const TrailSummary& other) {
  organizations.insert(other.organizations.begin(), other.organizations.end());
  accounts.insert(other.accounts.begin(), other.accounts.end());
  regions.insert(other.regions.begin(), other.regions.end());
  if (other.days) {
    count_values({{}, {}, {}, other.days->first}, *this);
    count_values({{}, {}, {}, other.days->last}, *this);
  }
  num_files += other.num_files;
  num_loose_files += other.num_loose_files;
  size_bytes += other.size_bytes;
}

std::vector<TrailSummary> summarize_trail(const std::string& root, const Cancellation& cancellation,
                                          std::vector<UnlistedPath>& unlisted) {
  std::vector<TrailSummary> summaries(kNumTrailKinds);
  const TrailFilter everything;
  LayoutWalk walk(root, everything, std::nullopt, cancellation, unlisted,
                  [&](TrailKind kind, const TrailPart& part) {
                    TrailSummary& summary = summaries[static_cast<size_t>(kind)];
                    const FileListing listing = list_files(join_location(root, part.relative_path));
                    unlisted.insert(unlisted.end(), listing.unlisted.begin(),
                                    listing.unlisted.end());
                    if (listing.files.empty()) return;
                    count_values(part.values, summary);
                    summary.num_files += listing.files.size();
                    if (part.is_file) ++summary.num_loose_files;
                    for (const StoredFile& file : listing.files)
                      summary.size_bytes += file.size_bytes;
                  });
  walk.run();
  return summaries;
}

}  // namespace trailsql
