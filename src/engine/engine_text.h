// Text as it stands in the engine's SQL.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Quotes a text: 'it''s'.
std::string engine_text(std::string_view text);

/// Returns the path as a pattern that no other path matches: what the engine's functions over files
/// take for one is written so that it means itself.
std::string path_pattern(std::string_view path);

/// Quotes a name: "a ""b""".
std::string engine_name(std::string_view name);

}  // namespace trailsql
