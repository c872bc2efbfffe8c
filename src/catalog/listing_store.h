// Listings of buckets that queries remember, in the catalog's file.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "catalog/sqlite_database.h"

namespace trailsql {

/// One remembered piece of a folder's listing.
struct ListingRow {
  std::string folder;
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

  /// Returns what stays of a row that another one overlaps.
  using RestOf =
      std::function<std::vector<ListingRow>(const ListingRow& row, const ListingRow& by)>;
  /// Takes the keys of these rows out of what is remembered and, with `adds`, remembers the rows
  /// instead; all or nothing. Throws HIVE_METASTORE_ERROR, USER_CANCELED.
  void replace(const std::vector<ListingRow>& rows, bool adds, const RestOf& rest_of,
               const Cancellation& cancellation);

 private:
  std::vector<ListingRow> take_overlapped(const ListingRow& by);
  void insert(const ListingRow& row);

  std::mutex mutex_;
  SqliteDatabase database_;
};

}  // namespace trailsql
