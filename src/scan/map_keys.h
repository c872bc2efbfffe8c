// Keys of maps that stand in a file more than once.
#pragma once

#include <cstdint>
#include <vector>

#include "types/column.h"

namespace trailsql {

/// Which of equal keys counts.
enum class KeptKey : uint8_t { kFirst, kLast };

/// Returns for each key whether another one, equal as a value, counts in its place: 1, or 0. NULL
/// and NaN equal nothing.
std::vector<uint8_t> repeated_keys(const Column& keys, KeptKey kept);

}  // namespace trailsql
