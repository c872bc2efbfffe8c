#include "scan/column_text.h"

#include <fmt/core.h>

#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "scan/scan_limits.h"

namespace trailsql {
namespace {

std::string_view first_code_points(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  size_t count = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) == 0x80) continue;
    if (count++ == limit) return text.substr(0, i);
  }
  return text;
}

}  // namespace

void append_text(std::string_view text, bool borrow, Column& column) {
  const Type& type = column.type();
  if (!type.is_unbounded_varchar()) {
    text = first_code_points(text, type.length());
    while (type.is(TypeKind::kChar) && text.ends_with(' ')) text.remove_suffix(1);
  }
  if (borrow) return column.append_borrowed_string(text);
  column.append_string(text);
}

std::string decode_base64(std::string_view text, std::string& bytes) {
  std::string_view digits = text;
  // Padding may be left out, but must be right where it stands.
  size_t num_padding = 0;
  while (digits.ends_with('=') && num_padding < 2) {
    digits.remove_suffix(1);
    ++num_padding;
  }
  const bool bad_end = digits.size() % 4 == 1 || (num_padding > 0 && text.size() % 4 != 0);
  bytes.clear();
  uint32_t bits = 0;
  int num_bits = 0;
  for (const char c : digits) {
    const size_t digit = kBase64Digits.find(c);
    if (digit == std::string_view::npos)
      return fmt::format("Illegal base64 character {:x}", static_cast<uint8_t>(c));
    bits = bits << 6 | static_cast<uint32_t>(digit);
    num_bits += 6;
    if (num_bits < 8) continue;
    num_bits -= 8;
    bytes.push_back(static_cast<char>(bits >> num_bits & 0xFF));
  }
  return bad_end ? "Input byte array has incorrect ending" : "";
}

void check_num_elements(size_t num_elements) {
  if (num_elements <= kMaxValueElements) return;
  throw QueryError(ErrorCode::kNotSupported,
                   fmt::format("an array or map of more than {} elements", kMaxValueElements));
}

bool fits_integer(int64_t value, TypeKind kind) {
  const auto within = [&](auto limit) {
    return value >= std::numeric_limits<decltype(limit)>::min() &&
           value <= std::numeric_limits<decltype(limit)>::max();
  };
  switch (kind) {
    case TypeKind::kTinyint: return within(int8_t{});
    case TypeKind::kSmallint: return within(int16_t{});
    case TypeKind::kInteger: return within(int32_t{});
    default: return true;
  }
}

}  // namespace trailsql
