#include "functions/json_path.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "functions/parse_value.h"
#include "functions/utf8.h"

namespace trailsql {
namespace {

struct PathToken {
  enum class Kind : uint8_t { kSymbol, kWord, kText, kNumber, kVariable, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  // of a text: its characters; of a variable: its name
  size_t offset = 0;
};

/// Thrown inside this file only, to leave the parser at once.
struct PathFailure {
  PathProblem problem;
};

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Steps nest in the tree, so their number is bounded, too.
constexpr size_t kMaxTokens = 3000;

class PathLexer {
 public:
  explicit PathLexer(std::string_view text) : text_(text) {}

  /// Reads all tokens; of more than the limit, one too many.
  std::vector<PathToken> read_all(size_t max_tokens) {
    std::vector<PathToken> tokens;
    do {
      tokens.push_back(read_token());
    } while (tokens.back().kind != PathToken::Kind::kEnd && tokens.size() <= max_tokens);
    return tokens;
  }

 private:
  using Kind = PathToken::Kind;

  char at(size_t place) const { return place < text_.size() ? text_[place] : '\0'; }

  PathToken make(Kind kind, size_t start) {
    return {kind, std::string(text_.substr(start, position_ - start)),
            num_code_points(text_.substr(0, start))};
  }

  PathToken read_token() {
    while (position_ < text_.size() && static_cast<unsigned char>(text_[position_]) <= ' ')
      ++position_;
    const size_t start = position_;
    if (start >= text_.size()) return make(Kind::kEnd, start);
    if (text_[start] == '"') return read_text(start);
    const bool variable = text_[start] == '$' && is_word_start(at(start + 1));
    if (variable || is_word_start(text_[start])) {
      ++position_;
      while (is_word_start(at(position_)) || is_digit(at(position_))) ++position_;
      PathToken token = make(variable ? Kind::kVariable : Kind::kWord, start);
      if (variable) token.text.erase(0, 1);
      return token;
    }
    if (is_digit(text_[start]) || (text_[start] == '.' && is_digit(at(start + 1)))) {
      read_number();
      return make(Kind::kNumber, start);
    }
    const std::string_view rest = text_.substr(start);
    for (const std::string_view symbol : {"..", "==", "<>", "!=", "<=", ">=", "&&", "||"}) {
      if (!rest.starts_with(symbol)) continue;
      position_ += symbol.size();
      return make(Kind::kSymbol, start);
    }
    ++position_;
    return make(Kind::kSymbol, start);
  }

  void read_number() {
    const auto digits = [&] {
      while (is_digit(at(position_))) ++position_;
    };
    digits();
    // "1..a" and "1.abs()" have no fraction.
    if (at(position_) == '.' && at(position_ + 1) != '.' && !is_word_start(at(position_ + 1))) {
      ++position_;
      digits();
    }
    const size_t mark = position_;
    if (at(mark) != 'e' && at(mark) != 'E') return;
    const size_t exponent = mark + (at(mark + 1) == '+' || at(mark + 1) == '-' ? 2 : 1);
    if (!is_digit(at(exponent))) return;
    position_ = exponent;
    digits();
  }

  // A quote is written twice inside.
  PathToken read_text(size_t start) {
    PathToken token{Kind::kText, "", num_code_points(text_.substr(0, start))};
    for (++position_; position_ < text_.size(); ++position_) {
      if (text_[position_] == '"') {
        ++position_;
        if (at(position_) != '"') return token;
      }
      token.text += text_[position_];
    }
    throw PathFailure{{PathProblem::Kind::kSyntax, token.offset,
                       fmt::format("no viable alternative at input '{}'", text_.substr(start))}};
  }

  std::string_view text_;
  size_t position_ = 0;
};

class PathParser {
 public:
  PathParser(std::string_view text, const std::vector<std::string>& parameters)
      : tokens_(PathLexer(text).read_all(kMaxTokens)), parameters_(parameters) {}

  JsonPath parse() {
    if (tokens_.size() > kMaxTokens) fail("JSON path is too long");
    JsonPath path;
    path.is_lax = accept_word("lax");
    if (!path.is_lax && !accept_word("strict")) {
      if (peek().kind == Kind::kSymbol || peek().kind == Kind::kVariable)
        fail(fmt::format("missing {{'lax', 'strict'}} at '{}'", peek().text));
      fail_expecting("{'lax', 'strict'}");
    }
    path.root = parse_expression();
    if (peek().kind != Kind::kEnd) {
      fail(fmt::format("extraneous input '{}' expecting <EOF>", peek().text));
    }
    return path;
  }

