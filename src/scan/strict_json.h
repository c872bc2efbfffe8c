// JSON by RFC 8259 to the letter, as Hive's own JsonSerDe wants it.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Returns what keeps `text` from beginning with an object of strict JSON; empty if nothing does.
/// White space may stand before it, anything behind it.
std::string strict_object_problem(std::string_view text);

}  // namespace trailsql
