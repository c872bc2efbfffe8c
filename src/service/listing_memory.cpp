#include "service/listing_memory.h"

#include <chrono>

#include "base/error.h"

namespace trailsql {
namespace {

// Returns nothing when the bytes are damaged.
std::optional<ListedPiece> piece_of(const ListingRow& row) {
  bool is_damaged = false;
  ListedPiece piece{row.folder, row.first_key, row.end_key,
                    decode_objects(row.objects, is_damaged)};
  if (is_damaged) return std::nullopt;
  return piece;
}

ListingRow row_of(const ListedPiece& piece) {
  return {piece.folder, piece.first, piece.end, encode_objects(piece.objects)};
}

std::vector<ListingRow> rest_of(const ListingRow& row, const ListingRow& by) {
  std::vector<ListingRow> rest;
  const std::optional<ListedPiece> piece = piece_of(row);
  if (!piece) return rest;
  for (const ListedPiece& outside : pieces_outside(*piece, {{}, by.first_key, by.end_key, {}}))
    rest.push_back(row_of(outside));
  return rest;
}

}  // namespace

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
      if (std::optional<ListedPiece> piece = piece_of(row)) pieces.push_back(*std::move(piece));
    }
  } catch (const QueryError&) {
    pieces.clear();
  }
  return pieces;
}

void ListingMemory::add(const std::vector<ListedPiece>& pieces, const Cancellation& cancellation) {
  replace(pieces, true, cancellation);
}

void ListingMemory::forget(const std::vector<ListedPiece>& pieces,
                           const Cancellation& cancellation) {
  replace(pieces, false, cancellation);
}

void ListingMemory::replace(const std::vector<ListedPiece>& pieces, bool adds,
                            const Cancellation& cancellation) {
  {
    const std::lock_guard lock(mutex_);
    if (has_failed_) return;
  }
  try {
    std::vector<ListingRow> rows;
    for (const ListedPiece& piece : pieces) {
      cancellation.check();
      rows.push_back(row_of(piece));
    }
    store().replace(rows, adds, rest_of, cancellation);
  } catch (const QueryError& error) {
    if (error.code() == ErrorCode::kUserCanceled) throw;
    const std::lock_guard lock(mutex_);
    if (!std::exchange(has_failed_, true) && tell_)
      tell_(std::string("what was listed of buckets is not remembered: ") + error.what());
  }
}

int32_t ListingMemory::first_open_day() const {
  using namespace std::chrono;
  const auto today = floor<days>(system_clock::now()).time_since_epoch().count();
  return static_cast<int32_t>(today) - static_cast<int32_t>(open_days_);
}

}  // namespace trailsql
