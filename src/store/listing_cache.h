// What was listed before, of folders of buckets where nothing changes any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/s3_answer.h"

namespace trailsql {

/// All objects of a folder whose keys are `first` or greater, and less than `end`.
struct ListedPiece {
  std::string first;
  std::string end;
  std::vector<S3Object> objects;  // in the order of their keys
};

/// Remembers listings. Safe from any thread.
class ListingCache {
 public:
  virtual ~ListingCache() = default;
  /// Returns what is known of a folder, named by its URL, in the order of keys; no key is in two.
  virtual std::vector<ListedPiece> find(const std::string& folder) = 0;
  /// Adds a piece; what it overlaps is forgotten.
  virtual void add(const std::string& folder, const ListedPiece& piece) = 0;
  /// Returns the first day, since 1970-01-01, that may still get files: earlier ones are closed.
  virtual int32_t first_open_day() const = 0;
};

/// Returns objects as bytes to keep, compressed; and makes objects of them again: none when they
/// are damaged.
std::string encode_objects(const std::vector<S3Object>& objects);
std::vector<S3Object> decode_objects(std::string_view bytes, bool& is_damaged);

}  // namespace trailsql
