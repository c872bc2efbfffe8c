// MurmurHash3 (x64, 128 bits), of which Trino's digests keep the first half.
#pragma once

#include <cstdint>
#include <string_view>

namespace trailsql {

/// Returns the first 64 bits of the hash with seed 0.
uint64_t murmur_hash(std::string_view bytes);

}  // namespace trailsql
