// Listings of buckets between queries: closed days are not listed again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "catalog/listing_store.h"
#include "store/listing_cache.h"

namespace trailsql {

/// For how many days a folder of a day may get files: CloudTrail tries for 30 days to deliver one.
inline constexpr uint32_t kDefaultOpenDays = 31;

/// Remembers listings in the catalog's file, which is opened when it is first needed. With
/// `refresh` nothing remembered is used, and what is listed takes its place. What cannot be
/// remembered is listed again: that is no error, but told once, and not tried again.
class ListingMemory : public ListingCache {
 public:
  using Tell = std::function<void(std::string sentence)>;

  ListingMemory(std::string catalog_path, uint32_t open_days, bool refresh, Tell tell)
      : catalog_path_(std::move(catalog_path)),
        open_days_(open_days),
        refresh_(refresh),
        tell_(std::move(tell)) {}

  std::vector<ListedPiece> find(const std::string& folder) override;
  void add(const std::vector<ListedPiece>& pieces, const Cancellation& cancellation) override;
  void forget(const std::vector<ListedPiece>& pieces, const Cancellation& cancellation) override;
  int32_t first_open_day() const override;

 private:
  ListingStore& store();
  void replace(const std::vector<ListedPiece>& pieces, bool adds, const Cancellation& cancellation);

  const std::string catalog_path_;
  const uint32_t open_days_;
  const bool refresh_;
  const Tell tell_;
  std::mutex mutex_;  // guards what follows
  std::unique_ptr<ListingStore> store_;
  bool has_failed_ = false;  // to remember something
};

}  // namespace trailsql
