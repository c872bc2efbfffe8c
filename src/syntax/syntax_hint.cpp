#include "syntax/syntax_hint.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "syntax/keywords.h"
#include "syntax/token_stream.h"

namespace trailsql {
namespace {

class HintFinder {
 public:
  HintFinder(std::string_view text, std::span<const Token> tokens, size_t position,
             std::span<const std::string> expectations)
      : text_(text), tokens_(tokens), position_(position), expectations_(expectations) {}

  std::string find() const {
    using Rule = std::string (HintFinder::*)() const;
    static constexpr Rule kRules[] = {&HintFinder::blank_lookalike,   &HintFinder::unfinished,
                                      &HintFinder::name_in_backticks, &HintFinder::foreign_quotes,
                                      &HintFinder::foreign_operators, &HintFinder::foreign_words,
                                      &HintFinder::interval,          &HintFinder::limit,
                                      &HintFinder::order_of_clauses,  &HintFinder::misspelt,
                                      &HintFinder::quote_in_text,     &HintFinder::hyphenated,
                                      &HintFinder::statement_word,    &HintFinder::missing_word,
                                      &HintFinder::brackets,          &HintFinder::commas};
    for (const Rule rule : kRules) {
      if (std::string hint = (this->*rule)(); !hint.empty()) return hint;
    }
    return {};
  }

 private:
  const Token& at() const { return tokens_[position_]; }
  const Token& before(size_t count = 1) const {
    static const Token none{};
    return position_ >= count ? tokens_[position_ - count] : none;
  }
  const Token& after(size_t count = 1) const {
    return tokens_[std::min(position_ + count, tokens_.size() - 1)];
  }
  bool expects(std::string_view label) const {
    return std::find(expectations_.begin(), expectations_.end(), label) != expectations_.end();
  }
  static bool is_name(const Token& token) {
    return (token.kind == TokenKind::kWord && !is_reserved_word(token.text)) ||
           token.kind == TokenKind::kQuotedWord;
  }
  static bool touches(const Token& left, const Token& right) {
    return left.text.data() + left.text.size() == right.text.data();
  }

  // Pasted from a web page or a word processor.
  std::string blank_lookalike() const {
    static constexpr std::string_view kBlanks[] = {"\u00A0", "\u2002", "\u2003", "\u2009",
                                                   "\u200B", "\u202F", "\u3000", "\uFEFF"};
    if (at().kind != TokenKind::kUnrecognized ||
        std::ranges::find(kBlanks, at().text) == std::end(kBlanks))
      return {};
    return "the character here only looks like a blank: write a blank";
  }

  std::string unfinished() const {
    if (at().kind == TokenKind::kUnrecognized &&
        (at().text == "'" || at().text == "\"" || at().text == "`")) {
      return fmt::format("the closing {} is missing", at().text);
    }
    if (at().text == "/") {
      const auto offset = static_cast<size_t>(at().text.data() - text_.data());
      if (text_.substr(offset).starts_with("/*")) return "the comment that begins here has no */";
    }
    return {};
  }

  // Names in Hive's DDL.
  std::string name_in_backticks() const {
    if (matches(at(), "TABLE") && matches_any(before(), {"DESCRIBE", "DESC"}))
      return "write DESCRIBE and the table's name";
    if (expects("<name in backticks>"))
      return fmt::format("{0} is a reserved word: as a name it stands in backticks, `{0}`",
                         at().text);
    if (expects("<identifier>") && at().kind == TokenKind::kString && at().text.starts_with('"'))
      return fmt::format("in DDL a name stands in backticks, `{}`",
                         at().text.substr(1, at().text.size() - 2));
    return {};
  }

  std::string foreign_quotes() const {
    for (std::string_view quote : {"\u2018", "\u2019", "\u201C", "\u201D"}) {
      if (at().text.starts_with(quote))
        return "these are typographic quotes: text stands in straight ones, 'text'";
    }
    return {};
  }

  std::string foreign_operators() const {
    const std::string_view text = at().text;
    if (text == "=" && matches(before(), "=")) return "equality is one =";
    if (text == "!") return "write NOT, or <> for not equal";
    if (text == ":" && matches(after(), ":")) return "write CAST(value AS type)";
    if (text == "~") return "write regexp_like(text, 'pattern')";
    if (text == "&") return "write AND, or bitwise_and(a, b) for numbers";
    if (text == "|") return "write ||, OR, or bitwise_or(a, b) for numbers";
    if (text == "^") return "write power(a, b), or bitwise_xor(a, b)";
    if (text == ";") return "the statement ends at this ;";
    return {};
  }

