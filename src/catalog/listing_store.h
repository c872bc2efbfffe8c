// Listings of buckets that queries remember, in the catalog's file.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/sqlite_database.h"

namespace trailsql {

/// One remembered piece of a folder's listing.
struct ListingRow {
  std::string first_key;  // of the keys that it has all of
  std::string end_key;    // that it ends before
  std::string objects;    // bytes of whoever remembers
};

/// A connection of its own, for queries list with many threads. Safe from any thread.
class ListingStore {
 public:
  /// Opens the catalog's file, which is there already.
  explicit ListingStore(const std::string& catalog_path);

  /// Returns what is remembered of a folder, in the order of keys. Throws HIVE_METASTORE_ERROR.
  std::vector<ListingRow> find(std::string_view folder);
  /// Remembers a piece, and forgets those that it overlaps. Throws HIVE_METASTORE_ERROR.
  void add(std::string_view folder, const ListingRow& row);

 private:
  std::mutex mutex_;
  SqliteDatabase database_;
};

}  // namespace trailsql
