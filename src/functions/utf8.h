// Walks over the characters (code points) of UTF-8 text. Malformed bytes count as characters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns the place after the character at `position`. Precondition: position < text.size().
inline size_t next_character(std::string_view text, size_t position) {
  ++position;
  while (position < text.size() && (static_cast<unsigned char>(text[position]) & 0xC0U) == 0x80U)
    ++position;
  return position;
}

/// Returns the byte offset of character number `count` (from 0), at most text.size().
inline size_t character_offset(std::string_view text, size_t count) {
  size_t position = 0;
  while (count > 0 && position < text.size()) {
    position = next_character(text, position);
    --count;
  }
  return position;
}

/// Decodes the character at `position` and moves past it; malformed bytes give U+FFFD.
char32_t decode_character(std::string_view text, size_t& position);
/// Returns all characters of a text.
std::u32string code_points(std::string_view text);

}  // namespace trailsql
