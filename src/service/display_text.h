// Text as it stands on a terminal: its width in cells, cut to fit, and made harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns how many terminal cells `text` takes: 2 for wide characters (CJK, emoji), 0 for
/// combining marks. Expects printable text, see `append_printable`.
size_t display_width(std::string_view text);

/// Appends `text` with everything escaped that could move the cursor, colour the terminal or turn
/// the direction of writing: control characters (`\n`, `\t`, `\x1b`) and bidirectional overrides
/// (`\u202e`). Logs hold text that attackers chose. Invalid UTF-8 becomes U+FFFD.
void append_printable(std::string& out, std::string_view text);

/// Returns the longest beginning of `text` that takes at most `width` cells with `…` at its end
/// where something was cut. Expects printable text.
std::string cut_to_width(std::string_view text, size_t width);

}  // namespace trailsql
