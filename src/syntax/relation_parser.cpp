// Relations: what stands after FROM.
#include "syntax/sql_parser.h"
#include "syntax/tree_height.h"

namespace trailsql {

RelationPtr SqlParser::make(Location location, Relation::Node node) {
  const uint32_t height = height_of(node);
  return std::make_unique<const Relation>(
      Relation{next_node_id_++, location, std::move(node), height});
}

/// Parses relations with commas between them, which are joins without a condition.
RelationPtr SqlParser::parse_relation_list() {
  const Location location = tokens_.location();
  RelationPtr left = parse_relation();
  while (tokens_.accept(",")) {
    Join join{};
    join.kind = JoinKind::kImplicit;
    join.left = std::move(left);
    join.right = parse_relation();
    left = make(location, std::move(join));
  }
  return left;
}

RelationPtr SqlParser::parse_relation() {
  const DepthGuard guard(*this);
  const Location location = tokens_.location();
  RelationPtr left = parse_sampled_relation();
  while (auto join = parse_join_kind()) {
    left = parse_join(std::move(left), location, std::move(*join));
  }
  return left;
}

/// Takes the words of a join up to JOIN, if a join follows.
std::optional<Join> SqlParser::parse_join_kind() {
  Join join{};
  if (tokens_.accept("CROSS")) {
    join.kind = JoinKind::kCross;
    tokens_.expect("JOIN");
    return join;
  }
  join.natural = tokens_.accept("NATURAL");
  join.kind = JoinKind::kInner;
  bool outer = true;
  if (tokens_.accept("LEFT")) {
    join.kind = JoinKind::kLeft;
  } else if (tokens_.accept("RIGHT")) {
    join.kind = JoinKind::kRight;
  } else if (tokens_.accept("FULL")) {
    join.kind = JoinKind::kFull;
  } else {
    outer = false;
    const bool inner = tokens_.accept("INNER");
    if (!inner && !join.natural && !tokens_.check("JOIN")) return std::nullopt;
  }
  if (outer) tokens_.accept("OUTER");
  tokens_.expect("JOIN");
  return join;
}

RelationPtr SqlParser::parse_join(RelationPtr left, Location location, Join join) {
  join.left = std::move(left);
  if (join.kind == JoinKind::kCross || join.natural) {
    join.right = parse_sampled_relation();
    return make(location, std::move(join));
  }
  join.right = parse_relation();
  tokens_.forget_expectations();
  if (tokens_.accept("ON")) {
    join.on = parse_expression();
  } else {
    tokens_.expect("USING");
    join.using_columns = parse_identifier_list();
  }
  return make(location, std::move(join));
}

RelationPtr SqlParser::parse_sampled_relation() {
  const Location location = tokens_.location();
  RelationPtr relation = parse_aliased_relation();
  if (!tokens_.accept("TABLESAMPLE")) return relation;
  SampledRelation sample{std::move(relation), tokens_.accept("BERNOULLI"), nullptr};
  if (!sample.bernoulli) tokens_.expect("SYSTEM");
  tokens_.expect("(");
  sample.percentage = parse_expression();
  tokens_.expect(")");
  return make(location, std::move(sample));
}

RelationPtr SqlParser::parse_aliased_relation() {
  const Location location = tokens_.location();
  RelationPtr relation = parse_relation_primary();
  if (tokens_.check("MATCH_RECOGNIZE") && tokens_.looking_at("(", 1)) {
    tokens_.refuse("MATCH_RECOGNIZE");
  }
  const bool has_as = tokens_.accept("AS");
  if (!has_as) {
    tokens_.record("<identifier>");
    if (!tokens_.is_identifier() || !is_alias()) return relation;
  }
  AliasedRelation aliased{std::move(relation), tokens_.expect_identifier(), {}};
  if (tokens_.check("(")) aliased.columns = parse_identifier_list();
  tokens_.record("'MATCH_RECOGNIZE'");
  return make(location, std::move(aliased));
}

RelationPtr SqlParser::parse_relation_primary() {
  const Location location = tokens_.location();
  if (tokens_.check("UNNEST")) return parse_unnest();
  if (tokens_.check("LATERAL") && tokens_.looking_at("(", 1)) {
    tokens_.take();
    return make(location, Lateral{parse_query_in_parentheses()});
  }
  if (tokens_.check("TABLE")) return parse_table_function();
  if (tokens_.check("JSON_TABLE")) tokens_.refuse("JSON_TABLE");
  if (tokens_.check("(")) {
    if (is_query_in_parentheses(tokens_.position())) {
      return make(location, SubqueryRelation{parse_query_in_parentheses()});
    }
    tokens_.take();
    tokens_.record("<query>");
    RelationPtr relation = parse_relation();
    tokens_.expect(")");
    return relation;
  }
  QualifiedName name = tokens_.expect_qualified_name();
  if (tokens_.accept("FOR")) {
    throw QueryError(ErrorCode::kNotSupported, location,
                     "Time travel (FOR TIMESTAMP AS OF) is not supported");
  }
  return make(location, TableReference{std::move(name)});
}

RelationPtr SqlParser::parse_unnest() {
  const Location location = tokens_.location();
  tokens_.expect("UNNEST");
  tokens_.expect("(");
  Unnest unnest{};
  do {
    unnest.arrays.push_back(parse_expression());
    tokens_.forget_expectations();
  } while (tokens_.accept(","));
  tokens_.expect(")");
  unnest.with_ordinality = tokens_.accept("WITH", "ORDINALITY");
  return make(location, std::move(unnest));
}

RelationPtr SqlParser::parse_table_function() {
  const Location location = tokens_.location();
  tokens_.expect("TABLE");
  tokens_.expect("(");
  TableFunctionCall call;
  call.name = tokens_.expect_qualified_name();
  tokens_.expect("(");
  if (!tokens_.check(")")) {
    do {
      call.arguments.push_back(parse_table_argument());
    } while (tokens_.accept(","));
  }
  if (tokens_.looking_at("COPARTITION")) tokens_.refuse("COPARTITION");
  tokens_.expect(")");
  tokens_.expect(")");
  return make(location, std::move(call));
}

TableFunctionCall::Argument SqlParser::parse_table_argument() {
  TableFunctionCall::Argument argument;
  if (tokens_.is_identifier() && tokens_.looking_at("=>", 1)) {
    argument.name = tokens_.expect_identifier();
    tokens_.expect("=>");
  }
  const bool special = (tokens_.looking_at("TABLE") || tokens_.looking_at("DESCRIPTOR")) &&
                       tokens_.looking_at("(", 1);
  if (special) {
    throw QueryError(ErrorCode::kNotSupported, tokens_.location(),
                     "Table and descriptor arguments of table functions are not supported");
  }
  argument.value = parse_expression();
  return argument;
}

}  // namespace trailsql
