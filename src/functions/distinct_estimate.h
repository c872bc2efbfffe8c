// How many distinct values a HyperLogLog tells from their hashes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trailsql {

/// Returns what Trino's HyperLogLog of `num_buckets` (a power of two) answers for these hashes,
/// which are distinct: their exact number while it is sparse, and then, while many buckets are
/// empty, what linear counting makes of those. Beyond that its estimate rests on tables of its own,
/// and the answer is the exact number.
int64_t estimate_distinct(const std::vector<uint64_t>& hashes, size_t num_buckets);

}  // namespace trailsql
