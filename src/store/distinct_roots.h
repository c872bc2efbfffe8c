// Several locations of one table: what lies in two of them is read once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trailsql {

/// Returns the positions of the paths that lie in none of the others, in their order; of equal ones
/// the first. Links on the way to them are resolved.
std::vector<size_t> distinct_roots(const std::vector<std::string>& paths);

}  // namespace trailsql
