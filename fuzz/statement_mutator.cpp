#include "statement_mutator.h"

#include <algorithm>
#include <vector>

#include "base/error.h"
#include "syntax/lexer.h"

namespace trailsql {
namespace {

constexpr std::string_view kValues[] = {"NULL",
                                        "0",
                                        "-1",
                                        "1.5",
                                        "1e0",
                                        "9223372036854775807",
                                        "DECIMAL '99999999999999999999999999999999999999'",
                                        "''",
                                        "'a'",
                                        "'%'",
                                        "true",
                                        "ARRAY[]",
                                        "ARRAY[1, NULL]",
                                        "ARRAY[ROW(1, 'a')]",
                                        "MAP()",
                                        "MAP(ARRAY['a'], ARRAY[1])",
                                        "ROW(1, NULL)",
                                        "(SELECT 1)",
                                        "current_date",
                                        "now()",
                                        "nan()",
                                        "infinity()",
                                        "DATE '2024-02-29'",
                                        "TIMESTAMP '2024-02-29 12:00:00.123456'",
                                        "TIMESTAMP '2024-02-29 12:00:00 Europe/Berlin'",
                                        "TIME '12:00:00'",
                                        "INTERVAL '1' DAY",
                                        "INTERVAL '1' MONTH",
                                        "X'00FF'",
                                        "JSON '{\"a\":[1,null]}'",
                                        "UUID '00000000-0000-0000-0000-000000000000'",
                                        "IPADDRESS '10.0.0.1'",
                                        "CAST(NULL AS row(x integer))",
                                        "CAST('a' AS char(3))",
                                        "REAL '1.5'",
                                        "TINYINT '1'"};

std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> words;
  try {
    for (const Token& token : tokenize(text, Dialect::kTrino)) {
      if (token.kind != TokenKind::kEnd) words.emplace_back(token.text);
    }
  } catch (const QueryError&) {
    words.clear();
  }
  return words;
}

class Mutation {
 public:
  Mutation(std::vector<std::string> words, std::vector<std::string> others, std::mt19937_64& random)
      : words_(std::move(words)), others_(std::move(others)), random_(random) {}

  void step() {
    if (words_.empty()) return;
    const size_t place = below(words_.size());
    switch (below(8)) {
      case 0: words_.erase(at(place)); break;
      case 1: words_.insert(at(place), std::string(words_[place])); break;
      case 2: std::swap(words_[place], words_[below(words_.size())]); break;
      case 3: words_[place] = kValues[below(std::size(kValues))]; break;
      case 4: words_[place] = any_word(); break;
      case 5: words_.insert(at(place), any_word()); break;
      case 6: replace_literal(); break;
      default: splice(place); break;
    }
  }

  std::string text() const {
    std::string text;
    for (const std::string& word : words_) text += (text.empty() ? "" : " ") + word;
    return text;
  }

 private:
  size_t below(size_t count) { return random_() % count; }
  std::vector<std::string>::iterator at(size_t place) {
    return words_.begin() + static_cast<std::ptrdiff_t>(place);
  }
  std::string any_word() {
    const std::vector<std::string>& source = others_.empty() || below(2) == 0 ? words_ : others_;
    return source[below(source.size())];
  }
  // Values in the place of values keep most statements well formed.
  void replace_literal() {
    std::vector<size_t> places;
    for (size_t i = 0; i < words_.size(); ++i) {
      const char first = words_[i].empty() ? ' ' : words_[i][0];
      if (first == '\'' || (first >= '0' && first <= '9')) places.push_back(i);
    }
    if (!places.empty()) words_[places[below(places.size())]] = kValues[below(std::size(kValues))];
  }
  void splice(size_t place) {
    if (others_.empty()) return;
    const size_t begin = below(others_.size());
    const size_t end = std::min(others_.size(), begin + 1 + below(12));
    words_.insert(at(place), others_.begin() + static_cast<std::ptrdiff_t>(begin),
                  others_.begin() + static_cast<std::ptrdiff_t>(end));
  }

  std::vector<std::string> words_;
  std::vector<std::string> others_;
  std::mt19937_64& random_;
};

}  // namespace

std::string mutate_statement(std::string_view text, std::string_view other,
                             std::mt19937_64& random) {
  Mutation mutation(tokens_of(text), tokens_of(other), random);
  for (size_t steps = 1 + random() % 3; steps > 0; --steps) mutation.step();
  return mutation.text();
}

}  // namespace trailsql
