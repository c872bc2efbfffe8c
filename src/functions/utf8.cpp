#include "functions/utf8.h"

#include "base/text.h"

namespace trailsql {

char32_t decode_character(std::string_view text, size_t& position) {
  constexpr char32_t kReplacement = 0xFFFD;
  const size_t end = next_character(text, position);
  const std::string_view bytes = text.substr(position, end - position);
  position = end;
  const auto byte = [&](size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() == 1 && byte(0) < 0x80) return byte(0);
  if (!is_valid_utf8(bytes)) return kReplacement;
  switch (bytes.size()) {
    case 2: return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
    case 3: return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    case 4:
      return (byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
             (byte(3) & 0x3FU);
    default: return kReplacement;
  }
}

std::u32string code_points(std::string_view text) {
  std::u32string result;
  for (size_t i = 0; i < text.size();) result += decode_character(text, i);
  return result;
}

}  // namespace trailsql
