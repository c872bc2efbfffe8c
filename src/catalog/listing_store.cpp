#include "catalog/listing_store.h"

namespace trailsql {
namespace {

// What cannot be remembered at once is listed again by the next query.
constexpr int kListingBusyTimeoutMs = 1'000;

}  // namespace

ListingStore::ListingStore(const std::string& catalog_path)
    : database_(catalog_path, kListingBusyTimeoutMs) {}

std::vector<ListingRow> ListingStore::find(std::string_view folder) {
  const std::lock_guard lock(mutex_);
  SqliteTransaction transaction(database_, SqliteTransaction::Kind::kRead);
  SqliteStatement statement = database_.statement(
      "SELECT folder, first_key, end_key, objects FROM listings WHERE folder = ? ORDER BY "
      "first_key");
  statement.bind(folder);
  std::vector<ListingRow> rows;
  while (statement.step())
    rows.push_back({statement.text(0), statement.text(1), statement.text(2), statement.bytes(3)});
  return rows;
}

void ListingStore::replace(const std::vector<ListingRow>& rows, bool adds, const RestOf& rest_of,
                           const Cancellation& cancellation) {
  const std::lock_guard lock(mutex_);
  SqliteTransaction transaction(database_, SqliteTransaction::Kind::kWrite);
  for (const ListingRow& row : rows) {
    cancellation.check();
    for (const ListingRow& overlapped : take_overlapped(row)) {
      for (const ListingRow& rest : rest_of(overlapped, row)) insert(rest);
    }
    if (adds) insert(row);
  }
  transaction.commit();
}

std::vector<ListingRow> ListingStore::take_overlapped(const ListingRow& by) {
  std::vector<ListingRow> rows;
  const auto bind = [&](SqliteStatement& statement) {
    statement.bind(by.folder).bind(by.end_key).bind(by.first_key);
  };
  {
    SqliteStatement statement = database_.statement(
        "SELECT folder, first_key, end_key, objects FROM listings "
        "WHERE folder = ? AND first_key < ? AND end_key > ?");
    bind(statement);
    while (statement.step())
      rows.push_back({statement.text(0), statement.text(1), statement.text(2), statement.bytes(3)});
  }
  if (rows.empty()) return rows;
  SqliteStatement statement = database_.statement(
      "DELETE FROM listings WHERE folder = ? AND first_key < ? AND end_key > ?");
  bind(statement);
  statement.run();
  return rows;
}

void ListingStore::insert(const ListingRow& row) {
  database_
      .statement("INSERT INTO listings (folder, first_key, end_key, objects) VALUES (?, ?, ?, ?)")
      .bind(row.folder)
      .bind(row.first_key)
      .bind(row.end_key)
      .bind_bytes(row.objects)
      .run();
}

}  // namespace trailsql
