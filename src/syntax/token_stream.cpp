#include "syntax/token_stream.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/hive_error.h"
#include "base/text.h"
#include "syntax/keywords.h"
#include "syntax/string_literal.h"
#include "syntax/syntax_hint.h"

namespace trailsql {
namespace {

std::vector<std::string> sorted_once(std::vector<std::string> labels) {
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  return labels;
}

// Hive's parser knows names in backticks without them.
std::string shown(const Token& token) {
  if (token.kind == TokenKind::kEnd) return "<EOF>";
  if (token.kind == TokenKind::kBackquotedWord) return unquoted_text(token, Dialect::kHive);
  return std::string(token.text);
}

}  // namespace

bool matches(const Token& token, std::string_view word) {
  if (token.text.size() != word.size()) return false;
  if (token.kind == TokenKind::kSymbol) return token.text == word;
  return token.kind == TokenKind::kWord && equals_ignoring_case(token.text, word);
}

bool matches_any(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return matches(token, word); });
}

TokenStream::TokenStream(std::string_view text, Dialect dialect, bool records_expectations,
                         Location start)
    : text_(text),
      dialect_(dialect),
      records_(records_expectations),
      tokens_(tokenize(text, dialect, start)) {
  match_brackets();
}

void TokenStream::match_brackets() {
  closing_.assign(tokens_.size(), tokens_.size() - 1);
  closes_.assign(tokens_.size(), false);
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens_.size(); ++i) {
    if (tokens_[i].kind != TokenKind::kSymbol) continue;
    const std::string_view text = tokens_[i].text;
    if (text == "(" || text == "[") {
      open.push_back(i);
    } else if ((text == ")" || text == "]") && !open.empty()) {
      closing_[open.back()] = i;
      closes_[i] = true;
      open.pop_back();
    }
  }
}

void TokenStream::record(std::string_view label) {
  if (!records_ || position_ < furthest_ || position_ == named_from_) return;
  if (position_ > furthest_) expectations_.clear();
  furthest_ = position_;
  expectations_.emplace_back(label);
}

void TokenStream::forget_expectations() {
  if (furthest_ == position_) expectations_.clear();
}

void TokenStream::rewind(size_t position) {
  position_ = position;
  furthest_ = position;
  expectations_.clear();
}

bool TokenStream::check(std::string_view word) {
  if (matches(peek(), word)) return true;
  if (records_) record(fmt::format("'{}'", word));
  return false;
}

bool TokenStream::accept(std::string_view word) {
  if (!check(word)) return false;
  take();
  return true;
}

bool TokenStream::accept(std::string_view first, std::string_view second) {
  if (!check(first) || !looking_at(second, 1)) return false;
  take();
  take();
  return true;
}

void TokenStream::expect(std::string_view word) {
  if (!accept(word)) fail_expecting(word);
}

void TokenStream::fail() const {
  if (dialect_ == Dialect::kHive) fail_near(position_, location());
  const size_t position = std::max(furthest_, position_);
  const Token& token = tokens_[position];
  throw QueryError(ErrorCode::kSyntaxError, token.location,
                   fmt::format("mismatched input '{}'. Expecting: {}", shown(token),
                               fmt::join(sorted_once(expectations_), ", ")),
                   hint_at(position));
}

void TokenStream::fail_behind_last() const { fail_near(position_ - 1, location()); }

void TokenStream::fail_at_last() const {
  fail_near(position_ - 1, tokens_[position_ - 1].location);
}

void TokenStream::fail_near(size_t first, Location place) const {
  const auto near = [&](size_t i) {
    return shown(tokens_[std::min(first + i, tokens_.size() - 1)]);
  };
  fail_in_hive(
      place, fmt::format("cannot recognize input near '{}' '{}' '{}'", near(0), near(1), near(2)));
}

// `what` is Hive's name for the token; Trino's errors list everything that was looked for.
void TokenStream::fail_expecting(std::string_view what) const {
  if (dialect_ == Dialect::kTrino || position_ == 0) fail();
  fail_in_hive(location(), fmt::format("mismatched input '{}' expecting {} near '{}'",
                                       shown(peek()), what, shown(tokens_[position_ - 1])));
}

void TokenStream::fail_in_hive(Location place, std::string text) const {
  const std::string hint = hint_at(position_);
  // Hive's lexer comes before its parser.
  if (peek().kind == TokenKind::kUnrecognized) {
    throw hive_parse_error(location(),
                           fmt::format("character '{}' not supported here", peek().text), hint);
  }
  if (!hive_rule_.empty()) text += fmt::format(" in {}", hive_rule_);
  throw hive_parse_error(place, text, hint);
}

std::string TokenStream::hint_at(size_t position) const {
  return syntax_hint(text_, tokens_, position, sorted_once(expectations_));
}

