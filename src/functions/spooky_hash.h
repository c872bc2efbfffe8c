// SpookyHash V2, Bob Jenkins's hash in the public domain: what spooky_hash_v2_32 and _64 compute.
#pragma once

#include <cstdint>
#include <string_view>

namespace trailsql {

/// Returns the first 64 bits of the hash with both seeds 0.
uint64_t spooky_hash(std::string_view bytes);

}  // namespace trailsql
