// Literals, names, constructors, CASE and CAST: what operators stand between.
#include <array>
#include <cstdlib>
#include <utility>

#include "syntax/sql_parser.h"
#include "syntax/string_literal.h"

namespace trailsql {
namespace {

constexpr std::array<std::pair<std::string_view, IntervalField>, 6> kIntervalFields = {{
    {"YEAR", IntervalField::kYear},
    {"MONTH", IntervalField::kMonth},
    {"DAY", IntervalField::kDay},
    {"HOUR", IntervalField::kHour},
    {"MINUTE", IntervalField::kMinute},
    {"SECOND", IntervalField::kSecond},
}};

}  // namespace

/// Parses a primary and what may follow it: `.field` and `[index]`, any number of them.
ExpressionPtr SqlParser::parse_primary() {
  const TokenStream::NamedRule rule(tokens_, "<expression>");
  const Location location = tokens_.location();
  const size_t start = tokens_.position();
  const Nesting nesting(*this, nesting_ + 1);
  ExpressionPtr value = parse_primary_base();
  bool is_name = std::holds_alternative<ColumnReference>(value->node);
  while (true) {
    if (is_name && nesting_ > 1) tokens_.record("'('");
    if (tokens_.looking_at(".") && tokens_.looking_at("*", 1)) return value;
    if (tokens_.accept(".")) {
      if (start == select_item_start_) tokens_.record("'*'");
      Identifier field = tokens_.expect_identifier();
      value = make(location, Dereference{std::move(value), std::move(field)});
    } else if (tokens_.accept("[")) {
      is_name = false;
      ExpressionPtr index = parse_value();
      tokens_.expect("]");
      value = make(location, Subscript{std::move(value), std::move(index)});
    } else {
      return value;
    }
  }
}

ExpressionPtr SqlParser::parse_primary_base() {
  const Location location = tokens_.location();
  switch (tokens_.peek().kind) {
    case TokenKind::kString:
    case TokenKind::kUnicodeString: return make(location, StringLiteral{tokens_.expect_string()});
    case TokenKind::kBinaryString: {
      const std::string digits = unquoted_text(tokens_.take(), tokens_.dialect());
      return make(location, BinaryLiteral{decode_binary_string(digits, location)});
    }
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
    case TokenKind::kDouble: return parse_number(false);
    case TokenKind::kSymbol:
      if (tokens_.looking_at("(")) return parse_parenthesized();
      if (tokens_.looking_at("[")) return parse_array();
      if (tokens_.looking_at("-") && is_number(1)) {
        tokens_.take();
        return parse_number(true);
      }
      if (tokens_.looking_at("?")) {
        tokens_.take();
        return make(location, Parameter{num_parameters_++});
      }
      tokens_.fail();
    case TokenKind::kWord: return parse_word_primary();
    case TokenKind::kQuotedWord:
    case TokenKind::kBackquotedWord:
    case TokenKind::kDigitWord: return parse_name_primary();
    case TokenKind::kEnd:
    case TokenKind::kUnrecognized: tokens_.fail();
  }
  tokens_.fail();
}

bool SqlParser::is_number(size_t ahead) const {
  const TokenKind kind = tokens_.peek(ahead).kind;
  return kind == TokenKind::kInteger || kind == TokenKind::kDecimal || kind == TokenKind::kDouble;
}

ExpressionPtr SqlParser::parse_number(bool negative) {
  const Token& token = tokens_.take();
  Location location = token.location;
  std::string text(token.text);
  if (negative) {
    location = tokens_.token_at(tokens_.position() - 2).location;
    text.insert(text.begin(), '-');
  }
  switch (token.kind) {
    case TokenKind::kDecimal: return make(location, DecimalLiteral{std::move(text)});
    case TokenKind::kDouble: return make(location, DoubleLiteral{std::move(text)});
    default: return make(location, IntegerLiteral{std::move(text)});
  }
}

/// Parses the expressions that begin with a word and have a form of their own; all others are
/// names.
ExpressionPtr SqlParser::parse_word_primary() {
  const bool call = tokens_.looking_at("(", 1);
  if (tokens_.looking_at("INTERVAL")) {
    const bool has_sign = tokens_.looking_at("-", 1) || tokens_.looking_at("+", 1);
    if (has_sign ? tokens_.is_string(2) : tokens_.is_string(1) && is_interval_field(2)) {
      return parse_interval();
    }
  }
  if (tokens_.looking_at("ARRAY") && tokens_.looking_at("[", 1)) {
    tokens_.take();
    return parse_array();
  }
  if (call && tokens_.looking_at("TRY_CAST") &&
      has_word_in_parentheses(tokens_.position() + 1, "AS")) {
    return parse_cast(true);
  }
  if (call && tokens_.looking_at("POSITION")) return parse_position();
  if (tokens_.is_identifier()) return parse_name_primary();
  return parse_reserved_primary();
}

ExpressionPtr SqlParser::parse_reserved_primary() {
  const Location location = tokens_.location();
  if (tokens_.accept("NULL")) return make(location, NullLiteral{});
  if (tokens_.accept("TRUE")) return make(location, BooleanLiteral{true});
  if (tokens_.accept("FALSE")) return make(location, BooleanLiteral{false});
  if (tokens_.looking_at("CASE")) return parse_case();
  if (tokens_.looking_at("CAST")) return parse_cast(false);
  if (tokens_.looking_at("EXISTS")) return parse_exists();
  if (tokens_.looking_at("EXTRACT")) return parse_extract();
  if (tokens_.looking_at("TRIM")) return parse_trim();
  if (tokens_.looking_at("NORMALIZE")) return parse_normalize();
  if (tokens_.looking_at("GROUPING")) return parse_grouping();
  if (tokens_.looking_at("LISTAGG")) return parse_listagg();
  if (tokens_.looking_at("JSON_EXISTS")) return parse_json_path_call(JsonPathCall::Kind::kExists);
  if (tokens_.looking_at("JSON_VALUE")) return parse_json_path_call(JsonPathCall::Kind::kValue);
  if (tokens_.looking_at("JSON_QUERY")) return parse_json_path_call(JsonPathCall::Kind::kQuery);
  if (tokens_.looking_at("JSON_OBJECT")) return parse_json_object();
  if (tokens_.looking_at("JSON_ARRAY")) return parse_json_array();
  if (const auto name = special_function()) return parse_special_function(*name);
  tokens_.fail();
}

std::optional<SpecialFunction::Name> SqlParser::special_function() const {
  using Name = SpecialFunction::Name;
  constexpr std::array<std::pair<std::string_view, Name>, 9> kNames = {{
      {"CURRENT_DATE", Name::kCurrentDate},
      {"CURRENT_TIME", Name::kCurrentTime},
      {"CURRENT_TIMESTAMP", Name::kCurrentTimestamp},
      {"LOCALTIME", Name::kLocalTime},
      {"LOCALTIMESTAMP", Name::kLocalTimestamp},
      {"CURRENT_USER", Name::kCurrentUser},
      {"CURRENT_CATALOG", Name::kCurrentCatalog},
      {"CURRENT_SCHEMA", Name::kCurrentSchema},
      {"CURRENT_PATH", Name::kCurrentPath},
  }};
  for (const auto& [word, name] : kNames) {
    if (tokens_.looking_at(word)) return name;
  }
  return std::nullopt;
}

ExpressionPtr SqlParser::parse_special_function(SpecialFunction::Name name) {
  using Name = SpecialFunction::Name;
  const Location location = tokens_.location();
  tokens_.take();
  SpecialFunction function{name, std::nullopt};
  const bool may_have_precision = name == Name::kCurrentTime || name == Name::kCurrentTimestamp ||
                                  name == Name::kLocalTime || name == Name::kLocalTimestamp;
  if (may_have_precision && tokens_.accept("(")) {
    const std::string text(tokens_.expect_integer().text);
    if (text.size() > 9 || text.find_first_not_of("0123456789") != std::string::npos) {
      tokens_.fail_with("Invalid precision: " + text, location);
    }
    function.precision = static_cast<uint32_t>(std::strtoul(text.c_str(), nullptr, 10));
    tokens_.expect(")");
  }
  return make(location, function);
}

/// Parses a column, a call, a lambda with one parameter, or a literal such as DATE '2020-01-01'.
ExpressionPtr SqlParser::parse_name_primary() {
  const Location location = tokens_.location();
  if (tokens_.looking_at("->", 1)) return parse_lambda();
  if (is_function_call()) return parse_function_call();
  const bool double_precision = tokens_.looking_at("DOUBLE") && tokens_.looking_at("PRECISION", 1);
  if (tokens_.is_string(double_precision ? 2 : 1)) {
    TypeName type = parse_base_type();
    if (double_precision) type.written_name = "DOUBLE";
    std::string text = tokens_.expect_string();
    return make(location, TypedLiteral{std::move(type), std::move(text)});
  }
  ExpressionPtr column = make(location, ColumnReference{tokens_.expect_identifier()});
  if (nesting_ > 1) {
    for (std::string_view label : {"'->'", "'OVER'", "<string>"}) tokens_.record(label);
  }
  return column;
}

/// Parses what begins with `(`: a lambda, a subquery, a row, or an expression in parentheses.
ExpressionPtr SqlParser::parse_parenthesized() {
  const Location location = tokens_.location();
  const size_t open = tokens_.position();
  if (is_lambda_in_parentheses(open)) return parse_lambda();
  if (is_query_in_parentheses(open)) {
    return make(location, ScalarSubquery{parse_query_in_parentheses()});
  }
  tokens_.take();
  tokens_.record("<query>");
  tokens_.record("')'");
  ExpressionPtr first = parse_expression();
  if (!tokens_.accept(",")) {
    if (tokens_.check(")")) tokens_.fail_at_extra_parenthesis();
    tokens_.expect(")");
    return first;
  }
  if (std::holds_alternative<ColumnReference>(first->node)) tokens_.record("<identifier>");
  std::vector<ExpressionPtr> rest = parse_expression_list();
  tokens_.expect(")");
  RowConstructor row;
  row.elements.push_back(std::move(first));
  for (ExpressionPtr& element : rest) row.elements.push_back(std::move(element));
  return make(location, std::move(row));
}

/// Returns whether the `(` that follows opens the parameters of a lambda: `() ->`, `(x, y) ->`.
/// Nothing but a lambda has `()`.
bool SqlParser::is_lambda_in_parentheses(size_t open) const {
  if (tokens_.is_at(")", open + 1)) return true;
  const size_t close = tokens_.closing_of(open);
  if (!tokens_.is_at("->", close + 1)) return false;
  for (size_t i = open + 1; i < close; i += 2) {
    if (!tokens_.is_identifier(i - tokens_.position())) return false;
    if (i + 1 != close && !tokens_.is_at(",", i + 1)) return false;
  }
  return !tokens_.is_at(",", close - 1);
}

ExpressionPtr SqlParser::parse_lambda() {
  const Location location = tokens_.location();
  Lambda lambda;
  if (!tokens_.accept("(")) {
    lambda.parameters.push_back(tokens_.expect_identifier());
  } else {
    if (!tokens_.check(")")) {
      do {
        lambda.parameters.push_back(tokens_.expect_identifier());
      } while (tokens_.accept(","));
    }
    tokens_.expect(")");
  }
  tokens_.expect("->");
  lambda.body = parse_expression();
  return make(location, std::move(lambda));
}

/// Parses `[a, b]`; ARRAY before it has been taken, and is optional in Trino.
ExpressionPtr SqlParser::parse_array() {
  const bool has_word = tokens_.position() > 0 && tokens_.is_at("ARRAY", tokens_.position() - 1);
  const Location location =
      has_word ? tokens_.token_at(tokens_.position() - 1).location : tokens_.location();
  tokens_.expect("[");
  ArrayConstructor array;
  if (!tokens_.check("]")) array.elements = parse_expression_list();
  tokens_.expect("]");
  return make(location, std::move(array));
}

bool SqlParser::is_interval_field(size_t ahead) const {
  for (const auto& [word, field] : kIntervalFields) {
    if (tokens_.looking_at(word, ahead)) return true;
  }
  return false;
}

IntervalField SqlParser::parse_interval_field() {
  for (const auto& [word, field] : kIntervalFields) {
    if (tokens_.accept(word)) return field;
  }
  tokens_.fail();
}

ExpressionPtr SqlParser::parse_interval() {
  const Location location = tokens_.location();
  tokens_.expect("INTERVAL");
  IntervalLiteral interval;
  interval.negative = tokens_.accept("-");
  if (!interval.negative) tokens_.accept("+");
  interval.text = tokens_.expect_string();
  interval.from = parse_interval_field();
  // TO alone may be an alias.
  if (tokens_.check("TO") && is_interval_field(1)) {
    tokens_.take();
    interval.to = parse_interval_field();
  }
  return make(location, std::move(interval));
}

ExpressionPtr SqlParser::parse_case() {
  const Location location = tokens_.location();
  tokens_.expect("CASE");
  ExpressionPtr operand;
  if (!tokens_.check("WHEN")) operand = parse_expression();
  std::vector<WhenClause> when;
  tokens_.expect("WHEN");
  do {
    ExpressionPtr condition = parse_expression();
    tokens_.expect("THEN");
    ExpressionPtr result = parse_expression();
    when.push_back({std::move(condition), std::move(result)});
  } while (tokens_.accept("WHEN"));
  ExpressionPtr otherwise;
  if (tokens_.accept("ELSE")) otherwise = parse_expression();
  tokens_.expect("END");
  if (operand == nullptr) {
    return make(location, SearchedCase{std::move(when), std::move(otherwise)});
  }
  return make(location, SimpleCase{std::move(operand), std::move(when), std::move(otherwise)});
}

ExpressionPtr SqlParser::parse_cast(bool safe) {
  const Location location = tokens_.location();
  tokens_.take();
  tokens_.expect("(");
  ExpressionPtr operand = parse_expression();
  tokens_.expect("AS");
  TypeName type = parse_type();
  tokens_.expect(")");
  return make(location, Cast{std::move(operand), std::move(type), safe});
}

ExpressionPtr SqlParser::parse_exists() {
  const Location location = tokens_.location();
  tokens_.take();
  return make(location, Exists{parse_query_in_parentheses()});
}

}  // namespace trailsql
