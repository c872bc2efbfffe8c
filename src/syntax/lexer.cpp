#include "syntax/lexer.h"

#include <array>

#include "base/text.h"

namespace trailsql {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_continuation_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool is_digit_of(char c, int base) {
  if (base == 16) return is_hex_digit(c);
  return c >= '0' && c < '0' + base;
}

constexpr std::array<std::string_view, 7> kLongSymbols = {"<>", "<=", ">=", "!=", "||", "=>", "->"};
constexpr std::string_view kShortSymbols = "()[]{},.;:?+-*/%<>=|^$";

}  // namespace

void Lexer::advance(size_t length) {
  for (size_t i = 0; i < length; ++i) {
    const char c = text_[position_++];
    if (c == '\n') {
      ++location_.line;
      location_.column = 1;
    } else if (!is_continuation_byte(c)) {
      ++location_.column;
    }
  }
}

Token Lexer::take(TokenKind kind, size_t length) {
  Token token{kind, text_.substr(position_, length), location_};
  advance(length);
  return token;
}

void Lexer::skip_blanks_and_comments() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (is_blank(c)) {
      advance(1);
    } else if (c == '-' && at(position_ + 1) == '-') {
      const size_t end = text_.find('\n', position_);
      advance((end == std::string_view::npos ? text_.size() : end + 1) - position_);
    } else if (c == '/' && at(position_ + 1) == '*') {
      if (has_unclosed_comment_) return;
      const size_t end = text_.find("*/", position_ + 2);
      if (end == std::string_view::npos) {
        has_unclosed_comment_ = true;
        saw_unterminated_ = true;
        return;
      }
      advance(end + 2 - position_);
    } else {
      return;
    }
  }
}

/// Returns the length of the quoted text at the current position, or 0 if its end is missing.
size_t Lexer::quoted_length(char quote) {
  const bool escapes = dialect_ == Dialect::kHive && quote != '`';
  // Behind a quote without an end all others are escaped; read from one of them, the rest is the
  // same.
  if (escapes && unclosed_hive_quotes_.find(quote) != std::string::npos) return 0;
  size_t i = position_ + 1;
  size_t shorter = 0;  // the length if the text ends before a quote closes the rest
  while (i < text_.size()) {
    if (escapes && text_[i] == '\\') {
      i += 2;
    } else if (text_[i] != quote) {
      ++i;
    } else if (at(i + 1) == quote && !escapes) {
      shorter = i + 1 - position_;
      i += 2;
    } else {
      return i + 1 - position_;
    }
  }
  if (escapes) unclosed_hive_quotes_ += quote;
  return shorter;
}

size_t Lexer::word_length(size_t from) const {
  size_t i = from;
  while (i < text_.size() && (is_letter(text_[i]) || is_digit(text_[i]))) ++i;
  return i - position_;
}

/// Returns the end of digits that may be parted by single underscores; `from` if there is none.
size_t Lexer::digits_end(size_t from, int base) const {
  if (!is_digit_of(at(from), base)) return from;
  size_t i = from + 1;
  while (i < text_.size()) {
    if (is_digit_of(text_[i], base)) {
      ++i;
    } else if (text_[i] == '_' && i + 1 < text_.size() && is_digit_of(text_[i + 1], base)) {
      i += 2;
    } else {
      break;
    }
  }
  return i;
}

/// Returns the end of the exponent at `from`, or `from` if there is none.
size_t Lexer::exponent_end(size_t from) const {
  if (at(from) != 'e' && at(from) != 'E') return from;
  size_t i = from + 1;
  if (at(i) == '+' || at(i) == '-') ++i;
  if (!is_digit(at(i))) return from;
  while (is_digit(at(i))) ++i;
  return i;
}

/// Returns the length of the longest number here, as long as no word is longer.
size_t Lexer::number_length(TokenKind& kind) const {
  const size_t start = position_;
  size_t end = digits_end(start, 10);
  kind = TokenKind::kInteger;
  if (at(start) == '0') {
    const char radix = static_cast<char>(at(start + 1) | 0x20);
    const int base = radix == 'x' ? 16 : radix == 'o' ? 8 : radix == 'b' ? 2 : 0;
    const size_t first = at(start + 2) == '_' ? start + 3 : start + 2;
    if (base != 0 && digits_end(first, base) > first) end = digits_end(first, base);
  }
  if (at(end) == '.' && (end == digits_end(start, 10))) {
    kind = TokenKind::kDecimal;
    end = digits_end(end + 1, 10);
  }
  const std::string_view mantissa = text_.substr(start, end - start);
  const bool may_be_double = mantissa.find_first_not_of("0123456789.") == std::string_view::npos;
  if (may_be_double && exponent_end(end) > end) {
    kind = TokenKind::kDouble;
    end = exponent_end(end);
  }
  const size_t word_end = start + word_length(start);
  if (word_end > end) {
    kind = TokenKind::kDigitWord;
    end = word_end;
  }
  return end - start;
}

size_t Lexer::symbol_length() const {
  if (dialect_ == Dialect::kTrino) {
    for (std::string_view symbol : kLongSymbols) {
      if (text_.substr(position_, 2) == symbol) return 2;
    }
  }
  return kShortSymbols.find(text_[position_]) == std::string_view::npos ? 0 : 1;
}

/// Reads X'…' and U&'…', if one begins here; otherwise the result is kEnd.
Token Lexer::prefixed_string() {
  if (dialect_ == Dialect::kHive) return {};
  const char c = static_cast<char>(text_[position_] | 0x20);
  size_t prefix = 0;
  if (c == 'x' && at(position_ + 1) == '\'') prefix = 1;
  if (c == 'u' && at(position_ + 1) == '&' && at(position_ + 2) == '\'') prefix = 2;
  if (prefix == 0) return {};
  const size_t start = position_;
  position_ += prefix;
  const size_t length = quoted_length('\'');
  position_ = start;
  if (length == 0) return {};
  return take(prefix == 1 ? TokenKind::kBinaryString : TokenKind::kUnicodeString, prefix + length);
}

Token Lexer::next() {
  skip_blanks_and_comments();
  if (position_ >= text_.size()) return {TokenKind::kEnd, {}, location_};
  const char c = text_[position_];
  if (c == '\'' || c == '"' || c == '`') {
    const size_t length = quoted_length(c);
    if (length == 0) {
      saw_unterminated_ = true;
      return take(TokenKind::kUnrecognized, 1);
    }
    if (c == '`') return take(TokenKind::kBackquotedWord, length);
    const bool is_string = c == '\'' || dialect_ == Dialect::kHive;
    return take(is_string ? TokenKind::kString : TokenKind::kQuotedWord, length);
  }
  if (is_letter(c)) {
    const Token prefixed = prefixed_string();
    if (prefixed.kind != TokenKind::kEnd) return prefixed;
    return take(TokenKind::kWord, word_length(position_));
  }
  if (is_digit(c) || (c == '.' && is_digit(at(position_ + 1)))) {
    TokenKind kind;
    const size_t length = number_length(kind);
    return take(kind, length);
  }
  const size_t length = symbol_length();
  if (length != 0) return take(TokenKind::kSymbol, length);
  size_t bytes = 1;
  while (position_ + bytes < text_.size() && is_continuation_byte(text_[position_ + bytes])) {
    ++bytes;
  }
  return take(TokenKind::kUnrecognized, bytes);
}

std::vector<Token> tokenize(std::string_view text, Dialect dialect, Location start) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 5 + 1);
  Lexer lexer(text, dialect, start);
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().kind != TokenKind::kEnd);
  return tokens;
}

}  // namespace trailsql
