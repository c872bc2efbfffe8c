// The parser's view of the tokens: looking ahead, accepting, and remembering what was looked for.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "syntax/lexer.h"
#include "syntax/node.h"

namespace trailsql {

/// Returns whether a token is this keyword (upper case) or symbol.
bool matches(const Token& token, std::string_view word);
/// Returns whether a token is one of these.
bool matches_any(const Token& token, std::initializer_list<std::string_view> words);

/// Reads tokens for a recursive descent parser. A first pass only parses. When that fails, a second
/// pass over the same text records what was looked for at the last token reached, for the
/// "Expecting: …" of the error text; so statements without errors pay nothing for it.
class TokenStream {
 public:
  /// The text must outlive the stream.
  TokenStream(std::string_view text, Dialect dialect, bool records_expectations,
              Location start = {1, 1});

  Dialect dialect() const { return dialect_; }
  std::string_view text() const { return text_; }
  size_t position() const { return position_; }
  const Token& peek(size_t ahead = 0) const { return token_at(position_ + ahead); }
  const Token& token_at(size_t position) const {
    return tokens_[position < tokens_.size() ? position : tokens_.size() - 1];
  }
  Location location() const { return peek().location; }
  const Token& take() { return tokens_[position_ + 1 < tokens_.size() ? position_++ : position_]; }

  /// Returns whether the token matches. Records nothing.
  bool looking_at(std::string_view word, size_t ahead = 0) const {
    return matches(peek(ahead), word);
  }
  bool is_at(std::string_view word, size_t position) const {
    return matches(token_at(position), word);
  }
  bool is_any_at(std::initializer_list<std::string_view> words, size_t position) const {
    return matches_any(token_at(position), words);
  }
  /// The same for the next token, and records it as looked for.
  bool check(std::string_view word);
  /// Takes the next token if it is `word`.
  bool accept(std::string_view word);
  /// Takes `first second` if both follow.
  bool accept(std::string_view first, std::string_view second);
  /// Takes `word` or throws SYNTAX_ERROR.
  void expect(std::string_view word);
  /// Records a name for something looked for here, such as "<identifier>".
  void record(std::string_view label);

  /// Forgets what was looked for at the next token, where Trino's messages leave it out.
  void forget_expectations();
  /// Goes back to a token, as if nothing behind it had been looked at.
  void rewind(size_t position);
  bool records_expectations() const { return records_; }

  /// Throws SYNTAX_ERROR: "mismatched input 'x'. Expecting: …" for the last token that was reached;
  /// in Hive's dialect "cannot recognize input near 'x' 'y' 'z' in …" for the next one.
  [[noreturn]] void fail() const;
  /// In Hive's dialect: fails at the next token, naming first the one before it, as Hive does where
  /// that leaves its grammar several ways to go on.
  [[noreturn]] void fail_behind_last() const;
  /// The same, placed at the token before.
  [[noreturn]] void fail_at_last() const;
  /// Throws where a `)` that closes nothing follows the next one, if it does. Trino expects there
  /// what might stand before the first one, too, but no `,`.
  void fail_at_extra_parenthesis();
  [[noreturn]] void fail_with(std::string_view message, Location location,
                              std::string hint = {}) const;
  /// Throws NOT_SUPPORTED "`what` is not supported" for the next token.
  [[noreturn]] void refuse(std::string_view what, std::string hint = {}) const;

  /// Returns whether the token is a name: a word that is not reserved, or in quotes.
  bool is_identifier(size_t ahead = 0) const;
  Identifier expect_identifier();
  QualifiedName expect_qualified_name();
  const Token& expect_integer();
  std::string expect_string();
  bool is_string(size_t ahead = 0) const;
  /// Takes one `;`, if the text ends behind it, or throws unless the text ends here.
  void expect_end();

  /// While alive, Hive's errors end with "in `name`", its grammar's name for what is being read.
  class HiveRule {
   public:
    HiveRule(TokenStream& tokens, std::string_view name)
        : tokens_(tokens), outer_(tokens.hive_rule_) {
      tokens_.hive_rule_ = name;
    }
    ~HiveRule() { tokens_.hive_rule_ = outer_; }
    HiveRule(const HiveRule&) = delete;
    HiveRule& operator=(const HiveRule&) = delete;

   private:
    TokenStream& tokens_;
    std::string_view outer_;
  };

  /// Returns the position of the bracket that closes the one at `open`, or of the end.
  size_t closing_of(size_t open) const { return closing_[open]; }

  /// Returns the text from the first token up to the end of the token before `end`.
  std::string_view text_between(size_t first, size_t end) const;

  /// While alive, what is looked for at the current token stands under one name, as Trino's
  /// messages have it: `<expression>` and not everything an expression may begin with.
  class NamedRule {
   public:
    NamedRule(TokenStream& tokens, std::string_view label);
    ~NamedRule() { tokens_.named_from_ = outer_; }
    NamedRule(const NamedRule&) = delete;
    NamedRule& operator=(const NamedRule&) = delete;

   private:
    TokenStream& tokens_;
    size_t outer_;
  };

 private:
  void match_brackets();
  std::string hint_at(size_t position) const;
  [[noreturn]] void fail_expecting(std::string_view what) const;
  [[noreturn]] void fail_in_hive(Location place, std::string text) const;
  [[noreturn]] void fail_near(size_t first, Location place) const;

  std::string_view text_;
  Dialect dialect_;
  bool records_;
  std::vector<Token> tokens_;
  std::vector<size_t> closing_;  // by position
  std::vector<bool> closes_;     // by position: it is a bracket that closes another
  size_t position_ = 0;
  size_t furthest_ = 0;
  size_t named_from_ = static_cast<size_t>(-1);
  std::string_view hive_rule_;
  std::vector<std::string> expectations_;
};

}  // namespace trailsql
