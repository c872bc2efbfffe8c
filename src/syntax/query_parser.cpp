// Queries: WITH, set operations, SELECT, GROUP BY, ORDER BY, OFFSET, LIMIT and FETCH.
#include "syntax/sql_parser.h"
#include "syntax/tree_height.h"

namespace trailsql {
namespace {

constexpr int kUnionPrecedence = 1;
constexpr int kIntersectPrecedence = 2;

}  // namespace

QueryPtr SqlParser::make_query(Query query) {
  query.height = height_of(query);
  query.id = next_node_id_++;
  return std::make_unique<const Query>(std::move(query));
}

QueryPtr SqlParser::parse_query() {
  const DepthGuard guard(*this);
  const TokenStream::NamedRule rule(tokens_, "<query>");
  const Nesting nesting(*this, 0);
  const Location location = tokens_.location();
  std::optional<With> with;
  if (tokens_.check("WITH")) with = parse_with();
  return parse_query_without_with(std::move(with), location);
}

/// Parses a query term and what orders and limits it.
QueryPtr SqlParser::parse_query_without_with(std::optional<With> with, Location location) {
  Query query{};
  query.body = parse_query_term(kUnionPrecedence);
  query.location = location;
  query.with = std::move(with);
  parse_ordering(query);
  return make_query(std::move(query));
}

/// Parses queries and the set operators between them that bind at least as strongly as asked.
Query::Body SqlParser::parse_query_term(int minimum_precedence) {
  const Location location = tokens_.location();
  Query::Body left = parse_query_primary();
  for (size_t num_operations = 0;; ++num_operations) {
    SetOperation operation{};
    int precedence = kUnionPrecedence;
    if (tokens_.check("INTERSECT")) {
      operation.op = SetOperator::kIntersect;
      precedence = kIntersectPrecedence;
    } else if (tokens_.check("UNION")) {
      operation.op = SetOperator::kUnion;
    } else if (tokens_.check("EXCEPT")) {
      operation.op = SetOperator::kExcept;
    } else {
      return left;
    }
    if (precedence < minimum_precedence) return left;
    operation.location = tokens_.location();
    tokens_.take();
    operation.all = tokens_.accept("ALL");
    if (!operation.all) tokens_.accept("DISTINCT");
    if (tokens_.accept("CORRESPONDING")) {
      operation.corresponding = true;
      if (tokens_.accept("BY")) operation.corresponding_columns = parse_identifier_list();
    }
    // Of a chain, every second operation counts as a level: 500 terms pass, 1000 do not.
    operation.left = make_body(location, std::move(left), num_operations % 2);
    const Location right = tokens_.location();
    operation.right = make_body(right, parse_query_term(precedence + 1), 1);
    left = std::move(operation);
  }
}

/// Makes a side of a set operation; `num_levels` is what the operation adds to its height.
QueryPtr SqlParser::make_body(Location location, Query::Body body, uint32_t num_levels) {
  Query query{};
  query.location = location;
  query.body = std::move(body);
  query.height = height_of(query) + num_levels;
  query.id = next_node_id_++;
  return std::make_unique<const Query>(std::move(query));
}

Query::Body SqlParser::parse_query_primary() {
  if (tokens_.check("SELECT")) return parse_query_specification();
  if (tokens_.accept("TABLE")) return TableBody{tokens_.expect_qualified_name()};
  if (tokens_.accept("VALUES")) return Values{parse_expression_list()};
  tokens_.expect("(");
  const DepthGuard guard(*this);
  QueryPtr inner = parse_query_without_with(std::nullopt, tokens_.location());
  tokens_.expect(")");
  return NestedQuery{std::move(inner)};
}

With SqlParser::parse_with() {
  With with;
  with.location = tokens_.location();
  tokens_.expect("WITH");
  if (tokens_.looking_at("FUNCTION") && tokens_.is_identifier(1) && tokens_.looking_at("(", 2)) {
    do {
      with.functions.push_back(parse_inline_function());
    } while (tokens_.accept(","));
    if (!tokens_.accept("WITH")) return with;
  }
  if (tokens_.position() == 1 || tokens_.is_at("EXPLAIN", 0)) {
    tokens_.record("'FUNCTION'");
    tokens_.record("'SESSION'");
  }
  with.recursive = tokens_.accept("RECURSIVE");
  do {
    with.queries.push_back(parse_named_query());
  } while (tokens_.accept(","));
  tokens_.forget_expectations();
  return with;
}

NamedQuery SqlParser::parse_named_query() {
  NamedQuery named;
  named.name = tokens_.expect_identifier();
  if (tokens_.check("(")) named.columns = parse_identifier_list();
  tokens_.expect("AS");
  named.query = parse_query_in_parentheses();
  return named;
}

std::vector<Identifier> SqlParser::parse_identifier_list() {
  std::vector<Identifier> list;
  tokens_.expect("(");
  do {
    list.push_back(tokens_.expect_identifier());
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return list;
}

void SqlParser::parse_ordering(Query& query) {
  query.order_by_location = tokens_.location();
  query.order_by = parse_order_by();
  query.offset_location = tokens_.location();
  if (tokens_.accept("OFFSET")) {
    query.offset = parse_row_count();
    if (!tokens_.accept("ROW")) tokens_.accept("ROWS");
  }
  query.limit = parse_limit();
}

std::optional<Limit> SqlParser::parse_limit() {
  Limit limit{};
  limit.location = tokens_.location();
  if (tokens_.accept("LIMIT")) {
    if (!tokens_.accept("ALL")) limit.count = parse_row_count();
    return limit;
  }
  if (!tokens_.accept("FETCH")) return std::nullopt;
  limit.fetch_first = true;
  if (!tokens_.accept("FIRST")) tokens_.expect("NEXT");
  if (!tokens_.check("ROW") && !tokens_.check("ROWS")) {
    limit.count = parse_row_count();
  } else {
    limit.count = make(limit.location, IntegerLiteral{"1"});
  }
  if (!tokens_.accept("ROW")) tokens_.expect("ROWS");
  if (tokens_.accept("ONLY")) return limit;
  tokens_.expect("WITH");
  tokens_.expect("TIES");
  limit.with_ties = true;
  return limit;
}

ExpressionPtr SqlParser::parse_row_count() {
  const Location location = tokens_.location();
  if (tokens_.peek().kind == TokenKind::kInteger) return parse_number(false);
  tokens_.record("<integer>");
  tokens_.expect("?");
  return make(location, Parameter{num_parameters_++});
}

QuerySpecification SqlParser::parse_query_specification() {
  QuerySpecification select{};
  tokens_.expect("SELECT");
  const bool all_columns = tokens_.looking_at("ALL") && tokens_.looking_at("*", 1) &&
                           (tokens_.looking_at("FROM", 2) || tokens_.looking_at(",", 2) ||
                            tokens_.peek(2).kind == TokenKind::kEnd);
  if (all_columns) tokens_.take();
  select.distinct = parse_call_quantifier();
  do {
    select.items.push_back(parse_select_item());
  } while (tokens_.accept(","));
  if (tokens_.accept("FROM")) select.from = parse_relation_list();
  if (tokens_.accept("WHERE")) select.where = parse_expression();
  if (tokens_.check("GROUP")) select.group_by = parse_group_by();
  if (tokens_.accept("HAVING")) select.having = parse_expression();
  if (tokens_.accept("WINDOW")) {
    do {
      NamedWindow window;
      window.name = tokens_.expect_identifier();
      tokens_.expect("AS");
      window.specification = parse_window_specification();
      select.windows.push_back(std::move(window));
    } while (tokens_.accept(","));
  }
  return select;
}

SelectItem SqlParser::parse_select_item() {
  SelectItem item;
  item.location = tokens_.location();
  if (tokens_.accept("*")) {
    item.node = SelectAll{};
    return item;
  }
  select_item_start_ = tokens_.position();
  ExpressionPtr value = parse_expression();
  if (tokens_.looking_at(".") && tokens_.looking_at("*", 1)) {
    tokens_.take();
    tokens_.take();
    SelectAll all{std::move(value), {}};
    if (tokens_.accept("AS")) all.aliases = parse_identifier_list();
    item.node = std::move(all);
    return item;
  }
  SelectExpression expression{std::move(value), std::nullopt};
  expression.alias = parse_select_alias();
  item.node = std::move(expression);
  return item;
}

std::optional<Identifier> SqlParser::parse_select_alias() {
  if (tokens_.accept("AS")) return tokens_.expect_identifier();
  tokens_.record("<identifier>");
  if (!tokens_.is_identifier() || !is_alias()) return std::nullopt;
  return tokens_.expect_identifier();
}

/// Returns whether the name that follows is an alias and not the first word of a clause: LIMIT,
/// OFFSET, FETCH, WINDOW and TABLESAMPLE are not reserved.
bool SqlParser::is_alias() const {
  const Token& next = tokens_.peek(1);
  const bool count_follows = next.kind == TokenKind::kInteger || tokens_.looking_at("?", 1);
  if (tokens_.looking_at("LIMIT")) return !count_follows && !tokens_.looking_at("ALL", 1);
  if (tokens_.looking_at("OFFSET")) return !count_follows;
  if (tokens_.looking_at("FETCH")) {
    return !tokens_.looking_at("FIRST", 1) && !tokens_.looking_at("NEXT", 1);
  }
  if (tokens_.looking_at("WINDOW")) return !tokens_.is_identifier(1);
  if (tokens_.looking_at("TABLESAMPLE")) {
    return !tokens_.looking_at("BERNOULLI", 1) && !tokens_.looking_at("SYSTEM", 1);
  }
  if (tokens_.looking_at("MATCH_RECOGNIZE")) return !tokens_.looking_at("(", 1);
  return true;
}

GroupBy SqlParser::parse_group_by() {
  GroupBy group_by;
  tokens_.expect("GROUP");
  tokens_.expect("BY");
  group_by.location = tokens_.location();
  group_by.distinct = parse_call_quantifier();
  do {
    if (tokens_.accept("AUTO")) {
      group_by.automatic = true;
      continue;
    }
    group_by.elements.push_back(parse_grouping_element());
  } while (tokens_.accept(","));
  return group_by;
}

GroupingElement SqlParser::parse_grouping_element() {
  using Kind = GroupingElement::Kind;
  GroupingElement element{Kind::kSimple, {}, tokens_.location()};
  if (tokens_.accept("ROLLUP")) {
    element.kind = Kind::kRollup;
  } else if (tokens_.accept("CUBE")) {
    element.kind = Kind::kCube;
  } else if (tokens_.looking_at("GROUPING") && tokens_.looking_at("SETS", 1)) {
    tokens_.take();
    tokens_.take();
    element.kind = Kind::kGroupingSets;
  } else {
    tokens_.record("'GROUPING'");
    element.sets.push_back(parse_grouping_set());
    return element;
  }
  tokens_.expect("(");
  const bool empty = element.kind != Kind::kGroupingSets && tokens_.check(")");
  if (!empty) {
    do {
      element.sets.push_back(parse_grouping_set());
    } while (tokens_.accept(","));
  }
  tokens_.expect(")");
  return element;
}

/// Returns whether the `(` that follows opens a grouping set; else it is part of an expression.
bool SqlParser::is_parenthesized_grouping_set() const {
  const size_t open = tokens_.position();
  if (!tokens_.is_at("(", open)) return false;
  if (is_query_in_parentheses(open)) return false;
  const size_t after = tokens_.closing_of(open) + 1;
  if (tokens_.token_at(after).kind == TokenKind::kEnd) return true;
  return tokens_.is_any_at({",", ")", ";", "HAVING", "WINDOW", "UNION", "INTERSECT", "EXCEPT",
                            "ORDER", "LIMIT", "OFFSET", "FETCH"},
                           after);
}

std::vector<ExpressionPtr> SqlParser::parse_grouping_set() {
  std::vector<ExpressionPtr> set;
  tokens_.check("(");
  if (!is_parenthesized_grouping_set()) {
    set.push_back(parse_expression());
    return set;
  }
  tokens_.take();
  if (!tokens_.check(")")) set = parse_expression_list();
  tokens_.expect(")");
  return set;
}

}  // namespace trailsql
