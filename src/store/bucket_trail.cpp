#include "store/bucket_trail.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace trailsql {
namespace {

using Place = TrailPlace;
using PlaceLevel = TrailPlace::Level;

/// A folder on the way down.
struct Folder {
  Place place;
  std::string path;  // from the root; empty, or ending in '/'
};

class BucketWalk {
 public:
  BucketWalk(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take)
      : listing_(listing), scope_(scope), take_(take) {}

  void run() {
    if (scope_.is_about_days()) find_wanted_days();
    const Place place = place_of(listing_.root());
    if (scope_.is_worth_a_look(place)) listing_.pool().add([this, place] { walk({place, ""}); });
    listing_.pool().run();
  }

 private:
  void find_wanted_days() {
    for (int32_t day = kTrailDays.first; day <= kTrailDays.last; ++day) {
      if (!scope_.wants(DayRange{day, day})) continue;
      if (wanted_days_.empty() || wanted_days_.back().last + 1 < day)
        wanted_days_.push_back({day, day});
      wanted_days_.back().last = day;
    }
  }

  void walk(const Folder& folder) {
    const PlaceLevel level = folder.place.level;
    if (level == PlaceLevel::kDay) return list_all(folder);
    if (level < PlaceLevel::kKind || scope_.is_about_folders()) return step_down(folder);
    if (level == PlaceLevel::kKind && (scope_.is_about_regions() || scope_.is_about_days()))
      return step_down(folder);
    const bool has_days = level >= PlaceLevel::kRegion && level <= PlaceLevel::kMonth;
    if (!has_days || !scope_.is_about_days() || wants_all(days_below(folder.place)))
      return list_all(folder);
    // What lies beside the folders of days is found by a look at each; its names may tell a day.
    step_down(folder);
  }

  bool wants_all(const DayRange& days) const {
    return std::ranges::any_of(wanted_days_, [&](const DayRange& wanted) {
      return wanted.first <= days.first && days.last <= wanted.last;
    });
  }

  void step_down(const Folder& folder) {
    BucketFolder found = listing_.list_folder(listing_.root() + folder.path);
    take_objects(folder, found.objects);
    const bool is_beside_kinds = folder.place.level == PlaceLevel::kAccount &&
                                 std::ranges::any_of(found.folders, [](const std::string& name) {
                                   return find_trail_kind(name).has_value();
                                 });
    const bool lists_days = folder.place.level == PlaceLevel::kMonth && scope_.is_about_days() &&
                            !scope_.is_about_folders();
    std::vector<int32_t> days;
    for (const std::string& name : found.folders) {
      if (is_beside_kinds && !find_trail_kind(name) && name != kLogsFolder) continue;
      const std::optional<Place> inner = enter(folder.place, name);
      if (!inner) continue;
      const Folder next{*inner, folder.path + name + "/"};
      if (!scope_.is_worth_a_look(*inner) || !scope_.passes(next.path)) continue;
      if (lists_days && inner->level == PlaceLevel::kDay) {
        days.push_back(*inner->values.day);
      } else {
        listing_.pool().add([this, next] { walk(next); });
      }
    }
    list_days(folder, days);
  }

  void list_all(const Folder& folder) {
    listing_.list_range(
        {listing_.root() + folder.path, "", ""},
        [this, folder](const std::vector<S3Object>& objects) { take_objects(folder, objects); });
  }

  // Lists days in the folder of a month, which are in order: those that follow one another as one
  // range of keys.
  void list_days(const Folder& month, const std::vector<int32_t>& days) {
    for (size_t first = 0; first < days.size();) {
      size_t last = first;
      while (last + 1 < days.size() && days[last + 1] == days[last] + 1) ++last;
      listing_.list_range(range_of(month, {days[first], days[last]}),
                          [this, month](const std::vector<S3Object>& objects) {
                            take_objects(month, objects, true);
                          });
      first = last + 1;
    }
  }

  KeyRange range_of(const Folder& month, const DayRange& days) const {
    const std::string base = listing_.root() + month.path;
    const std::string first = base + day_folder(days.first);
    if (days.first == days.last) return {first, "", ""};
    std::string end = base + day_folder(days.last);
    end.back() = '/' + 1;
    return {base, first, end};
  }

  static std::string day_folder(int32_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    return fmt::format("{:02}/", static_cast<unsigned>(date.day()));
  }

  /// What the folder of an object says, and which folder of a day it lies in, if any.
  struct Finding {
    std::optional<Place> place;
    std::optional<std::string> day_path;
  };

  // Returns what is known of a folder at or below `folder`; no place for one that is passed over.
  Finding find(const Folder& folder, const std::string& path) const {
    Finding finding{folder.place, {}};
    if (folder.place.level == PlaceLevel::kDay) finding.day_path = folder.path;
    for (size_t start = folder.path.size(); start < path.size() && !finding.day_path;) {
      const size_t slash = path.find('/', start);
      finding.place = enter(*finding.place, std::string_view(path).substr(start, slash - start));
      start = slash + 1;
      if (!finding.place || !scope_.is_worth_a_look(*finding.place) ||
          !scope_.passes(path.substr(0, start))) {
        finding.place.reset();
        return finding;
      }
      // Whatever the folders within that of a day are called, they are parts of it.
      if (finding.place->level == PlaceLevel::kDay) finding.day_path = path.substr(0, start);
    }
    return finding;
  }

  // Hands over what lies in the same folder of a day together. `only_days`: what lies beside them
  // is taken elsewhere.
  void take_objects(const Folder& folder, const std::vector<S3Object>& objects,
                    bool only_days = false) {
    std::string path = folder.path;  // of the object at hand, its folder's
    Finding finding = find(folder, path);
    TrailPart part;
    const auto flush = [&] {
      if (!part.files.empty()) take_(*finding.place->kind, std::exchange(part, {}));
    };
    for (const S3Object& object : objects) {
      StoredFile file = listing_.file_of(object);
      const size_t name_start = file.relative_path.rfind('/') + 1;
      if (file.relative_path.compare(0, name_start, path) != 0) {
        flush();
        path = file.relative_path.substr(0, name_start);
        finding = find(folder, path);
      }
      if (!finding.place) continue;
      if (finding.day_path) {
        part.values = finding.place->values;
        part.relative_path = *finding.day_path;
        file.relative_path.erase(0, finding.day_path->size());
        part.files.push_back(std::move(file));
      } else if (!only_days) {
        take_loose(*finding.place, std::move(file));
      }
    }
    flush();
  }

  void take_loose(Place place, StoredFile file) {
    std::string path = std::exchange(file.relative_path, std::string());
    const std::optional<TrailKind> kind =
        scope_.kind_to_take(place, path.substr(path.rfind('/') + 1));
    if (kind) take_(*kind, {place.values, std::move(path), true, {std::move(file)}});
  }

  BucketListing& listing_;
  const TrailScope& scope_;
  const TakeTrailPart& take_;
  std::vector<DayRange> wanted_days_;  // those that follow one another together, in order
};

}  // namespace

void walk_bucket_trail(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take) {
  BucketWalk(listing, scope, take).run();
}

}  // namespace trailsql
