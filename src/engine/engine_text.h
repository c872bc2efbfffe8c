// Text as it stands in the engine's SQL.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Quotes a text: 'it''s'.
std::string engine_text(std::string_view text);

/// Quotes a name: "a ""b""".
std::string engine_name(std::string_view name);

}  // namespace trailsql
