// Whether text is UTF-8, at the speed of scans, and what is read of it if not.
#pragma once

#include <string>
#include <string_view>

namespace trailsql {

/// Returns whether `text` is valid UTF-8, as is_valid_utf8 of base does, many times as fast.
bool is_clean_utf8(std::string_view text);

/// Returns the text with what is no UTF-8 replaced (append_valid_utf8), written into `memory` with
/// ByteBuffer::kPaddingBytes zero bytes behind it.
std::string_view repaired_utf8(std::string_view text, std::string& memory);

}  // namespace trailsql
