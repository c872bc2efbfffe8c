#include "scan/utf8_check.h"

#include <simdjson.h>

#include "base/text.h"
#include "store/byte_buffer.h"

namespace trailsql {

bool is_clean_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string_view repaired_utf8(std::string_view text, std::string& memory) {
  memory.clear();
  // Mostly a few bytes are bad, each of which becomes three.
  memory.reserve(text.size() + text.size() / 8 + ByteBuffer::kPaddingBytes);
  append_valid_utf8(memory, text);
  const size_t size = memory.size();
  memory.append(ByteBuffer::kPaddingBytes, '\0');
  return std::string_view(memory).substr(0, size);
}

}  // namespace trailsql