 private:
  using Kind = PathToken::Kind;
  using NodeKind = PathNode::Kind;

  const PathToken& peek(size_t ahead = 0) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
  }
  bool at_symbol(std::string_view symbol, size_t ahead = 0) const {
    return peek(ahead).kind == Kind::kSymbol && peek(ahead).text == symbol;
  }
  bool at_word(std::string_view word, size_t ahead = 0) const {
    return peek(ahead).kind == Kind::kWord && peek(ahead).text == word;
  }
  bool accept(std::string_view symbol) {
    if (!at_symbol(symbol)) return false;
    ++position_;
    return true;
  }
  bool accept_word(std::string_view word) {
    if (!at_word(word)) return false;
    ++position_;
    return true;
  }
  void expect(std::string_view symbol) {
    if (!accept(symbol)) fail_expecting(fmt::format("'{}'", symbol));
  }
  void expect_word(std::string_view word) {
    if (!accept_word(word)) fail_expecting(fmt::format("'{}'", word));
  }
  [[noreturn]] void fail(std::string text, PathProblem::Kind kind = PathProblem::Kind::kSyntax) {
    throw PathFailure{{kind, peek().offset, std::move(text)}};
  }
  [[noreturn]] void fail_expecting(std::string_view what) {
    fail(fmt::format("mismatched input '{}' expecting {}",
                     peek().kind == Kind::kEnd ? "<EOF>" : peek().text, what));
  }

  static PathNodePtr make(NodeKind kind, PathNodePtr left = nullptr, PathNodePtr right = nullptr,
                          std::string text = {}) {
    auto node = std::make_unique<PathNode>();
    node->kind = kind;
    node->left = std::move(left);
    node->right = std::move(right);
    node->text = std::move(text);
    return node;
  }
  static PathNodePtr make_step(NodeKind kind, PathNodePtr base, std::string text = {}) {
    auto node = std::make_unique<PathNode>();
    node->kind = kind;
    node->base = std::move(base);
    node->text = std::move(text);
    return node;
  }

  // Every rule that nests passes here, so that the depth of calls is bounded.
  class DepthGuard {
   public:
    explicit DepthGuard(PathParser& parser) : parser_(parser) {
      constexpr int kMaxDepth = 200;
      if (++parser_.depth_ > kMaxDepth) parser_.fail("JSON path is nested too deeply");
    }
    ~DepthGuard() { --parser_.depth_; }
    DepthGuard(const DepthGuard&) = delete;
    DepthGuard& operator=(const DepthGuard&) = delete;

   private:
    PathParser& parser_;
  };

  PathNodePtr parse_expression() {
    const DepthGuard guard(*this);
    PathNodePtr left = parse_product();
    while (at_symbol("+") || at_symbol("-")) {
      std::string operation = tokens_[position_++].text;
      PathNodePtr right = parse_product();
      left = make(NodeKind::kArithmetic, std::move(left), std::move(right), std::move(operation));
    }
    return left;
  }

  PathNodePtr parse_product() {
    PathNodePtr left = parse_signed();
    while (at_symbol("*") || at_symbol("/") || at_symbol("%")) {
      std::string operation = tokens_[position_++].text;
      PathNodePtr right = parse_signed();
      left = make(NodeKind::kArithmetic, std::move(left), std::move(right), std::move(operation));
    }
    return left;
  }

  PathNodePtr parse_signed() {
    const DepthGuard guard(*this);
    if (accept("-")) return make(NodeKind::kNegate, parse_signed());
    if (accept("+")) return make(NodeKind::kPlus, parse_signed());
    PathNodePtr value = parse_primary();
    for (;;) {
      PathNodePtr step = parse_step(value);
      if (!step) return value;
      value = std::move(step);
    }
  }

  PathNodePtr make_literal(JsonItem item) {
    auto node = std::make_unique<PathNode>();
    node->kind = NodeKind::kLiteral;
    node->literal = std::move(item);
    ++position_;
    return node;
  }

