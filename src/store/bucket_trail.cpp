#include "store/bucket_trail.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "store/known_listing.h"

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
  BucketWalk(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take,
             ListingCache* cache, std::string endpoint)
      : listing_(listing), scope_(scope), take_(take) {
    if (cache != nullptr) known_.emplace(*cache, std::move(endpoint));
  }

  void run() {
    if (scope_.is_about_days()) find_wanted_days();
    if (scope_.is_about_days() && wanted_days_.empty() && !scope_.wants(std::nullopt)) return;
    const Place place = place_of(listing_.root());
    if (scope_.is_worth_a_look(place)) listing_.pool().add([this, place] { walk({place, ""}); });
    listing_.pool().run();
    if (known_) known_->remember(listing_.cancellation());
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
    if (level < PlaceLevel::kKind || (scope_.is_about_folders() && level != PlaceLevel::kDay))
      return step_down(folder);
    if (level == PlaceLevel::kKind &&
        (scope_.is_about_regions() || scope_.is_about_days() || known_))
      return step_down(folder);
    const bool has_days = level >= PlaceLevel::kRegion && level <= PlaceLevel::kMonth;
    if (has_days && scope_.is_about_days()) return list_days(folder);
    list_whole(folder);
  }

  void step_down(const Folder& folder) {
    const std::vector<std::string> found = listing_.list_folder(
        listing_.root() + folder.path,
        [&](const std::vector<S3Object>& objects) { take_objects(folder, objects); });
    const bool is_beside_kinds = folder.place.level == PlaceLevel::kAccount &&
                                 std::ranges::any_of(found, [](const std::string& name) {
                                   return find_trail_kind(name).has_value();
                                 });
    for (const std::string& name : found) {
      if (is_beside_kinds && !find_trail_kind(name) && name != kLogsFolder) continue;
      const std::optional<Place> inner = enter(folder.place, name);
      if (!inner) continue;
      const Folder next{*inner, folder.path + name + "/"};
      if (!scope_.is_worth_a_look(*inner) || !scope_.passes(next.path)) continue;
      listing_.pool().add([this, next] { walk(next); });
    }
  }

  void list_whole(const Folder& folder) {
    list_all(folder, {listing_.root() + folder.path, "", ""});
  }

  void list_all(const Folder& folder, const KeyRange& range) {
    list_all(folder, std::vector{range});
  }

  void list_all(const Folder& folder, const std::vector<KeyRange>& ranges) {
    const auto take = [this, folder](const std::vector<S3Object>& objects, bool is_remembered) {
      take_objects(folder, objects, is_remembered);
    };
    if (const std::optional<std::string> region = region_of(folder)) {
      std::vector<KnownListing::Wanted> wanted;
      for (const KeyRange& range : ranges) wanted.push_back({listing_, range, take});
      return known_->list(*region, wanted);
    }
    for (const KeyRange& range : ranges) {
      listing_.list_range(range,
                          [take](const std::vector<S3Object>& objects) { take(objects, false); });
    }
  }

  // The key of the folder of the region that a folder of days lies in, if what is known there
  // counts.
  std::optional<std::string> region_of(const Folder& folder) const {
    if (!known_) return std::nullopt;
    return region_folder(listing_.root() + folder.path, folder.place);
  }

  /// Keys from `first` on that are less than `end`.
  struct KeyInterval {
    std::string first;
    std::string end;
  };

  // Lists the wanted days in a folder of a region, a year or a month: those that follow one another
  // as one range of keys, with all that lies in it.
  void list_days(const Folder& folder) {
    const std::string base = listing_.root() + folder.path;
    const DayRange all = days_below(folder.place);
    auto intervals = std::make_shared<std::vector<KeyInterval>>();
    std::vector<KeyRange> ranges;
    for (const DayRange& wanted : wanted_days_) {
      const DayRange days{std::max(all.first, wanted.first), std::min(all.last, wanted.last)};
      if (days.first > days.last) continue;
      if (days.first == all.first && days.last == all.last) return list_whole(folder);
      const std::string first = base + day_path(folder.place, days.first);
      const std::string end = after_all(base + day_path(folder.place, days.last));
      ranges.push_back(days.first == days.last ? KeyRange{first, "", ""}
                                               : KeyRange{base, first, end});
      intervals->push_back({first, end});
    }
    list_all(folder, ranges);
    list_beside(folder, intervals);
  }

  // Lists what lies beside the folders of days, whose names may tell a wanted day, too. What lies
  // in one of the intervals is known already. Where nothing did when it was last listed, nothing is
  // expected.
  void list_beside(const Folder& folder,
                   const std::shared_ptr<const std::vector<KeyInterval>>& intervals) {
    const auto is_known = [&](const std::string& first, const std::string& end) {
      return std::ranges::any_of(*intervals, [&](const KeyInterval& interval) {
        return interval.first <= first && end <= interval.end;
      });
    };
    const std::string base = listing_.root() + folder.path;
    const std::optional<std::string> region = region_of(folder);
    std::vector<std::string> found;
    if (region && known_->holds_only_days(listing_, *region, base)) {
      found = names_of_days(folder.place.level);
    } else {
      bool has_objects = false;
      found = listing_.list_folder(base, [&](std::vector<S3Object> objects) {
        has_objects = has_objects || !objects.empty();
        std::erase_if(objects, [&](const S3Object& object) {
          return is_known(object.key, object.key + '\0');
        });
        take_objects(folder, objects);
      });
      if (region && !has_objects) tell_only_days(folder, *region, found);
    }
    for (const std::string& name : found) {
      const std::optional<Place> inner = enter(folder.place, name);
      if (!inner || !scope_.is_worth_a_look(*inner) || inner->level == PlaceLevel::kDay) continue;
      const Folder next{*inner, folder.path + name + "/"};
      const std::string key = base + name + "/";
      if (is_known(key, after_all(key))) continue;
      if (inner->level == PlaceLevel::kYear || inner->level == PlaceLevel::kMonth) {
        listing_.pool().add([this, next, intervals] { list_beside(next, intervals); });
      } else {
        list_whole(next);
      }
    }
  }

  // All names that folders of years can have in that of a region, of months in that of a year.
  static std::vector<std::string> names_of_days(PlaceLevel level) {
    std::vector<std::string> names;
    const auto add = [&](int first, int last) {
      for (int number = first; number <= last; ++number)
        names.push_back(fmt::format("{:02}", number));
    };
    if (level == PlaceLevel::kRegion) add(kTrailYears.first, kTrailYears.last);
    if (level == PlaceLevel::kYear) add(1, 12);
    return names;
  }

  // Says so of a folder where only folders, and of days, were found, and of the wanted years and
  // months that it does not have.
  void tell_only_days(const Folder& folder, const std::string& region,
                      const std::vector<std::string>& found) {
    const std::string base = listing_.root() + folder.path;
    const bool holds_only_days = std::ranges::all_of(found, [&](const std::string& name) {
      const std::optional<Place> inner = enter(folder.place, name);
      return inner && inner->level == next_level(folder.place.level);
    });
    if (!holds_only_days) return;
    std::vector<std::string> folders = {base};
    for (const std::string& name : names_of_days(folder.place.level)) {
      if (!std::ranges::binary_search(found, name))
        add_absent({*enter(folder.place, name), base + name + "/"}, folders);
    }
    known_->add_only_days(region, std::move(folders));
  }

  void add_absent(const Folder& absent, std::vector<std::string>& folders) const {
    if (!scope_.is_worth_a_look(absent.place)) return;
    folders.push_back(absent.path);
    for (const std::string& name : names_of_days(absent.place.level))
      add_absent({*enter(absent.place, name), absent.path + name + "/"}, folders);
  }

  static PlaceLevel next_level(PlaceLevel level) {
    return static_cast<PlaceLevel>(static_cast<uint8_t>(level) + 1);
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

  // Hands over what lies in the same folder of a day together.
  void take_objects(const Folder& folder, const std::vector<S3Object>& objects,
                    bool is_remembered = false) {
    std::string path = folder.path;  // of the object at hand, its folder's
    Finding finding = find(folder, path);
    TrailPart part;
    const auto flush = [&] {
      if (!part.files.empty()) take_(*finding.place->kind, std::exchange(part, {}));
    };
    for (const S3Object& object : objects) {
      StoredFile file = listing_.file_of(object);
      file.is_remembered = is_remembered;
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
  std::optional<KnownListing> known_;
  std::vector<DayRange> wanted_days_;  // those that follow one another together, in order
};

}  // namespace

void walk_bucket_trail(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take,
                       ListingCache* cache, const std::string& endpoint) {
  BucketWalk(listing, scope, take, cache, endpoint).run();
}

}  // namespace trailsql
