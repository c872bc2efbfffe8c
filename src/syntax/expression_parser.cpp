// Logical operators, predicates and value operators.
#include "syntax/sql_parser.h"
#include "syntax/tree_height.h"

namespace trailsql {
namespace {

/// Binary value operators with how strongly they bind; `||` binds least, as in Trino.
struct ValueOperator {
  std::string_view symbol;
  int precedence;
  std::optional<ArithmeticOperator> op;  // absent: concatenation
};
constexpr int kConcatenationPrecedence = 1;
constexpr int kAdditionPrecedence = 2;
constexpr int kMultiplicationPrecedence = 3;
constexpr ValueOperator kValueOperators[] = {
    {"||", kConcatenationPrecedence, std::nullopt},
    {"+", kAdditionPrecedence, ArithmeticOperator::kAdd},
    {"-", kAdditionPrecedence, ArithmeticOperator::kSubtract},
    {"*", kMultiplicationPrecedence, ArithmeticOperator::kMultiply},
    {"/", kMultiplicationPrecedence, ArithmeticOperator::kDivide},
    {"%", kMultiplicationPrecedence, ArithmeticOperator::kModulus},
};

}  // namespace

SqlParser::DepthGuard::DepthGuard(SqlParser& parser) : parser_(parser) {
  check_height(parser_.depth_ + 1);
  ++parser_.depth_;
}

ExpressionPtr SqlParser::make(Location location, Expression::Node node) {
  const uint32_t height = height_of(node);
  return std::make_unique<const Expression>(
      Expression{next_node_id_++, location, std::move(node), height});
}

ExpressionPtr SqlParser::parse_expression() {
  const DepthGuard guard(*this);
  const TokenStream::NamedRule rule(tokens_, "<expression>");
  return parse_logical(false);
}

std::vector<ExpressionPtr> SqlParser::parse_expression_list() {
  std::vector<ExpressionPtr> list;
  do {
    list.push_back(parse_expression());
  } while (tokens_.accept(","));
  return list;
}

/// Parses terms joined by AND, or terms of those joined by OR. Chains become one node.
ExpressionPtr SqlParser::parse_logical(bool is_and) {
  const Location location = tokens_.location();
  const auto parse_term = [&] { return is_and ? parse_not() : parse_logical(true); };
  ExpressionPtr first = parse_term();
  const std::string_view word = is_and ? "AND" : "OR";
  if (!tokens_.check(word)) return first;
  Logical logical{is_and, {}};
  logical.terms.push_back(std::move(first));
  while (tokens_.accept(word)) {
    const TokenStream::NamedRule rule(tokens_, "<expression>");
    logical.terms.push_back(parse_term());
  }
  return make(location, std::move(logical));
}

ExpressionPtr SqlParser::parse_not() {
  const Location location = tokens_.location();
  if (!tokens_.accept("NOT")) return parse_predicate();
  const DepthGuard guard(*this);
  const TokenStream::NamedRule rule(tokens_, "<expression>");
  return make(location, Not{parse_not()});
}

ExpressionPtr SqlParser::parse_predicate() { return parse_predicate_rest(parse_value()); }

std::optional<ComparisonOperator> SqlParser::comparison_operator() {
  if (tokens_.accept("=")) return ComparisonOperator::kEqual;
  if (tokens_.accept("<>") || tokens_.accept("!=")) return ComparisonOperator::kNotEqual;
  if (tokens_.accept("<")) return ComparisonOperator::kLess;
  if (tokens_.accept("<=")) return ComparisonOperator::kLessOrEqual;
  if (tokens_.accept(">")) return ComparisonOperator::kGreater;
  if (tokens_.accept(">=")) return ComparisonOperator::kGreaterOrEqual;
  return std::nullopt;
}

/// Parses the one predicate that may follow a value. Trino places it at its first word, be it NOT.
ExpressionPtr SqlParser::parse_predicate_rest(ExpressionPtr operand) {
  const TokenStream::NamedRule rule(tokens_, "<predicate>");
  const Location location = tokens_.location();
  if (const auto op = comparison_operator()) {
    return parse_comparison(std::move(operand), *op, location);
  }
  if (tokens_.check("IS")) return parse_is(std::move(operand));
  const bool negated = tokens_.accept("NOT");
  if (tokens_.accept("BETWEEN")) {
    ExpressionPtr low = parse_value();
    tokens_.expect("AND");
    ExpressionPtr high = parse_value();
    return make(location, Between{negated, std::move(operand), std::move(low), std::move(high)});
  }
  if (tokens_.check("IN") && !negated && nesting_ == 0)
    return parse_in_or_rewind(std::move(operand), location);
  if (tokens_.accept("IN")) return parse_in(std::move(operand), negated, location);
  if (tokens_.accept("LIKE")) return parse_like(std::move(operand), negated, location);
  if (negated) tokens_.fail();
  return operand;
}

ExpressionPtr SqlParser::parse_comparison(ExpressionPtr left, ComparisonOperator op,
                                          Location location) {
  const bool all = tokens_.check("ALL");
  const bool any = tokens_.check("ANY") || tokens_.check("SOME");
  if ((all || any) && tokens_.looking_at("(", 1) &&
      is_query_in_parentheses(tokens_.position() + 1)) {
    tokens_.take();
    QueryPtr query = parse_query_in_parentheses();
    const Quantifier quantifier = all ? Quantifier::kAll : Quantifier::kAny;
    return make(location, QuantifiedComparison{op, quantifier, std::move(left), std::move(query)});
  }
  ExpressionPtr right = parse_value();
  return make(location, Comparison{op, std::move(left), std::move(right)});
}

/// Parses IN. Trino reports an error anywhere in it at the word IN, as if no predicate had been
/// allowed there: so does this.
ExpressionPtr SqlParser::parse_in_or_rewind(ExpressionPtr operand, Location location) {
  const size_t start = tokens_.position();
  tokens_.expect("IN");
  if (!tokens_.records_expectations()) return parse_in(std::move(operand), false, location);
  try {
    return parse_in(std::move(operand), false, location);
  } catch (const QueryError& error) {
    if (!std::string_view(error.what()).starts_with("mismatched input")) throw;
  }
  tokens_.rewind(start);
  return make(location, NullLiteral{});  // stands in: the parser fails at IN next
}

ExpressionPtr SqlParser::parse_in(ExpressionPtr operand, bool negated, Location location) {
  const size_t open = tokens_.position();
  const size_t close = tokens_.is_at("(", open) ? tokens_.closing_of(open) : open;
  // `IN ((SELECT 1))` is a list with a scalar subquery, as in Trino.
  const bool is_list = tokens_.is_at("(", open + 1) && tokens_.closing_of(open + 1) + 1 == close;
  if (close != open && !is_list && is_query_in_parentheses(open)) {
    QueryPtr query = parse_query_in_parentheses();
    return make(location, InSubquery{negated, std::move(operand), std::move(query)});
  }
  tokens_.expect("(");
  tokens_.record("<query>");
  std::vector<ExpressionPtr> values = parse_expression_list();
  tokens_.expect(")");
  return make(location, InList{negated, std::move(operand), std::move(values)});
}

ExpressionPtr SqlParser::parse_like(ExpressionPtr operand, bool negated, Location location) {
  ExpressionPtr pattern = parse_value();
  ExpressionPtr escape;
  if (tokens_.accept("ESCAPE")) escape = parse_value();
  return make(location, Like{negated, std::move(operand), std::move(pattern), std::move(escape)});
}

ExpressionPtr SqlParser::parse_is(ExpressionPtr operand) {
  const Location location = tokens_.location();
  tokens_.expect("IS");
  const bool negated = tokens_.accept("NOT");
  if (tokens_.accept("NULL")) return make(location, IsNull{negated, std::move(operand)});
  tokens_.expect("DISTINCT");
  tokens_.expect("FROM");
  ExpressionPtr right = parse_value();
  const auto op =
      negated ? ComparisonOperator::kIsNotDistinctFrom : ComparisonOperator::kIsDistinctFrom;
  return make(location, Comparison{op, std::move(operand), std::move(right)});
}

/// Parses values and the binary operators between them that bind at least as strongly as asked.
ExpressionPtr SqlParser::parse_value(int minimum_precedence) {
  const TokenStream::NamedRule rule(tokens_, "<expression>");
  ExpressionPtr left = parse_value_operand();
  while (true) {
    const ValueOperator* found = nullptr;
    const Location location = tokens_.location();
    for (const ValueOperator& candidate : kValueOperators) {
      if (candidate.precedence >= minimum_precedence && tokens_.accept(candidate.symbol)) {
        found = &candidate;
        break;
      }
    }
    if (found == nullptr) return left;
    ExpressionPtr right = parse_value(found->precedence + 1);
    if (found->op) {
      left = make(location, Arithmetic{*found->op, std::move(left), std::move(right)});
    } else {
      left = make(location, Concatenation{std::move(left), std::move(right)});
    }
  }
}

/// Parses signs, and AT TIME ZONE, which binds more strongly.
ExpressionPtr SqlParser::parse_value_operand() {
  const Location location = tokens_.location();
  const bool minus = tokens_.check("-");
  if ((minus && !is_number(1)) || tokens_.check("+")) {
    const DepthGuard guard(*this);
    tokens_.take();
    if (minus) {
      for (std::string_view label : {"<integer>", "DECIMAL_VALUE", "DOUBLE_VALUE"})
        tokens_.record(label);
    }
    const TokenStream::NamedRule rule(tokens_, "<expression>");
    return make(location, Sign{minus, parse_value_operand()});
  }
  ExpressionPtr value = parse_primary();
  while (true) {
    const Location at = tokens_.location();
    if (!tokens_.check("AT") || !tokens_.looking_at("TIME", 1)) return value;
    tokens_.take();
    tokens_.expect("TIME");
    tokens_.expect("ZONE");
    ExpressionPtr zone = parse_zone();
    value = make(at, AtTimeZone{std::move(value), std::move(zone)});
  }
}

ExpressionPtr SqlParser::parse_zone() {
  if (tokens_.check("INTERVAL")) return parse_interval();
  const Location location = tokens_.location();
  return make(location, StringLiteral{tokens_.expect_string()});
}

/// Returns whether the parenthesis at `open` holds a query and not an expression or a relation:
/// `((SELECT 1) UNION SELECT 2)` does, `((SELECT 1) + 2)` does not.
bool SqlParser::is_query_in_parentheses(size_t open) const {
  size_t inner = open;
  while (tokens_.is_at("(", inner)) {
    if (++inner - open > kMaxTreeHeight) return false;  // too high as anything
  }
  if (inner == open) return false;
  if (!tokens_.is_any_at({"SELECT", "WITH", "VALUES", "TABLE"}, inner)) return false;
  if (tokens_.is_at("TABLE", inner) && tokens_.is_at("(", inner + 1)) return false;
  for (size_t i = inner - 1; i > open; --i) {
    const bool continues = tokens_.is_any_at(
        {")", "UNION", "INTERSECT", "EXCEPT", "ORDER", "LIMIT", "OFFSET", "FETCH"},
        tokens_.closing_of(i) + 1);
    if (!continues) return false;
  }
  return true;
}

QueryPtr SqlParser::parse_query_in_parentheses() {
  tokens_.expect("(");
  QueryPtr query = parse_query();
  tokens_.expect(")");
  return query;
}

}  // namespace trailsql
