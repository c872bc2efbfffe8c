#include "functions/distinct_estimate.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace trailsql {

int64_t estimate_distinct(const std::vector<uint64_t>& hashes, size_t num_buckets) {
  const auto count = static_cast<int64_t>(hashes.size());
  // The sparse form grows by ten entries of four bytes, as long as it is smaller than the buckets.
  const size_t sparse_entries = (num_buckets / 8 - 1) / 10 * 10 + 1;
  if (hashes.size() <= sparse_entries) return count;
  const int shift = 64 - std::countr_zero(num_buckets);
  std::vector<bool> used(num_buckets);
  for (const uint64_t hash : hashes) used[hash >> shift] = true;
  const auto buckets = static_cast<double>(num_buckets);
  const auto empty = static_cast<double>(std::count(used.begin(), used.end(), false));
  constexpr double kLinearShare = 0.4;
  if (empty <= kLinearShare * buckets) return count;
  return static_cast<int64_t>(std::floor(buckets * std::log(buckets / empty) + 0.5));
}

}  // namespace trailsql
