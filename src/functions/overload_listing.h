// Trino's own list of the overloads of a function, for messages.
#pragma once

#include <string_view>

namespace trailsql {

/// Returns Trino's overloads of a function, spelled and ordered as its messages have them; empty
/// when Trino has no function of that name. `name` in any case.
std::string_view listed_overloads(std::string_view name);

}  // namespace trailsql
