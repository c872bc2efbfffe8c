// MurmurHash3, the 128-bit form for 64-bit machines, which is in the public domain: what murmur3()
// computes, and what Trino's digests of sets are made of.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace trailsql {

/// Returns both halves of the hash with the seed 0.
std::array<uint64_t, 2> murmur3_hash(std::string_view bytes);

}  // namespace trailsql
