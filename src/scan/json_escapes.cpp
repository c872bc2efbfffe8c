// Escapes within JSON strings.
#include <cstdint>
#include <optional>

#include "base/text.h"
#include "scan/json_document.h"

namespace trailsql {
namespace {

// Reads the four characters behind "\u". As the reference reads them with Java's integer parser, a
// sign is accepted.
std::optional<uint32_t> code_unit(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  const bool has_sign = text[0] == '+' || text[0] == '-';
  uint32_t value = 0;
  for (size_t i = has_sign ? 1 : 0; i < 4; ++i) {
    const int digit = hex_digit_value(text[i]);
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  return (text[0] == '-' ? 0u - value : value) & 0xFFFF;
}

char simple_escape(char c) {
  switch (c) {
    case 't':
    case 'v': return '\t';  // \v is a tabulator in the reference: octal 11
    case 'b': return '\b';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'f': return '\f';
    case 'a': return '\a';
    default: return c;
  }
}

}  // namespace

int64_t decode_escapes(std::string_view raw, char* out) {
  const char* const start = out;
  size_t i = 0;
  while (i < raw.size()) {
    if (raw[i] != '\\') {
      *out++ = raw[i++];
      continue;
    }
    if (i + 1 >= raw.size()) return -1;
    if (raw[i + 1] != 'u') {
      *out++ = simple_escape(raw[i + 1]);
      i += 2;
      continue;
    }
    const std::optional<uint32_t> unit = code_unit(raw.substr(i + 2));
    if (!unit) return -1;
    i += 6;
    if (*unit < 0xD800 || *unit > 0xDFFF) {
      out = write_utf8(out, *unit);
      continue;
    }
    const bool pair_follows = *unit < 0xDC00 && raw.substr(i).starts_with("\\u");
    const std::optional<uint32_t> low = pair_follows ? code_unit(raw.substr(i + 2)) : std::nullopt;
    if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
      out = write_utf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00));
      i += 6;
    } else {
      *out++ = '?';
    }
  }
  return out - start;
}

}  // namespace trailsql
