// Cuts a text into tokens. One lexer serves Trino's queries and Hive's DDL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/token.h"

namespace trailsql {

/// Hive's dialect differs: "text" is a string, strings know backslash escapes, and symbols always
/// stand alone (`array<array<int>>`).
enum class Dialect : uint8_t { kTrino, kHive };

/// Reads tokens one after the other. Never fails: what no rule accepts becomes kUnrecognized, one
/// character at a time, as in Trino. The text must outlive the tokens.
class Lexer {
 public:
  /// `start` is the place of the text's first character.
  Lexer(std::string_view text, Dialect dialect, Location start = {1, 1})
      : text_(text), dialect_(dialect), location_(start) {}

  /// Returns the next token, or kEnd (again and again) at the end of the text.
  Token next();

  void set_dialect(Dialect dialect) { dialect_ = dialect; }

  /// Returns whether the text ended inside a literal, a quoted name or a comment.
  bool saw_unterminated() const { return saw_unterminated_; }

 private:
  void skip_blanks_and_comments();
  size_t quoted_length(char quote);
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
  Location location_;
  bool saw_unterminated_ = false;
  // What was found to have no end, so that the rest of the text is searched for it once only.
  bool has_unclosed_comment_ = false;
  std::string unclosed_hive_quotes_;
};

/// Returns all tokens of the text, the last one being kEnd.
std::vector<Token> tokenize(std::string_view text, Dialect dialect, Location start = {1, 1});

}  // namespace trailsql