  // Words of other dialects, at the error or as what was read as a name before it.
  std::string foreign_words() const {
    static constexpr auto kWords = std::to_array<std::pair<std::string_view, std::string_view>>({
        {"ILIKE", "write lower(text) LIKE 'pattern in lower case'"},
        {"RLIKE", "write regexp_like(text, 'pattern')"},
        {"REGEXP", "write regexp_like(text, 'pattern')"},
        {"SIMILAR", "write regexp_like(text, 'pattern')"},
        {"ISNULL", "write IS NULL"},
        {"NOTNULL", "write IS NOT NULL"},
        {"MINUS", "write EXCEPT"},
        {"QUALIFY", "filter windows in a query around this one"},
        {"DIV", "/ of two integers is an integer"},
    });
    for (const auto& [word, hint] : kWords) {
      if (matches(at(), word) || matches(before(), word)) return std::string(hint);
    }
    if (matches(at(), "ON") && matches(before(), "DISTINCT"))
      return "there is no DISTINCT ON: take max_by(value, time) with GROUP BY";
    if (matches(before(), "TOP") && at().kind == TokenKind::kInteger)
      return fmt::format("write LIMIT {} at the end", at().text);
    if (at().text == "(") {
      for (std::string_view word : {"CURRENT_DATE", "CURRENT_USER", "CURRENT_SCHEMA"}) {
        if (matches(before(), word))
          return fmt::format("{} has no parentheses", to_lower_ascii(word));
      }
    }
    return {};
  }

  std::string interval() const {
    if (at().kind != TokenKind::kInteger) return {};
    if (matches(before(), "INTERVAL"))
      return fmt::format("the number stands in quotes: INTERVAL '{}' {}", at().text,
                         is_name(after()) ? to_upper_ascii(after().text) : "DAY");
    return {};
  }

  std::string limit() const {
    if (before().kind != TokenKind::kInteger || !matches(before(2), "LIMIT")) return {};
    if (at().text == "," && after().kind == TokenKind::kInteger)
      return fmt::format("write OFFSET {} LIMIT {}", before().text, after().text);
    if (matches(at(), "OFFSET"))
      return fmt::format("OFFSET stands before LIMIT: OFFSET {} LIMIT {}", after().text,
                         before().text);
    return {};
  }

  // A clause behind one that must follow it.
  std::string order_of_clauses() const {
    static constexpr auto kClauses =
        std::to_array<std::string_view>({"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"});
    const auto clause_of = [](const Token& token) {
      return std::find_if(kClauses.begin(), kClauses.end(),
                          [&](std::string_view word) { return matches(token, word); });
    };
    const auto shown = [](std::string_view word) {
      return word == "GROUP" || word == "ORDER" ? fmt::format("{} BY", word) : std::string(word);
    };
    const auto clause = clause_of(at());
    if (clause == kClauses.end()) return {};
    int depth = 0;
    for (size_t i = position_; i-- > 0 && depth >= 0;) {
      if (matches(tokens_[i], ")")) ++depth;
      if (matches(tokens_[i], "(")) --depth;
      const auto other = clause_of(tokens_[i]);
      if (depth != 0 || other == kClauses.end()) continue;
      if (other > clause) return fmt::format("{} stands before {}", shown(*clause), shown(*other));
      return {};
    }
    return {};
  }

  std::string misspelt() const {
    std::vector<std::string> words;
    for (const std::string& label : expectations_) {
      if (label.starts_with('\'')) words.push_back(label.substr(1, label.size() - 2));
      if (label == "<query>") words.insert(words.end(), {"SELECT", "VALUES", "WITH"});
    }
    // A misspelt keyword may have passed as an alias; then the error is at what follows.
    for (const Token* token : {&at(), &before()}) {
      if (token->kind != TokenKind::kWord || is_reserved_word(token->text)) continue;
      const std::string_view near = nearest_name(token->text, words);
      if (!near.empty() && !matches(*token, near)) return fmt::format("did you mean {}?", near);
    }
    return {};
  }

