#include "store/bucket_trail.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
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
  BucketWalk(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take,
             ListingCache* cache, std::string endpoint)
      : listing_(listing),
        scope_(scope),
        take_(take),
        cache_(cache),
        endpoint_(std::move(endpoint)) {}

  void run() {
    if (scope_.is_about_days()) find_wanted_days();
    const Place place = place_of(listing_.root());
    if (scope_.is_worth_a_look(place)) listing_.pool().add([this, place] { walk({place, ""}); });
    listing_.pool().run();
    for (const std::unique_ptr<Captured>& captured : captured_) remember(*captured);
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
    if (level == PlaceLevel::kKind &&
        (scope_.is_about_regions() || scope_.is_about_days() || cache_))
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

  void list_all(const Folder& folder) { list(folder, {listing_.root() + folder.path, "", ""}); }

  // Lists keys below a folder. `only_days`: what lies beside folders of days is taken elsewhere.
  void list(const Folder& folder, const KeyRange& range, bool only_days = false) {
    const PlaceLevel level = folder.place.level;
    if (cache_ && level >= PlaceLevel::kRegion && level <= PlaceLevel::kDay)
      return list_what_is_new(folder, range, only_days);
    list_keys(folder, range, only_days);
  }

  void list_keys(const Folder& folder, const KeyRange& range, bool only_days) {
    listing_.list_range(range, [this, folder, only_days](const std::vector<S3Object>& objects) {
      take_objects(folder, objects, only_days);
    });
  }

  // ---- what the cache knows need not be listed

  /// What was listed of closed days, to be remembered when all went well.
  struct Captured {
    std::string folder;
    ListedPiece piece;
    std::mutex mutex;
  };

  void remember(Captured& captured) {
    // What may not be listed may be allowed another time.
    if (listing_.has_unlisted()) return;
    std::ranges::sort(captured.piece.objects, {}, &S3Object::key);
    cache_->add(captured.folder, captured.piece);
  }

  // The folder of the region that a folder of days lies in.
  static std::string region_folder(std::string key, PlaceLevel level) {
    const auto num_up = static_cast<int>(level) - static_cast<int>(PlaceLevel::kRegion);
    for (int i = 0; i < num_up; ++i) key.erase(key.rfind('/', key.size() - 2) + 1);
    return key;
  }

  static std::string path_of_day(int32_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    return fmt::format("{:04}/{:02}/{:02}/", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  }

  static std::string after_all(std::string prefix) {
    prefix.back() = '/' + 1;
    return prefix;
  }

  void list_what_is_new(const Folder& folder, const KeyRange& range, bool only_days) {
    const std::string region = region_folder(listing_.root() + folder.path, folder.place.level);
    const std::string name = endpoint_ + listing_.url_of(region);
    const std::string closed_end = region + path_of_day(cache_->first_open_day());
    const std::string end = range.end.empty() ? after_all(range.prefix) : range.end;
    std::string at = range.after.empty() ? range.prefix : range.after;
    for (ListedPiece& piece : cache_->find(name)) {
      if (piece.end <= at) continue;
      if (piece.first >= end) break;
      if (at < piece.first)
        list_gap(folder, range.prefix, only_days, name, closed_end, {at, piece.first, {}});
      std::erase_if(piece.objects,
                    [&](const S3Object& object) { return object.key < at || object.key >= end; });
      take_objects(folder, piece.objects, only_days);
      at = piece.end;
    }
    if (at < end) list_gap(folder, range.prefix, only_days, name, closed_end, {at, end, {}});
  }

  void list_gap(const Folder& folder, const std::string& prefix, bool only_days,
                const std::string& name, const std::string& closed_end, ListedPiece gap) {
    const KeyRange range{prefix, gap.first == prefix ? "" : gap.first,
                         gap.end == after_all(prefix) ? "" : gap.end};
    gap.end = std::min(gap.end, closed_end);
    if (gap.first >= gap.end) {
      return list_keys(folder, range, only_days);
    }
    auto captured = std::make_unique<Captured>();
    captured->folder = name;
    captured->piece = std::move(gap);
    Captured* const into = captured.get();
    {
      const std::lock_guard lock(mutex_);
      captured_.push_back(std::move(captured));
    }
    listing_.list_range(range,
                        [this, folder, only_days, into](const std::vector<S3Object>& objects) {
                          {
                            const std::lock_guard lock(into->mutex);
                            for (const S3Object& object : objects) {
                              if (object.key < into->piece.end)
                                into->piece.objects.push_back(object);
                            }
                          }
                          take_objects(folder, objects, only_days);
                        });
  }

  // Lists days in the folder of a month, which are in order: those that follow one another as one
  // range of keys.
  void list_days(const Folder& month, const std::vector<int32_t>& days) {
    for (size_t first = 0; first < days.size();) {
      size_t last = first;
      while (last + 1 < days.size() && days[last + 1] == days[last] + 1) ++last;
      list(month, range_of(month, {days[first], days[last]}), true);
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
  ListingCache* const cache_;
  const std::string endpoint_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Captured>> captured_;
  std::vector<DayRange> wanted_days_;  // those that follow one another together, in order
};

}  // namespace

void walk_bucket_trail(BucketListing& listing, const TrailScope& scope, const TakeTrailPart& take,
                       ListingCache* cache, const std::string& endpoint) {
  BucketWalk(listing, scope, take, cache, endpoint).run();
}

}  // namespace trailsql
