#include "scan/utf8_repair.h"

#include <simdjson.h>

#include <cstdint>

namespace trailsql {
namespace {

// The length of what one U+FFFD replaces (`valid` false) or of the valid sequence at `i`.
struct Sequence {
  size_t length;
  bool valid;
};

Sequence sequence_at(std::string_view text, size_t i) {
  const auto byte = [&](size_t offset) -> uint32_t {
    return i + offset < text.size() ? static_cast<uint8_t>(text[i + offset]) : 0u;
  };
  const auto continues = [&](size_t offset) { return (byte(offset) & 0xC0) == 0x80; };
  const uint32_t first = byte(0);
  if (first < 0x80) return {1, true};
  if (first < 0xC2 || first > 0xF4 || !continues(1)) return {1, false};
  if (first < 0xE0) return {2, true};
  const uint32_t second = byte(1);
  if (first < 0xF0) {
    if (first == 0xE0 && second < 0xA0) return {1, false};
    if (!continues(2)) return {2, false};
    const bool surrogate = first == 0xED && second > 0x9F;
    return {3, !surrogate};
  }
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return {1, false};
  if (!continues(2)) return {2, false};
  if (!continues(3)) return {3, false};
  return {4, true};
}

}  // namespace

bool is_clean_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

void repair_utf8(std::string_view text, std::string& out) {
  out.clear();
  size_t good_start = 0;
  for (size_t i = 0; i < text.size();) {
    const Sequence sequence = sequence_at(text, i);
    if (!sequence.valid) {
      out.append(text, good_start, i - good_start);
      out += "\xEF\xBF\xBD";
      good_start = i + sequence.length;
    }
    i += sequence.length;
  }
  out.append(text, good_start, text.size() - good_start);
}

}  // namespace trailsql
