#include "store/bucket_trail.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
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
    if (scope_.is_about_days() && wanted_days_.empty() && !scope_.wants(std::nullopt)) return;
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
    if (level < PlaceLevel::kKind || (scope_.is_about_folders() && level != PlaceLevel::kDay))
      return step_down(folder);
    if (level == PlaceLevel::kKind &&
        (scope_.is_about_regions() || scope_.is_about_days() || cache_))
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

  void list_all(const Folder& folder, KeyRange range) {
    if (cache_ && region_folder(folder)) return list_what_is_new(folder, range);
    listing_.list_range(std::move(range), [this, folder](const std::vector<S3Object>& objects) {
      take_objects(folder, objects);
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

  // The key of the folder of the region that a folder of days lies in, where it is as CloudTrail
  // has it; nothing for what lies elsewhere.
  std::optional<std::string> region_folder(const Folder& folder) const {
    const PlaceLevel level = folder.place.level;
    if (level < PlaceLevel::kRegion || level > PlaceLevel::kDay) return std::nullopt;
    const int32_t first_day = days_below(folder.place).first;
    const size_t num_levels = static_cast<size_t>(level) - static_cast<size_t>(PlaceLevel::kRegion);
    constexpr std::array<size_t, 4> kSizes = {0, 5, 8, 11};  // of "2023/07/10/" as far as it goes
    const std::string days = day_path(Place(), first_day).substr(0, kSizes[num_levels]);
    std::string key = listing_.root() + folder.path;
    if (!key.ends_with("/" + *folder.place.values.region + "/" + days)) return std::nullopt;
    key.resize(key.size() - days.size());
    return key;
  }

  static std::string after_all(std::string prefix) {
    prefix.back() = '/' + 1;
    return prefix;
  }

  void list_what_is_new(const Folder& folder, const KeyRange& range) {
    const std::string region = *region_folder(folder);
    const std::string name = endpoint_ + listing_.url_of(region);
    const std::string closed_end = region + day_path(Place(), cache_->first_open_day());
    const std::string end = range.end.empty() ? after_all(range.prefix) : range.end;
    std::string at = range.after.empty() ? range.prefix : range.after;
    for (ListedPiece& piece : cache_->find(name)) {
      // What was closed once may be open today: --open-days says so.
      piece.end = std::min(piece.end, closed_end);
      if (piece.end <= at || piece.end <= piece.first) continue;
      if (piece.first >= end) break;
      if (at < piece.first) list_gap(folder, range.prefix, name, closed_end, {at, piece.first, {}});
      std::erase_if(piece.objects, [&](const S3Object& object) {
        return object.key < at || object.key >= std::min(end, piece.end);
      });
      take_objects(folder, piece.objects);
      at = piece.end;
    }
    if (at < end) list_gap(folder, range.prefix, name, closed_end, {at, end, {}});
  }

  void list_gap(const Folder& folder, const std::string& prefix, const std::string& name,
                const std::string& closed_end, ListedPiece gap) {
    const KeyRange range{prefix, gap.first == prefix ? "" : gap.first,
                         gap.end == after_all(prefix) ? "" : gap.end};
    gap.end = std::min(gap.end, closed_end);
    if (gap.first >= gap.end) {
      return listing_.list_range(range, [this, folder](const std::vector<S3Object>& objects) {
        take_objects(folder, objects);
      });
    }
    auto captured = std::make_unique<Captured>();
    captured->folder = name;
    captured->piece = std::move(gap);
    Captured* const into = captured.get();
    {
      const std::lock_guard lock(mutex_);
      captured_.push_back(std::move(captured));
    }
    listing_.list_range(range, [this, folder, into](const std::vector<S3Object>& objects) {
      {
        const std::lock_guard lock(into->mutex);
        for (const S3Object& object : objects) {
          if (object.key < into->piece.end) into->piece.objects.push_back(object);
        }
      }
      take_objects(folder, objects);
    });
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
    for (const DayRange& wanted : wanted_days_) {
      const DayRange days{std::max(all.first, wanted.first), std::min(all.last, wanted.last)};
      if (days.first > days.last) continue;
      if (days.first == all.first && days.last == all.last) return list_whole(folder);
      const std::string first = base + day_path(folder.place, days.first);
      const std::string end = after_all(base + day_path(folder.place, days.last));
      list_all(folder,
               days.first == days.last ? KeyRange{first, "", ""} : KeyRange{base, first, end});
      intervals->push_back({first, end});
    }
    list_beside(folder, intervals);
  }

  // Lists what lies beside the folders of days, whose names may tell a wanted day, too. What lies
  // in one of the intervals is known already.
  void list_beside(const Folder& folder,
                   const std::shared_ptr<const std::vector<KeyInterval>>& intervals) {
    const auto is_known = [&](const std::string& first, const std::string& end) {
      return std::ranges::any_of(*intervals, [&](const KeyInterval& interval) {
        return interval.first <= first && end <= interval.end;
      });
    };
    const std::string base = listing_.root() + folder.path;
    const std::vector<std::string> found =
        listing_.list_folder(base, [&](std::vector<S3Object> objects) {
          std::erase_if(objects, [&](const S3Object& object) {
            return is_known(object.key, object.key + '\0');
          });
          take_objects(folder, objects);
        });
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
