// Partitions that a query writes: rows in, the number of each row's partition out.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "functions/kernel.h"

namespace trailsql {

/// Numbers the partitions that rows belong to, in the order in which they are met. Safe for several
/// threads.
class PartitionNumbers {
 public:
  // AWS: CTAS and INSERT INTO may make 100 partitions at most.
  static constexpr size_t kMaxPartitions = 100;

  /// `keys` are the names of the partition columns.
  explicit PartitionNumbers(std::vector<std::string> keys) : keys_(std::move(keys)) {}

  /// Returns the number of a row's partition, whose values are row `row` of `columns`. Throws
  /// HIVE_TOO_MANY_OPEN_PARTITIONS beyond kMaxPartitions, HIVE_INVALID_PARTITION_VALUE for a text
  /// with other than printable ASCII characters.
  int64_t number_of(std::span<const Column* const> columns, size_t row);

  /// Returns the names of the partitions met so far, by number: "p=a/q=1", which is their folder.
  std::vector<std::string> names() const;
  /// Returns one of them.
  std::string name_of(int64_t number) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> keys_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, int64_t> number_of_name_;
};

/// Makes the kernel that calls `number_of` for columns of these types. The same row gets the same
/// number, however often and in whatever order the engine asks.
KernelPtr make_partition_kernel(const std::shared_ptr<PartitionNumbers>& numbers,
                                std::vector<Type> types);

}  // namespace trailsql
