// Whether text is UTF-8, at the speed of scans.
#pragma once

#include <string_view>

namespace trailsql {

/// Returns whether `text` is valid UTF-8, as is_valid_utf8 of base does, many times as fast.
bool is_clean_utf8(std::string_view text);

}  // namespace trailsql
