// Text that is not valid UTF-8, made valid as Trino's reader does.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Returns whether `text` is valid UTF-8; fast.
bool is_clean_utf8(std::string_view text);

/// Replaces what is no valid UTF-8 by U+FFFD, as Java's decoder does: once for each byte that
/// starts nothing, once for the good beginning of a sequence that breaks off, once for an encoded
/// surrogate. source: asked from Trino 476.
void repair_utf8(std::string_view text, std::string& out);

}  // namespace trailsql
