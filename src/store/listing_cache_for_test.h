// A cache of listings in memory.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "store/listing_cache.h"

namespace trailsql {

/// Remembers in memory what would be kept.
class MemoryListingCache : public ListingCache {
 public:
  explicit MemoryListingCache(int32_t first_open_day) : first_open_day_(first_open_day) {}

  std::vector<ListedPiece> find(const std::string& folder) override {
    const std::lock_guard lock(mutex_);
    std::vector<ListedPiece> found = pieces_[folder];
    for (ListedPiece& piece : found) {
      bool is_damaged = false;
      piece.objects = decode_objects(encode_objects(piece.objects), is_damaged);
    }
    return found;
  }
  void add(const std::vector<ListedPiece>& pieces, const Cancellation& cancellation) override {
    forget(pieces, cancellation);
    const std::lock_guard lock(mutex_);
    ++num_additions;
    for (const ListedPiece& piece : pieces) {
      pieces_[piece.folder].push_back(piece);
      std::ranges::sort(pieces_[piece.folder], {}, &ListedPiece::first);
    }
  }
  void forget(const std::vector<ListedPiece>& pieces, const Cancellation&) override {
    const std::lock_guard lock(mutex_);
    for (const ListedPiece& taken : pieces) {
      std::vector<ListedPiece> rest;
      for (const ListedPiece& piece : pieces_[taken.folder])
        std::ranges::move(pieces_outside(piece, taken), std::back_inserter(rest));
      pieces_[taken.folder] = std::move(rest);
    }
  }
  int32_t first_open_day() const override { return first_open_day_; }

  size_t num_additions = 0;

 private:
  const int32_t first_open_day_;
  std::mutex mutex_;
  std::map<std::string, std::vector<ListedPiece>> pieces_;
};

}  // namespace trailsql
