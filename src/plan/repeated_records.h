// Records that were delivered twice: CloudTrail may put the same event into several files. With the
// table property trailsql.deduplicate = 'eventid', the first in the order of paths stays.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "catalog/metadata.h"
#include "functions/kernel.h"

namespace trailsql {

/// Counts what one scan left out. Safe from any thread.
class RepeatedRecords {
 public:
  explicit RepeatedRecords(std::string table_name) : table_name_(std::move(table_name)) {}

  void add_left_out();
  /// Notes an eventID whose records are not the same, byte for byte.
  void add_differing(std::string_view event_id);
  /// Returns what is to be told of it, or an empty text.
  std::string summary() const;

 private:
  static constexpr size_t kMaxIdsKept = 1'000;
  static constexpr size_t kMaxIdsTold = 3;
  std::string table_name_;
  mutable std::mutex mutex_;
  uint64_t num_left_out_ = 0;
  std::set<std::string> differing_;
};

/// Returns whether records delivered twice are left out of the table. Throws INVALID_TABLE_PROPERTY
/// for a value other than eventid and off.
bool leaves_repeats_out(const CatalogTable& table);

/// Makes the kernel (eventID varchar, number among its equals bigint, they differ boolean) →
/// boolean that keeps the first of each, and all without an eventID, and counts the others.
KernelPtr make_first_delivery_kernel(std::string sql_name,
                                     std::shared_ptr<RepeatedRecords> repeats);

}  // namespace trailsql
