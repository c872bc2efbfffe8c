// Tokens: what the lexer makes of a text and the parsers read.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/location.h"

namespace trailsql {

enum class TokenKind : uint8_t {
  kEnd,
  kWord,            // name or keyword without quotes
  kQuotedWord,      // "name"
  kBackquotedWord,  // `name`
  kDigitWord,       // 1st: a word that begins with a digit
  kString,          // 'text'; in Hive's dialect "text" too
  kUnicodeString,   // U&'text'
  kBinaryString,    // X'0A'
  kInteger,
  kDecimal,
  kDouble,
  kSymbol,  // operators, brackets, `?`
  kUnrecognized,
};

/// Holds one token. `text` is the token as written, quotes included; it points into the statement
/// and is empty at the end.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;
  Location location;
};

}  // namespace trailsql
