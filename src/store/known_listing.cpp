#include "store/known_listing.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace trailsql {
namespace {

using DayLevel = TrailPlace::Level;

constexpr std::string_view kDayShape = "2023/07/10/";
// Of a region's folder the cache has two lists: objects, and folders that hold only days.
constexpr const char* kOnlyDaysSuffix = " beside days";

// Returns the range of what is known together with an object: the folder of its day or, outside of
// those, the object alone. `region_size` is of the key what names the region.
ListedPiece range_around(const std::string& key, size_t region_size) {
  const size_t size = region_size + kDayShape.size();
  bool is_in_day = key.size() > size;
  for (size_t i = 0; i < kDayShape.size() && is_in_day; ++i)
    is_in_day = (key[region_size + i] == '/') == (kDayShape[i] == '/');
  if (!is_in_day) return {{}, key, key + '\0', {}};
  std::string day = key.substr(0, size);
  return {{}, day, after_all(day), {}};
}

// Adds a piece to `pieces` without the days that have objects in archives: these may be restored,
// and archived again, at any time.
void add_without_archives(ListedPiece piece, size_t region_size, std::vector<ListedPiece>& pieces) {
  ListedPiece kept{piece.folder, piece.first, {}, {}};
  const auto end_at = [&](const std::string& end) {
    while (!kept.objects.empty() && kept.objects.back().key >= end) kept.objects.pop_back();
    kept.end = end;
    if (kept.first < kept.end) pieces.push_back(std::move(kept));
  };
  for (S3Object& object : piece.objects) {
    if (object.key < kept.first) continue;  // of a day that is left out
    if (!object.is_in_archive) {
      kept.objects.push_back(std::move(object));
      continue;
    }
    const ListedPiece archived = range_around(object.key, region_size);
    end_at(archived.first);
    kept = {piece.folder, archived.end, {}, {}};
  }
  end_at(piece.end);
}

}  // namespace

std::string after_all(std::string folder) {
  folder.back() = '/' + 1;
  return folder;
}