void TokenStream::fail_at_extra_parenthesis() {
  const Token& extra = peek(1);
  if (!records_ || !matches(extra, ")") || closes_[position_ + 1]) return;
  for (std::string_view left_out : {"','", "'('", "'->'", "'OVER'", "<string>"})
    std::erase(expectations_, left_out);
  expectations_.emplace_back("')'");
  ++position_;
  furthest_ = position_;
  fail();
}

void TokenStream::fail_with(std::string_view message, Location location, std::string hint) const {
  throw QueryError(ErrorCode::kSyntaxError, location, std::string(message), std::move(hint));
}

void TokenStream::refuse(std::string_view what, std::string hint) const {
  throw QueryError(ErrorCode::kNotSupported, location(), fmt::format("{} is not supported", what),
                   std::move(hint));
}

bool TokenStream::is_identifier(size_t ahead) const {
  const Token& token = peek(ahead);
  switch (token.kind) {
    case TokenKind::kWord: return !is_reserved_word(token.text);
    case TokenKind::kQuotedWord:
    case TokenKind::kBackquotedWord:
    case TokenKind::kDigitWord: return true;
    default: return false;
  }
}

Identifier TokenStream::expect_identifier() {
  if (!is_identifier()) {
    record("<identifier>");
    fail();
  }
  const Token& token = take();
  if (token.kind == TokenKind::kWord) return {std::string(token.text), false, token.location};
  if (token.kind == TokenKind::kBackquotedWord) {
    fail_with("backquoted identifiers are not supported; use double quotes to quote identifiers",
              token.location, fmt::format("write \"{}\"", unquoted_text(token, dialect_)));
  }
  if (token.kind == TokenKind::kDigitWord) {
    fail_with("identifiers must not start with a digit; surround the identifier with double quotes",
              token.location);
  }
  if (token.text.size() == 2) {
    fail_with("Zero-length delimited identifier not allowed", token.location);
  }
  return {unquoted_text(token, dialect_), true, token.location};
}

QualifiedName TokenStream::expect_qualified_name() {
  QualifiedName name;
  name.location = location();
  do {
    name.parts.push_back(expect_identifier());
  } while (accept("."));
  return name;
}

bool TokenStream::is_string(size_t ahead) const {
  const TokenKind kind = peek(ahead).kind;
  return kind == TokenKind::kString || kind == TokenKind::kUnicodeString;
}

const Token& TokenStream::expect_integer() {
  if (peek().kind != TokenKind::kInteger) {
    record("<integer>");
    fail_expecting("Number");
  }
  return take();
}

std::string TokenStream::expect_string() {
  if (!is_string()) {
    record("<string>");
    fail_expecting("StringLiteral");
  }
  const Token& token = take();
  if (token.kind == TokenKind::kString) {
    std::string text = unquoted_text(token, dialect_);
    // Hive takes literals that touch for one: 'it''s' is its.
    const char* end = token.text.data() + token.text.size();
    while (dialect_ == Dialect::kHive && peek().kind == TokenKind::kString &&
           peek().text.data() == end) {
      end += peek().text.size();
      text += unquoted_text(take(), dialect_);
    }
    return text;
  }
  std::string escape = "\\";
  if (accept("UESCAPE")) {
    if (peek().kind != TokenKind::kString) {
      record("<string>");
      fail();
    }
    escape = unquoted_text(take(), dialect_);
  }
  return decode_unicode_string(unquoted_text(token, dialect_), escape, token.location);
}

void TokenStream::expect_end() {
  if (looking_at(";") && peek(1).kind == TokenKind::kEnd) take();
  if (peek().kind == TokenKind::kEnd) return;
  record("<EOF>");
  if (dialect_ == Dialect::kTrino || position_ == 0) fail();
  if (peek(1).kind == TokenKind::kEnd) {
    fail_in_hive(location(),
                 fmt::format("extraneous input '{}' expecting EOF near '<EOF>'", shown(peek())));
  }
  fail_in_hive(location(), fmt::format("missing EOF at '{}' near '{}'", shown(peek()),
                                       shown(tokens_[position_ - 1])));
}

std::string_view TokenStream::text_between(size_t first, size_t end) const {
  if (end <= first) return {};
  const std::string_view last = tokens_[end - 1].text;
  const char* begin = tokens_[first].text.data();
  return {begin, static_cast<size_t>(last.data() + last.size() - begin)};
}

TokenStream::NamedRule::NamedRule(TokenStream& tokens, std::string_view label)
    : tokens_(tokens), outer_(tokens.named_from_) {
  tokens_.record(label);
  tokens_.named_from_ = tokens_.position_;
}

}  // namespace trailsql
