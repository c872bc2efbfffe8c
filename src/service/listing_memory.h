// Listings of buckets between queries: closed days are not listed again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "catalog/listing_store.h"
#include "store/listing_cache.h"

namespace trailsql {

/// For how many days a folder of a day may get files: CloudTrail tries for 30 days to deliver one.
inline constexpr uint32_t kDefaultOpenDays = 31;

/// Remembers listings in the catalog's file, which is opened when it is first needed. With
/// `refresh` nothing remembered is used, and what is listed takes its place. What cannot be
/// remembered is listed again: that is no error.
class ListingMemory : public ListingCache {
 public:
  ListingMemory(std::string catalog_path, uint32_t open_days, bool refresh)
      : catalog_path_(std::move(catalog_path)), open_days_(open_days), refresh_(refresh) {}

  std::vector<ListedPiece> find(const std::string& folder) override;
  void add(const std::string& folder, const ListedPiece& piece) override;
  int32_t first_open_day() const override;

 private:
  ListingStore& store();

  const std::string catalog_path_;
  const uint32_t open_days_;
  const bool refresh_;
  std::mutex mutex_;
  std::unique_ptr<ListingStore> store_;
};

}  // namespace trailsql
