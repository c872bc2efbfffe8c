// What was listed before, of folders of buckets where nothing changes any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "store/s3_answer.h"

namespace trailsql {

/// All objects of a folder, named by its URL, whose keys are `first` or greater, and less than
/// `end`.
struct ListedPiece {
  std::string folder;
  std::string first;
  std::string end;
  std::vector<S3Object> objects;  // in the order of their keys
};

/// Remembers listings. Safe from any thread.
class ListingCache {
 public:
  virtual ~ListingCache() = default;
  /// Returns what is known of a folder, in the order of keys; no key is in two.
  virtual std::vector<ListedPiece> find(const std::string& folder) = 0;
  /// Adds pieces in the place of all that is known of their keys. Throws USER_CANCELED.
  virtual void add(const std::vector<ListedPiece>& pieces, const Cancellation& cancellation) = 0;
  /// Forgets what is known of keys in the ranges of `pieces`, whose objects do not count.
  virtual void forget(const std::vector<ListedPiece>& pieces, const Cancellation& cancellation) = 0;
  /// Returns the first day, since 1970-01-01, that may still get files: earlier ones are closed.
  virtual int32_t first_open_day() const = 0;
};

/// Returns what of a piece lies neither in the range of `taken` nor behind it, and what lies behind
/// it; pieces that hold no key are left out.
std::vector<ListedPiece> pieces_outside(const ListedPiece& piece, const ListedPiece& taken);

/// Returns objects as bytes to keep, compressed; and makes objects of them again: none when they
/// are damaged. Whether they lie in an archive is not kept.
std::string encode_objects(const std::vector<S3Object>& objects);
std::vector<S3Object> decode_objects(std::string_view bytes, bool& is_damaged);

}  // namespace trailsql