std::string day_path(const TrailPlace& place, int32_t day) {
  using namespace std::chrono;
  const year_month_day date{sys_days(days(day))};
  std::string path =
      fmt::format("{:04}/{:02}/{:02}/", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (place.level == DayLevel::kYear) return path.substr(5);
  if (place.level == DayLevel::kMonth) return path.substr(8);
  return path;
}

std::optional<std::string> region_folder(const std::string& folder, const TrailPlace& place) {
  if (place.level < DayLevel::kRegion || place.level > DayLevel::kDay) return std::nullopt;
  const int32_t first_day = days_below(place).first;
  const size_t num_levels =
      static_cast<size_t>(place.level) - static_cast<size_t>(DayLevel::kRegion);
  constexpr std::array<size_t, 4> kSizes = {0, 5, 8, kDayShape.size()};  // as far as it goes
  const std::string days = day_path(TrailPlace(), first_day).substr(0, kSizes[num_levels]);
  if (!folder.ends_with("/" + *place.values.region + "/" + days)) return std::nullopt;
  return folder.substr(0, folder.size() - days.size());
}

std::string folder_to_list_again(const std::string& path) {
  size_t slash = path.find('/');
  for (; slash != std::string::npos; slash = path.find('/', slash + 1)) {
    std::string folder = path.substr(0, slash + 1);
    if (place_of(folder).level == DayLevel::kDay) return folder;
  }
  return path.substr(0, path.rfind('/') + 1);
}

void forget_listed(ListingCache& cache, const std::string& endpoint,
                   const std::vector<std::string>& urls, const Cancellation& cancellation) {
  std::map<std::string, ListedPiece> ranges;  // each once
  for (const std::string& url : urls) {
    const std::optional<S3Name> name = parse_s3_url(url);
    if (!name) continue;
    for (size_t slash = name->key.find('/'); slash != std::string::npos;
         slash = name->key.find('/', slash + 1)) {
      const std::string folder = name->key.substr(0, slash + 1);
      const TrailPlace place = place_of(folder);
      if (place.level != DayLevel::kRegion || region_folder(folder, place) != folder) continue;
      ListedPiece range = range_around(name->key, folder.size());
      range.folder = endpoint + "s3://" + name->bucket + "/" + folder;
      ranges.try_emplace(range.folder + " " + range.first, std::move(range));
    }
  }
  std::vector<ListedPiece> pieces;
  for (auto& [first, range] : ranges) pieces.push_back(std::move(range));
  cache.forget(pieces, cancellation);
}

void KnownListing::list(const std::string& region, const std::vector<Wanted>& wanted) {
  if (wanted.empty()) return;
  const std::vector<ListedPiece> pieces = cache_.find(endpoint_ + wanted[0].listing.url_of(region));
  for (const Wanted& one : wanted) list_wanted(one, region, pieces);
}

void KnownListing::list_wanted(const Wanted& wanted, const std::string& region,
                               const std::vector<ListedPiece>& pieces) {
  const KeyRange& range = wanted.range;
  const std::string closed_end = region + day_path(TrailPlace(), cache_.first_open_day());
  const std::string end = range.end.empty() ? after_all(range.prefix) : range.end;
  std::string at = range.after.empty() ? range.prefix : range.after;
  for (const ListedPiece& piece : pieces) {
    // What was closed once may be open today: --open-days says so.
    const std::string piece_end = std::min(piece.end, closed_end);
    if (piece_end <= at || piece_end <= piece.first) continue;
    if (piece.first >= end) break;
    if (at < piece.first) list_gap(wanted, region, {{}, at, piece.first, {}});
    const auto first = std::ranges::lower_bound(piece.objects, at, {}, &S3Object::key);
    const auto last =
        std::ranges::lower_bound(piece.objects, std::min(end, piece_end), {}, &S3Object::key);
    if (first < last) wanted.take({first, last}, true);
    at = piece_end;
  }
  if (at < end) list_gap(wanted, region, {{}, at, end, {}});
}

void KnownListing::list_gap(const Wanted& wanted, const std::string& region, ListedPiece gap) {
  const std::string& prefix = wanted.range.prefix;
  const bool is_folder = gap.first.ends_with('/') && gap.end == after_all(gap.first);
  const KeyRange range = is_folder ? KeyRange{gap.first, "", ""}
                                   : KeyRange{prefix, gap.first == prefix ? "" : gap.first,
                                              gap.end == after_all(prefix) ? "" : gap.end};
  gap.end = std::min(gap.end, region + day_path(TrailPlace(), cache_.first_open_day()));
  if (gap.first >= gap.end) {
    return wanted.listing.list_range(
        range,
        [take = wanted.take](const std::vector<S3Object>& objects) { take(objects, false); });
  }
  gap.folder = endpoint_ + wanted.listing.url_of(region);
  Captured* into = nullptr;
  {
    const std::lock_guard lock(mutex_);
    captured_.push_back(
        std::unique_ptr<Captured>(new Captured{wanted.listing, std::move(gap), region.size(), {}}));
    into = captured_.back().get();
  }
  wanted.listing.list_range(range,
                            [take = wanted.take, into](const std::vector<S3Object>& objects) {
                              {
                                const std::lock_guard lock(into->mutex);
                                for (const S3Object& object : objects) {
                                  if (object.key < into->piece.end)
                                    into->piece.objects.push_back(object);
                                }
                              }
                              take(objects, false);
                            });
}

bool KnownListing::holds_only_days(BucketListing& listing, const std::string& region,
                                   const std::string& folder) {
  const std::lock_guard lock(mutex_);
  auto known = only_days_.find(region);
  if (known == only_days_.end()) {
    OnlyDays only{listing, endpoint_ + listing.url_of(region) + kOnlyDaysSuffix, {}};
    for (const ListedPiece& piece : cache_.find(only.name)) {
      for (const S3Object& found : piece.objects) only.folders.insert(found.key);
    }
    known = only_days_.emplace(region, std::move(only)).first;
  }
  return known->second.folders.contains(folder);
}

void KnownListing::add_only_days(const std::string& region, std::vector<std::string> folders) {
  const std::lock_guard lock(mutex_);
  const auto known = only_days_.find(region);
  if (known == only_days_.end()) return;
  for (std::string& folder : folders)
    known->second.has_new |= known->second.folders.insert(std::move(folder)).second;
}

void KnownListing::remember(const Cancellation& cancellation) {
  std::vector<ListedPiece> pieces;
  for (const std::unique_ptr<Captured>& captured : captured_) {
    if (captured->listing.has_unlisted()) continue;
    std::ranges::sort(captured->piece.objects, {}, &S3Object::key);
    add_without_archives(std::move(captured->piece), captured->region_size, pieces);
  }
  for (const auto& [region, only] : only_days_) {
    if (!only.has_new || only.listing.has_unlisted()) continue;
    ListedPiece piece{only.name, region, after_all(region), {}};
    for (const std::string& folder : only.folders) piece.objects.emplace_back().key = folder;
    pieces.push_back(std::move(piece));
  }
  if (!pieces.empty()) cache_.add(pieces, cancellation);
}

}  // namespace trailsql
