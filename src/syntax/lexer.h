// Cuts a text into tokens. One lexer serves Trino's queries and Hive's DDL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/token.h"

namespace trailsql {

/// Hive's dialect differs: "text" is a string, strings know backslash escapes, `<` and `>` always
/// stand alone (`array<array<int>>`), and words may begin with digits.
enum class Dialect : uint8_t { kTrino, kHive };

/// Reads tokens one after the other. Never fails: what no rule accepts becomes kUnrecognized, one
/// character at a time, as in Trino. The text must outlive the tokens.
class Lexer {
 public:
  Lexer(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

  /// Returns the next token, or kEnd (again and again) at the end of the text.
  Token next();

  void set_dialect(Dialect dialect) { dialect_ = dialect; }

  /// Returns whether the text ended inside a literal, a quoted name or a comment.
  bool saw_unterminated() const { return saw_unterminated_; }

 private:
  void skip_blanks_and_comments();
  size_t quoted_length(char quote) const;
  size_t word_length(size_t from) const;
  size_t number_length(TokenKind& kind) const;
  size_t digits_end(size_t from, int base) const;
  size_t exponent_end(size_t from) const;
  size_t symbol_length() const;
  Token prefixed_string();
  Token take(TokenKind kind, size_t length);
  void advance(size_t length);
  char at(size_t position) const { return position < text_.size() ? text_[position] : '\0'; }

  std::string_view text_;
  Dialect dialect_;
  size_t position_ = 0;
  Location location_{1, 1};
  bool saw_unterminated_ = false;
};

/// Returns all tokens of the text, the last one being kEnd.
std::vector<Token> tokenize(std::string_view text, Dialect dialect);

/// Returns what stands between the quotes of a string or a quoted name, with doubled quotes made
/// single and, in strings of Hive's dialect, backslash escapes resolved.
std::string unquoted_text(const Token& token, Dialect dialect);

}  // namespace trailsql
