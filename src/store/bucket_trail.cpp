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
    const bool has_days = level >= PlaceLevel::kRegion && level <= PlaceLevel::kMonth;
    if (level < PlaceLevel::kKind || scope_.is_about_folders()) return step_down(folder);
    if (level == PlaceLevel::kKind && (scope_.is_about_regions() || scope_.is_about_days()))
      return step_down(folder);
    if (has_days && scope_.is_about_days()) {
      // What lies beside the folders of days is found by a look at each.
      if (scope_.wants(std::nullopt) && level != PlaceLevel::kMonth) return step_down(folder);
      return list_days(folder);
    }
    list_all(folder, {listing_.root() + folder.path, "", ""});
  }

  void step_down(const Folder& folder) {
    BucketFolder found = listing_.list_folder(listing_.root() + folder.path);
    take_objects(folder, found.objects);
    const bool is_beside_kinds = folder.place.level == PlaceLevel::kAccount &&
                                 std::ranges::any_of(found.folders, [](const std::string& name) {
                                   return find_trail_kind(name).has_value();
                                 });
    for (const std::string& name : found.folders) {
      if (is_beside_kinds && !find_trail_kind(name) && name != kLogsFolder) continue;
      const std::optional<Place> inner = enter(folder.place, name);
      if (!inner) continue;
      const Folder next{*inner, folder.path + name + "/"};
      if (!scope_.is_worth_a_look(*inner) || !scope_.passes(next.path)) continue;
      listing_.pool().add([this, next] { walk(next); });
    }
  }

  void list_all(const Folder& folder, KeyRange range) {
    listing_.list_range(std::move(range), [this, folder](const std::vector<S3Object>& objects) {
      take_objects(folder, objects);
    });
  }

  // Lists the wanted days in a folder of a region, a year or a month: those that follow one another
  // as one range of keys.
  void list_days(const Folder& folder) {
    const DayRange all = days_below(folder.place);
    for (const DayRange& wanted : wanted_days_) {
      const DayRange days{std::max(all.first, wanted.first), std::min(all.last, wanted.last)};
      if (days.first <= days.last) list_all(folder, range_of(folder, days));
    }
    if (folder.place.level == PlaceLevel::kMonth && scope_.wants(std::nullopt))
      step_beside_days(folder);
  }

  // Of a month what lies in no folder of a day.
  void step_beside_days(const Folder& folder) {
    BucketFolder found = listing_.list_folder(listing_.root() + folder.path);
    take_objects(folder, found.objects);
    for (const std::string& name : found.folders) {
      const std::optional<Place> inner = enter(folder.place, name);
      if (inner && inner->level == PlaceLevel::kLoose)
        list_all({*inner, folder.path + name + "/"},
                 {listing_.root() + folder.path + name + "/", "", ""});
    }
  }

  KeyRange range_of(const Folder& folder, const DayRange& days) const {
    const std::string base = listing_.root() + folder.path;
    const std::string first = base + day_path(folder.place, days.first);
    if (days.first == days.last) return {first, "", ""};
    std::string end = base + day_path(folder.place, days.last);
    end.back() = '/' + 1;
    return {base, first, end};
  }

  // The folder of a day, from a folder of its region, year or month.
  static std::string day_path(const Place& place, int32_t day) {
    using namespace std::chrono;
    const year_month_day date{sys_days(days(day))};
    std::string path =
        fmt::format("{:04}/{:02}/{:02}/", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    if (place.level == PlaceLevel::kYear) return path.substr(5);
    if (place.level == PlaceLevel::kMonth) return path.substr(8);
    return path;
  }

  /// What the folder of an object says, and which folder of a day it lies in, if any.
  struct Finding {
    std::optional<Place> place;
    std::string day_path;
  };

  // Returns what is known of a folder at or below `folder`; no place for one that is passed over.
  Finding find(const Folder& folder, const std::string& path) const {
    Finding finding{folder.place, {}};
    if (folder.place.level == PlaceLevel::kDay) finding.day_path = folder.path;
    for (size_t start = folder.path.size(); start < path.size();) {
      const size_t slash = path.find('/', start);
      finding.place = enter(*finding.place, std::string_view(path).substr(start, slash - start));
      start = slash + 1;
      if (!finding.place || !scope_.is_worth_a_look(*finding.place) ||
          !scope_.passes(path.substr(0, start))) {
        finding.place.reset();
        return finding;
      }
      if (finding.place->level == PlaceLevel::kDay && finding.day_path.empty())
        finding.day_path = path.substr(0, start);
    }
    return finding;
  }

  // Hands over what lies in the same folder of a day together.
  void take_objects(const Folder& folder, const std::vector<S3Object>& objects) {
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
      if (!finding.day_path.empty()) {
        part.values = finding.place->values;
        part.relative_path = finding.day_path;
        file.relative_path.erase(0, finding.day_path.size());
        part.files.push_back(std::move(file));
      } else {
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