  PathNodePtr parse_primary() {
    const PathToken& token = peek();
    if (accept("$")) return make(NodeKind::kContext);
    if (accept("@")) return make(NodeKind::kCurrent);
    if (accept("(")) {
      PathNodePtr inner = parse_expression();
      expect(")");
      return inner;
    }
    if (token.kind == Kind::kVariable) return parse_variable();
    if (token.kind == Kind::kText) return make_literal(literal_text(token.text));
    if (token.kind == Kind::kNumber) return make_literal(literal_number(token.text));
    if (accept_word("last")) return make(NodeKind::kLast);
    if (at_word("null")) return make_literal({});
    if (at_word("true") || at_word("false")) {
      return make_literal(JsonItem::of_boolean(at_word("true")));
    }
    fail_expecting(
        "{'+', '(', '$', '@', 'false', 'last', '-', 'null', 'true', DECIMAL_VALUE, DOUBLE_VALUE, "
        "INTEGER_VALUE, STRING, NAMED_VARIABLE}");
  }

  PathNodePtr parse_variable() {
    const std::string& name = peek().text;
    const auto found = std::find(parameters_.begin(), parameters_.end(), name);
    if (found == parameters_.end()) {
      fail(fmt::format("no value passed for parameter {}", name),
           PathProblem::Kind::kUnknownParameter);
    }
    auto node = std::make_unique<PathNode>();
    node->kind = NodeKind::kVariable;
    node->parameter = static_cast<size_t>(found - parameters_.begin());
    ++position_;
    return node;
  }

  static JsonItem literal_text(const std::string& text) {
    Column column(Type::varchar(static_cast<uint32_t>(num_code_points(text))));
    column.append_string(text);
    return JsonItem::of_scalar(std::move(column));
  }
  // Numbers are written as in SQL: 1.5 is a decimal.
  JsonItem literal_number(const std::string& text) {
    if (text.find_first_of("eE") != std::string::npos)
      return JsonItem::of_double(parse_double(text).value_or(0));
    const size_t point = text.find('.');
    if (point == std::string::npos) {
      const std::optional<int64_t> value = parse_bigint(text);
      if (!value) fail(fmt::format("Invalid numeric literal: {}", text));
      return JsonItem::of_integer(*value);
    }
    Column text_column(Type::varchar());
    text_column.append_string(text);
    const auto num_digits = static_cast<int>(text.size() - 1);
    if (num_digits > Type::kMaxDecimalPrecision)
      fail(fmt::format("Invalid numeric literal: {}", text));
    const auto scale = static_cast<int>(text.size() - point - 1);
    int128_t unscaled = 0;
    for (const char c : text) {
      if (c != '.') unscaled = unscaled * 10 + (c - '0');
    }
    Column column(Type::decimal(std::max(num_digits, 1), scale));
    column.append_int128(unscaled);
    return JsonItem::of_scalar(std::move(column));
  }

  // Parses one step behind `base`, which is taken then; null where none follows.
  PathNodePtr parse_step(PathNodePtr& base) {
    if (at_symbol(".") || at_symbol("..")) return parse_member(base);
    if (accept("[")) return parse_elements(base);
    if (!accept("?")) return nullptr;
    expect("(");
    PathNodePtr predicate = parse_predicate();
    expect(")");
    auto node = std::make_unique<PathNode>();
    node->kind = NodeKind::kFilter;
    node->base = std::move(base);
    node->left = std::move(predicate);
    return node;
  }

  PathNodePtr parse_member(PathNodePtr& base) {
    const bool descendant = at_symbol("..");
    const PathToken& next = peek(1);
    if (!descendant && at_symbol("*", 1)) {
      position_ += 2;
      return make_step(NodeKind::kAllMembers, std::move(base));
    }
    ++position_;
    if (next.kind != Kind::kWord && next.kind != Kind::kText)
      fail(fmt::format("no viable alternative at input '{}{}'", descendant ? ".." : ".",
                       peek().text));
    if (!descendant && next.kind == Kind::kWord && at_symbol("(", 1)) {
      if (PathNodePtr method = parse_method(base)) return method;
    }
    std::string name = next.text;
    ++position_;
    return make_step(descendant ? NodeKind::kDescendantMember : NodeKind::kMember, std::move(base),
                     std::move(name));
  }

  // Parses "size()" and its kin; null for a word that is no method.
  PathNodePtr parse_method(PathNodePtr& base) {
    constexpr std::pair<std::string_view, NodeKind> kMethods[] = {
        {"type", NodeKind::kType},        {"size", NodeKind::kSize},
        {"double", NodeKind::kDouble},    {"ceiling", NodeKind::kCeiling},
        {"floor", NodeKind::kFloor},      {"abs", NodeKind::kAbs},
        {"keyvalue", NodeKind::kKeyValue}};
    if (at_word("datetime")) {
      fail("datetime method in JSON path is not yet supported", PathProblem::Kind::kNotSupported);
    }
    for (const auto& [name, kind] : kMethods) {
      if (!at_word(name)) continue;
      position_ += 2;
      expect(")");
      return make_step(kind, std::move(base));
    }
    return nullptr;
  }

