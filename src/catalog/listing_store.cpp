#include "catalog/listing_store.h"

namespace trailsql {
namespace {

constexpr int kListingBusyTimeoutMs = 10'000;

}  // namespace

ListingStore::ListingStore(const std::string& catalog_path)
    : database_(catalog_path, kListingBusyTimeoutMs) {}

std::vector<ListingRow> ListingStore::find(std::string_view folder) {
  const std::lock_guard lock(mutex_);
  SqliteTransaction transaction(database_, SqliteTransaction::Kind::kRead);
  SqliteStatement statement = database_.statement(
      "SELECT first_key, end_key, objects FROM listings WHERE folder = ? ORDER BY first_key");
  statement.bind(folder);
  std::vector<ListingRow> rows;
  while (statement.step())
    rows.push_back({statement.text(0), statement.text(1), statement.bytes(2)});
  return rows;
}

void ListingStore::add(std::string_view folder, const ListingRow& row) {
  const std::lock_guard lock(mutex_);
  SqliteTransaction transaction(database_, SqliteTransaction::Kind::kWrite);
  database_.statement("DELETE FROM listings WHERE folder = ? AND first_key < ? AND end_key > ?")
      .bind(folder)
      .bind(row.end_key)
      .bind(row.first_key)
      .run();
  database_
      .statement("INSERT INTO listings (folder, first_key, end_key, objects) VALUES (?, ?, ?, ?)")
      .bind(folder)
      .bind(row.first_key)
      .bind(row.end_key)
      .bind_bytes(row.objects)
      .run();
  transaction.commit();
}

}  // namespace trailsql
