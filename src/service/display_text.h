// Text as it stands on a terminal: its width in cells, cut to fit, and made harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "types/column.h"

namespace trailsql {

/// What colours a terminal's text from here on.
inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kDim = "\x1b[2m";
inline constexpr std::string_view kBoldRed = "\x1b[1;31m";
inline constexpr std::string_view kPlain = "\x1b[0m";

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
/// Returns the longest end of `text` that takes at most `width` cells, with `…` at its beginning
/// where something was cut. Expects printable text.
std::string cut_front_to_width(std::string_view text, size_t width);

/// A value as the formats for eyes show it.
struct DisplayValue {
  std::string text;  // printable
  bool is_null = false;
};
/// Returns the value on one line. NULL is told from the text "NULL", which stands in quotes.
DisplayValue display_value(const Column& column, size_t row);

}  // namespace trailsql
