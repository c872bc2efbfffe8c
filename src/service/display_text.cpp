#include "service/display_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Characters that take no cell: the combining marks that names and user agents really contain.
constexpr std::array kZeroWidth{
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A},
    Range{0x064B, 0x065F}, Range{0x06D6, 0x06DC}, Range{0x0900, 0x0902}, Range{0x093C, 0x093C},
    Range{0x0941, 0x0948}, Range{0x094D, 0x094D}, Range{0x0E31, 0x0E31}, Range{0x0E34, 0x0E3A},
    Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F},
    Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xE0100, 0xE01EF}};

// Characters that take two cells: Unicode's East Asian Wide and Fullwidth blocks, and emoji.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x23E9, 0x23EC},
    Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},   Range{0x2648, 0x2653},
    Range{0x26AA, 0x26AB},   Range{0x26C4, 0x26C5},   Range{0x26D4, 0x26D4},
    Range{0x2705, 0x2705},   Range{0x270A, 0x270B},   Range{0x2728, 0x2728},
    Range{0x274C, 0x274C},   Range{0x2753, 0x2755},   Range{0x2795, 0x2797},
    Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},
    Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},
    Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},
    Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F004, 0x1F004},
    Range{0x1F18E, 0x1F18E}, Range{0x1F191, 0x1F19A}, Range{0x1F200, 0x1F320},
    Range{0x1F32D, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F7E0, 0x1F7EB},
    Range{0x1F90C, 0x1F9FF}, Range{0x1FA70, 0x1FAFF}, Range{0x20000, 0x3FFFD}};

template <size_t kSize>
bool contains(const std::array<Range, kSize>& ranges, uint32_t code_point) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), code_point,
                       [](uint32_t value, const Range& range) { return value < range.first; });
  return after != ranges.begin() && code_point <= (after - 1)->last;
}

// Decodes the code point at `position` of valid UTF-8 and moves behind it.
uint32_t next_code_point(std::string_view text, size_t& position) {
  const auto first = static_cast<uint8_t>(text[position]);
  const size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  uint32_t code_point = length == 1 ? first : first & (0xFFU >> (length + 1));
  for (size_t i = 1; i < length && position + i < text.size(); ++i) {
    code_point = (code_point << 6) | (static_cast<uint8_t>(text[position + i]) & 0x3FU);
  }
  position = std::min(position + length, text.size());
  return code_point;
}

size_t cells_of(uint32_t code_point) {
  if (code_point < 0x300) return 1;
  if (contains(kZeroWidth, code_point)) return 0;
  return contains(kWide, code_point) ? 2 : 1;
}

bool is_dangerous(uint32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
         (code_point >= 0x202A && code_point <= 0x202E) ||
         (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0x2028 ||
         code_point == 0x2029;
}

void append_escape(std::string& out, uint32_t code_point) {
  switch (code_point) {
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    default:
      if (code_point < 0x100) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", code_point);
      } else {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", code_point);
      }
  }
}

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

}  // namespace

size_t display_width(std::string_view text) {
  if (is_plain_ascii(text)) return text.size();
  size_t width = 0;
  for (size_t position = 0; position < text.size();) {
    width += cells_of(next_code_point(text, position));
  }
  return width;
}

void append_printable(std::string& out, std::string_view text) {
  if (is_plain_ascii(text)) {
    out += text;
    return;
  }
  std::string valid;
  append_valid_utf8(valid, text);
  for (size_t position = 0; position < valid.size();) {
    const size_t start = position;
    const uint32_t code_point = next_code_point(valid, position);
    if (is_dangerous(code_point)) {
      append_escape(out, code_point);
    } else {
      out.append(valid, start, position - start);
    }
  }
}

std::string cut_to_width(std::string_view text, size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  size_t used = 0;
  size_t position = 0;
  while (position < text.size()) {
    size_t next = position;
    const size_t cells = cells_of(next_code_point(text, next));
    if (used + cells > width - 1) break;
    used += cells;
    position = next;
  }
  return std::string(text.substr(0, position)) + "…";
}

std::string cut_front_to_width(std::string_view text, size_t width) {
  size_t left = display_width(text);
  if (left <= width) return std::string(text);
  if (width == 0) return {};
  size_t position = 0;
  while (left > width - 1) left -= cells_of(next_code_point(text, position));
  return "…" + std::string(text.substr(position));
}

DisplayValue display_value(const Column& column, size_t row) {
  if (column.is_null(row)) return {"NULL", true};
  std::string raw;
  append_text(raw, column, row);
  if (raw == "NULL") return {"'NULL'", false};
  DisplayValue value;
  append_printable(value.text, raw);
  return value;
}

}  // namespace trailsql
