#include "syntax/string_literal.h"

#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

/// Returns the number that `count` digits from `from` on write; nothing unless all of them are
/// there.
std::optional<uint32_t> number_at(std::string_view text, size_t from, size_t count, int base) {
  if (from + count > text.size()) return std::nullopt;
  uint32_t value = 0;
  for (char c : text.substr(from, count)) {
    const int digit = hex_digit_value(c);
    if (digit < 0 || digit >= base) return std::nullopt;
    value = value * static_cast<uint32_t>(base) + static_cast<uint32_t>(digit);
  }
  return value;
}

/// Appends what the escape at `text[at]`, a backslash, stands for; returns how long it is. The
/// rules are those of Hive's own string literals.
size_t append_hive_escape(std::string& out, std::string_view text, size_t at) {
  if (at + 1 >= text.size()) {
    out += '\\';
    return 1;
  }
  const char c = text[at + 1];
  const auto code_unit = c == 'u' ? number_at(text, at + 2, 4, 16) : std::nullopt;
  const auto octal = c == '0' || c == '1' ? number_at(text, at + 1, 3, 8) : std::nullopt;
  if (code_unit || octal) {
    append_utf8(out, code_unit ? *code_unit : *octal);
    return code_unit ? 6 : 4;
  }
  switch (c) {
    case '0': out += '\0'; break;
    case 'b': out += '\b'; break;
    case 'n': out += '\n'; break;
    case 'r': out += '\r'; break;
    case 't': out += '\t'; break;
    case 'Z': out += '\x1A'; break;
    case '%':
    case '_':
      out += '\\';
      out += c;
      break;
    default: out += c; break;
  }
  return 2;
}

[[noreturn]] void fail(const std::string& message, Location location) {
  throw QueryError(ErrorCode::kSyntaxError, location, message);
}

/// Reads the `count` hexadecimal digits of an escape sequence.
uint32_t escape_value(std::string_view text, size_t from, size_t count, Location location) {
  if (from + count > text.size()) {
    fail(fmt::format("Incomplete escape sequence: {}", text.substr(from)), location);
  }
  uint32_t value = 0;
  for (size_t i = from; i < from + count; ++i) {
    const int digit = hex_digit_value(text[i]);
    if (digit < 0) {
      fail(fmt::format("Invalid hexadecimal digit: {}", text[i]), location);
    }
    value = value * 16 + static_cast<uint32_t>(digit);
  }
  if (value > 0x10FFFF) {
    fail(fmt::format("Invalid escaped character: {}", text.substr(from, count)), location);
  }
  if (value >= 0xD800 && value <= 0xDFFF) {
    fail(fmt::format("Invalid escaped character: {}. Escaped character is a surrogate. Use "
                     "'\\+123456' instead.",
                     text.substr(from, count)),
         location);
  }
  return value;
}

}  // namespace

std::string unquoted_text(const Token& token, Dialect dialect) {
  const size_t open = token.text.find_first_of("'\"`");
  const char quote = token.text[open];
  const std::string_view inner = token.text.substr(open + 1, token.text.size() - open - 2);
  const bool escapes = dialect == Dialect::kHive && quote != '`';
  std::string out;
  out.reserve(inner.size());
  for (size_t i = 0; i < inner.size();) {
    if (escapes && inner[i] == '\\') {
      i += append_hive_escape(out, inner, i);
    } else {
      out += inner[i];
      i += !escapes && inner[i] == quote ? 2 : 1;
    }
  }
  return out;
}

std::string decode_unicode_string(std::string_view text, std::string_view escape,
                                  Location location) {
  if (escape.empty()) fail("Empty Unicode escape character", location);
  if (escape.size() != 1) {
    fail(fmt::format("Invalid Unicode escape character: {}", escape), location);
  }
  const char mark = escape[0];
  if (hex_digit_value(mark) >= 0 || mark == '+' || mark == '\'' || mark == '"' || mark == ' ') {
    fail(fmt::format("Invalid Unicode escape character: {}", escape), location);
  }
  std::string out;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != mark) {
      out += text[i++];
    } else if (i + 1 < text.size() && text[i + 1] == mark) {
      out += mark;
      i += 2;
    } else if (i + 1 < text.size() && text[i + 1] == '+') {
      append_utf8(out, escape_value(text, i + 2, 6, location));
      i += 8;
    } else {
      append_utf8(out, escape_value(text, i + 1, 4, location));
      i += 5;
    }
  }
  return out;
}

std::string decode_binary_string(std::string_view digits, Location location) {
  std::string nibbles;
  for (char c : digits) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
    const int value = hex_digit_value(c);
    if (value < 0) fail("Binary literal can only contain hexadecimal digits", location);
    nibbles += static_cast<char>(value);
  }
  if (nibbles.size() % 2 != 0) {
    fail("Binary literal must contain an even number of digits", location);
  }
  std::string bytes;
  for (size_t i = 0; i < nibbles.size(); i += 2) {
    bytes += static_cast<char>(nibbles[i] * 16 + nibbles[i + 1]);
  }
  return bytes;
}

}  // namespace trailsql
