// The 64-bit hash of any value that Trino's sketches and checksums start from (its operator
// XX_HASH_64). Asked from Trino 476 through checksum().
#pragma once

#include <cstdint>
#include <string_view>

#include "types/column.h"

namespace trailsql {

/// Returns whether the hash of values of `type` is known; rows and times with time zone are not.
bool is_hashable(const Type& type);

/// Returns the hash of value `row`, which must be of a hashable type and not NULL.
uint64_t hash_value(const Column& column, size_t row);

/// Returns String.hashCode of a text in Java, which is of its UTF-16 form.
uint32_t java_hash(std::string_view text);

}  // namespace trailsql
