#include "syntax/lexer.h"

#include <array>

namespace trailsql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_continuation_byte(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

bool is_digit_of(char c, int base) {
  if (base == 16) return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  return c >= '0' && c < '0' + base;
}

/// Longest first, so that the first match is the right one.
constexpr std::array<std::string_view, 7> kLongSymbols = {"<>", "<=", ">=", "!=", "||", "=>", "->"};
constexpr std::string_view kShortSymbols = "()[]{},.;:?+-*/%<>=|^$";

void append_code_point(std::string& out, uint32_t code_point) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | (code_point >> 6U));
    out += static_cast<char>(0x80U | (code_point & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | (code_point >> 12U));
    out += static_cast<char>(0x80U | ((code_point >> 6U) & 0x3FU));
    out += static_cast<char>(0x80U | (code_point & 0x3FU));
  }
}

bool all_digits_of(std::string_view text, size_t from, size_t count, int base) {
  if (from + count > text.size()) return false;
  for (size_t i = from; i < from + count; ++i) {
    if (!is_digit_of(text[i], base)) return false;
  }
  return true;
}

uint32_t number_of(std::string_view text, int base) {
  uint32_t value = 0;
  for (char c : text) {
    const int digit = is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
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
  if (c == 'u' && all_digits_of(text, at + 2, 4, 16)) {
    append_code_point(out, number_of(text.substr(at + 2, 4), 16));
    return 6;
  }
  if (c >= '0' && c <= '1' && all_digits_of(text, at + 2, 2, 8)) {
    append_code_point(out, number_of(text.substr(at + 1, 3), 8));
    return 4;
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
  // A token never ends inside a character: what follows it counts from the next one.
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
      const size_t end = text_.find("*/", position_ + 2);
      if (end == std::string_view::npos) {
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
size_t Lexer::quoted_length(char quote) const {
  const bool escapes = dialect_ == Dialect::kHive && quote != '`';
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
  return shorter;
}

size_t Lexer::word_length(size_t from) const {
  size_t i = from;
  while (i < text_.size() && (is_letter(text_[i]) || is_digit(text_[i]))) ++i;
  return i - position_;
}

/// Returns the end of digits that may be parted by single underscores; `from` if there is none.
size_t Lexer::digits_end(size_t from, int base) const {
  if (!is_digit_of(at(from), base) || from >= text_.size()) return from;
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
  const size_t with_exponent = exponent_end(end);
  if (with_exponent > end) {
    kind = TokenKind::kDouble;
    end = with_exponent;
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

std::vector<Token> tokenize(std::string_view text, Dialect dialect) {
  std::vector<Token> tokens;
  tokens.reserve(text.size() / 5 + 1);
  Lexer lexer(text, dialect);
  do {
    tokens.push_back(lexer.next());
  } while (tokens.back().kind != TokenKind::kEnd);
  return tokens;
}

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

}  // namespace trailsql
