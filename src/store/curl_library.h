// libcurl, which is loaded with all that it needs when the first bucket or URL is met: most
// statements meet none.
#pragma once

#include <ctime>
#include <optional>
#include <string>

namespace trailsql {

/// Loads libcurl and sets it up, if that was not done yet; to be called before any of its
/// functions. Throws GENERIC_INTERNAL_ERROR, now and each time, when that fails.
void load_curl();

/// Returns the second of a time as HTTP spells it; nothing when it is none.
std::optional<std::time_t> parse_http_time(const std::string& text);

}  // namespace trailsql
