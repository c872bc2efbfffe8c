// Lists CloudTrail's folders of days in a bucket as far as a cache does not know yet what they
// hold.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/bucket_listing.h"
#include "store/listing_cache.h"
#include "store/trail_place.h"

namespace trailsql {

/// Returns the key of the folder of the region in which `folder` lies, that of a region, a year, a
/// month or a day at `place`, where all of them are as CloudTrail has them; else nothing.
std::optional<std::string> region_folder(const std::string& folder, const TrailPlace& place);

/// Returns the path of the folder of a day from a folder of its region, year or month.
std::string day_path(const TrailPlace& place, int32_t day);

/// Returns the least key that is greater than all in a folder, whose name ends in '/'.
std::string after_all(std::string folder);

/// Returns the folder that is listed again when one of its files turns out to be another than the
/// one that is known: that of a day or, outside of those, the file's own.
std::string folder_to_list_again(const std::string& path);

/// Forgets what a cache knows of files, by their URLs, and of all that lies in the same folders of
/// days. `endpoint` is whose buckets these are; empty: AWS's own. Throws USER_CANCELED.
void forget_listed(ListingCache& cache, const std::string& endpoint,
                   const std::vector<std::string>& urls, const Cancellation& cancellation);

/// Used by one query. Its members may be called from tasks of the pools of listings, `remember`
/// after all of them.
class KnownListing {
 public:
  /// `cache` must outlive it.
  KnownListing(ListingCache& cache, std::string endpoint)
      : cache_(cache), endpoint_(std::move(endpoint)) {}

  /// Takes objects as BucketListing::TakeObjects does; they may be as the cache knows them.
  using Take = std::function<void(const std::vector<S3Object>& objects, bool is_remembered)>;
  /// A range to list, within the folder of a region. The listing must outlive this object.
  struct Wanted {
    BucketListing& listing;
    KeyRange range;
    Take take;
  };
  /// Lists ranges in the folder `region` of one bucket: what the cache does not know, as tasks.
  void list(const std::string& region, const std::vector<Wanted>& wanted);

  /// Returns whether a region's folder, or a year or month in it, is known to hold folders of
  /// years, months or days and nothing beside them.
  bool holds_only_days(BucketListing& listing, const std::string& region,
                       const std::string& folder);
  /// Says that of these.
  void add_only_days(const std::string& region, std::vector<std::string> folders);

  /// Remembers what was listed of closed days, but where a listing has left something out: it may
  /// be allowed another time. Throws USER_CANCELED.
  void remember(const Cancellation& cancellation);

 private:
  /// What was listed of closed days.
  struct Captured {
    const BucketListing& listing;
    ListedPiece piece;
    size_t region_size;  // of the keys, what names the region
    std::mutex mutex;
  };
  /// The folders of a region that hold only days.
  struct OnlyDays {
    const BucketListing& listing;
    std::string name;
    std::set<std::string> folders;
    bool has_new = false;
  };
  void list_wanted(const Wanted& wanted, const std::string& region,
                   const std::vector<ListedPiece>& pieces);
  void list_gap(const Wanted& wanted, const std::string& region, ListedPiece gap);

  ListingCache& cache_;
  const std::string endpoint_;
  std::mutex mutex_;  // guards what follows
  std::vector<std::unique_ptr<Captured>> captured_;
  std::map<std::string, OnlyDays> only_days_;  // by the region's key
};

}  // namespace trailsql
