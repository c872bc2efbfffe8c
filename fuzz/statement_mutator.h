// Makes new statements out of old ones, by tokens: bytes alone seldom give SQL that parses.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns `text` with a few tokens left out, doubled, exchanged, replaced by values at the edge of
/// what types hold, or by tokens of `other`. The same generator state gives the same statement.
std::string mutate_statement(std::string_view text, std::string_view other,
                             std::mt19937_64& random);

}  // namespace trailsql