  PathNodePtr parse_elements(PathNodePtr& base) {
    if (accept("*")) {
      expect("]");
      return make_step(NodeKind::kAllElements, std::move(base));
    }
    auto node = std::make_unique<PathNode>();
    node->kind = NodeKind::kElements;
    do {
      PathNode::Subscript subscript;
      subscript.from = parse_expression();
      if (accept_word("to")) subscript.to = parse_expression();
      node->subscripts.push_back(std::move(subscript));
    } while (accept(","));
    expect("]");
    node->base = std::move(base);
    return node;
  }

  PathNodePtr parse_predicate() {
    const DepthGuard guard(*this);
    PathNodePtr left = parse_conjunction();
    while (accept("||")) {
      PathNodePtr right = parse_conjunction();
      left = make(NodeKind::kOr, std::move(left), std::move(right));
    }
    return left;
  }

  PathNodePtr parse_conjunction() {
    PathNodePtr left = parse_simple_predicate();
    while (accept("&&")) {
      PathNodePtr right = parse_simple_predicate();
      left = make(NodeKind::kAnd, std::move(left), std::move(right));
    }
    return left;
  }

  PathNodePtr parse_simple_predicate() {
    const DepthGuard guard(*this);
    if (accept("!")) return make(NodeKind::kNot, parse_simple_predicate());
    if (at_word("exists") && at_symbol("(", 1)) {
      position_ += 2;
      PathNodePtr path = parse_expression();
      expect(")");
      return make(NodeKind::kExists, std::move(path));
    }
    if (at_symbol("(")) {
      if (PathNodePtr inner = try_parenthesized_predicate()) return inner;
    }
    return parse_comparison();
  }

  // A parenthesis may also begin the left side of a comparison; null then.
  PathNodePtr try_parenthesized_predicate() {
    const size_t start = position_;
    PathNodePtr predicate;
    try {
      expect("(");
      predicate = parse_predicate();
      expect(")");
    } catch (const PathFailure& failure) {
      if (failure.problem.kind != PathProblem::Kind::kSyntax) throw;
      predicate = nullptr;
    }
    if (!predicate) {
      position_ = start;
      return nullptr;
    }
    if (!accept_word("is")) return predicate;
    expect_word("unknown");
    return make(NodeKind::kIsUnknown, std::move(predicate));
  }

  PathNodePtr parse_comparison() {
    const size_t start = position_;
    PathNodePtr left = parse_expression();
    if (at_word("like_regex")) {
      position_ = start;
      fail("like_regex predicate in JSON path is not yet supported",
           PathProblem::Kind::kNotSupported);
    }
    if (accept_word("starts")) {
      expect_word("with");
      if (peek().kind == Kind::kVariable)
        return make(NodeKind::kStartsWith, std::move(left), parse_variable());
      if (peek().kind != Kind::kText) fail_expecting("{STRING, NAMED_VARIABLE}");
      return make(NodeKind::kStartsWith, std::move(left), make_literal(literal_text(peek().text)));
    }
    for (const std::string_view symbol : {"==", "<>", "!=", "<=", ">=", "<", ">"}) {
      if (!accept(symbol)) continue;
      PathNodePtr right = parse_expression();
      return make(NodeKind::kComparison, std::move(left), std::move(right),
                  symbol == "!=" ? "<>" : std::string(symbol));
    }
    std::string input;
    for (size_t i = start; i <= position_ && i + 1 < tokens_.size(); ++i)
      input +=
          (i > start && tokens_[i].offset > tokens_[i - 1].offset + 1 ? " " : "") + tokens_[i].text;
    fail(fmt::format("no viable alternative at input '{}'", input));
  }

  std::vector<PathToken> tokens_;
  const std::vector<std::string>& parameters_;
  size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace

std::shared_ptr<const JsonPath> parse_json_path(std::string_view text,
                                                const std::vector<std::string>& parameters,
                                                PathProblem& problem) {
  try {
    return std::make_shared<const JsonPath>(PathParser(text, parameters).parse());
  } catch (const PathFailure& failure) {
    problem = failure.problem;
    return nullptr;
  }
}

}  // namespace trailsql
