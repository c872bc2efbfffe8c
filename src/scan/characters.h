// Blanks as Java's String.trim sees them: everything up to the space.
#pragma once

#include <cstdint>
#include <string_view>

namespace trailsql {

/// Returns `text` without the blanks at both ends.
constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<uint8_t>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<uint8_t>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

}  // namespace trailsql
