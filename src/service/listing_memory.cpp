#include "service/listing_memory.h"

#include <chrono>

#include "base/error.h"

namespace trailsql {

ListingStore& ListingMemory::store() {
  const std::lock_guard lock(mutex_);
  if (!store_) store_ = std::make_unique<ListingStore>(catalog_path_);
  return *store_;
}

std::vector<ListedPiece> ListingMemory::find(const std::string& folder) {
  std::vector<ListedPiece> pieces;
  if (refresh_) return pieces;
  try {
    for (const ListingRow& row : store().find(folder)) {
      bool is_damaged = false;
      ListedPiece piece{row.first_key, row.end_key, decode_objects(row.objects, is_damaged)};
      if (!is_damaged) pieces.push_back(std::move(piece));
    }
  } catch (const QueryError& error) {
    if (error.code() == ErrorCode::kUserCanceled) throw;
    pieces.clear();
  }
  return pieces;
}

void ListingMemory::add(const std::string& folder, const ListedPiece& piece) {
  try {
    store().add(folder, {piece.first, piece.end, encode_objects(piece.objects)});
  } catch (const QueryError& error) {
    if (error.code() == ErrorCode::kUserCanceled) throw;
  }
}

int32_t ListingMemory::first_open_day() const {
  using namespace std::chrono;
  const auto today = floor<days>(system_clock::now()).time_since_epoch().count();
  return static_cast<int32_t>(today) - static_cast<int32_t>(open_days_);
}

}  // namespace trailsql
