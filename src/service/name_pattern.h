// Patterns of SHOW statements.
#pragma once

#include <string_view>

namespace trailsql {

/// Returns whether `name` matches a pattern of SHOW TABLES and SHOW DATABASES as AWS describes it:
/// `*` (or `.*`) stands for any characters, `|` separates alternatives; or, as a regular
/// expression, the whole name. Case is ignored.
bool matches_show_pattern(std::string_view pattern, std::string_view name);

/// Returns whether `name` matches a LIKE pattern (`%`, `_`), as SHOW FUNCTIONS has it.
bool matches_like_pattern(std::string_view pattern, std::string_view name);

}  // namespace trailsql