  std::string quote_in_text() const {
    if (before().kind == TokenKind::kString && at().kind == TokenKind::kWord &&
        touches(before(), at())) {
      return "a quote inside text is written twice, as in 'it''s'";
    }
    return {};
  }

  // my-table in FROM.
  std::string hyphenated() const {
    if (at().text != "-" || !is_name(before()) || !touches(before(), at())) return {};
    size_t last = position_;
    while (last + 1 < tokens_.size() && tokens_[last + 1].kind != TokenKind::kEnd &&
           touches(tokens_[last], tokens_[last + 1]) && tokens_[last + 1].text != "." &&
           tokens_[last + 1].text != ";" && tokens_[last + 1].text != ")") {
      ++last;
    }
    const char* begin = before().text.data();
    const std::string_view name(
        begin, static_cast<size_t>(tokens_[last].text.data() + tokens_[last].text.size() - begin));
    const bool is_ddl =
        matches_any(tokens_[0], {"CREATE", "ALTER", "DROP", "SHOW", "DESCRIBE", "DESC", "MSCK"}) &&
        !expects("'AS'");
    const std::string_view quote = is_ddl ? "`" : "\"";
    return fmt::format("a name with signs stands in {0}: {1}{2}{1}",
                       is_ddl ? "backticks" : "double quotes", quote, name);
  }

  // CREATE DATABAS, CREATE EXTERNL TABLE.
  std::string statement_word() const {
    static const std::vector<std::string> kWords = {"DATABASE", "SCHEMA", "TABLE", "EXTERNAL",
                                                    "VIEW"};
    if (position_ > 2 || tokens_.size() < 2 || tokens_[1].kind != TokenKind::kWord ||
        !matches_any(tokens_[0], {"CREATE", "DROP", "ALTER"}))
      return {};
    const std::string word = to_upper_ascii(tokens_[1].text);
    if (std::ranges::find(kWords, word) != kWords.end()) return {};
    return did_you_mean(word, kWords);
  }

  std::string missing_word() const {
    const bool is_comparison =
        at().kind == TokenKind::kSymbol &&
        (at().text == "=" || at().text == "<" || at().text == ">" || at().text == "<>" ||
         at().text == "!=" || at().text == ">=" || at().text == "<=");
    const bool is_predicate = is_comparison || matches(at(), "LIKE") || matches(at(), "IN") ||
                              matches(at(), "BETWEEN") || matches(at(), "IS");
    if (is_predicate && expects("'WHERE'") && is_name(before()))
      return fmt::format("is WHERE missing before {}?", before().text);
    if (!is_name(at())) return {};
    if (expects("'FROM'") && before().text == "*")
      return fmt::format("is FROM missing before {}?", at().text);
    if (expects("'AND'") && !expects("','"))
      return fmt::format("is AND or OR missing before {}?", at().text);
    return {};
  }

  std::string brackets() const {
    std::vector<const Token*> open;
    for (size_t i = 0; i < position_; ++i) {
      if (tokens_[i].kind != TokenKind::kSymbol) continue;
      if (tokens_[i].text == "(" || tokens_[i].text == "[") open.push_back(&tokens_[i]);
      if ((tokens_[i].text == ")" || tokens_[i].text == "]") && !open.empty()) open.pop_back();
    }
    if (matches(at(), ")") && open.empty()) return "this ) closes nothing";
    if (at().kind == TokenKind::kEnd && !open.empty() && (expects("')'") || expects("']'"))) {
      const Location place = open.back()->location;
      return fmt::format("the {} of line {}:{} is not closed", open.back()->text, place.line,
                         place.column);
    }
    return {};
  }

  std::string commas() const {
    if (before().text == "," &&
        (is_reserved_word(at().text) || at().text == ")" || at().kind == TokenKind::kEnd)) {
      return "there is a comma too many before this";
    }
    if (is_name(at()) && expects("','") && (is_name(before()) || before().text == ")"))
      return fmt::format("is a comma missing before {}?", at().text);
    return {};
  }

  std::string_view text_;
  std::span<const Token> tokens_;
  size_t position_;
  std::span<const std::string> expectations_;
};

}  // namespace

std::string syntax_hint(std::string_view text, std::span<const Token> tokens, size_t position,
                        std::span<const std::string> expectations) {
  return HintFinder(text, tokens, position, expectations).find();
}

}  // namespace trailsql
