// Kinds of characters, and blanks as Java's String.trim sees them: everything up to the space.
#pragma once

#include <cstdint>
#include <string_view>

namespace trailsql {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Returns `text` without the blanks at both ends.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<uint8_t>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace trailsql
