// Subqueries inside expressions.
#include "analysis/expression_analyzer.h"
#include "base/error.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

Type row_type(const QueryFacts& query) {
  std::vector<RowField> fields;
  for (const OutputField& output : query.outputs) fields.push_back({output.name, output.type});
  return Type::row(std::move(fields));
}

// The type of a subquery's rows where one value is wanted: several columns are one row.
Type value_type(const QueryFacts& query) {
  return query.outputs.size() == 1 ? query.outputs[0].type : row_type(query);
}

QueryError different_types(Location place, const Type& value, const QueryFacts& query) {
  return semantic_error(
      ErrorCode::kTypeMismatch, place,
      "Value expression and result of subquery must be of the same type: {} vs {}",
      value.is(TypeKind::kRow) ? value.display() : fmt::format("row({})", value.display()),
      row_type(query).display());
}

}  // namespace

QueryIndex ExpressionAnalyzer::subquery(const Expression& expression, const Query& query) {
  Scope around(&scope_);
  if (refuses_correlation_) around.make_barrier();
  const QueryIndex index = analyze_query_node(context_, query, &around);
  context_.of(expression).query = index;
  return index;
}

Type ExpressionAnalyzer::exists(const Expression& expression, const Exists& node) {
  refuse_in_lambda(expression);
  subquery(expression, *node.query);
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::scalar_subquery(const Expression& expression, const ScalarSubquery& node) {
  refuse_in_lambda(expression);
  const QueryIndex query = subquery(expression, *node.query);
  return value_type(context_.analysis.queries[query]);
}

Type ExpressionAnalyzer::in_subquery(const Expression& expression, const InSubquery& node) {
  const Type value = analyze(*node.operand);
  refuse_in_lambda(expression);
  const QueryIndex query = subquery(expression, *node.query);
  const Type inner = value_type(context_.analysis.queries[query]);
  const std::optional<Type> common = common_super_type(value, inner);
  if (!common || !is_comparable(*common)) {
    throw different_types(expression.location, value, context_.analysis.queries[query]);
  }
  coerce(*node.operand, *common);
  context_.of(expression).operand_type = common;
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::quantified(const Expression& expression,
                                    const QuantifiedComparison& node) {
  const Type value = analyze(*node.operand);
  refuse_in_lambda(expression);
  const QueryIndex query = subquery(expression, *node.query);
  const Type inner = value_type(context_.analysis.queries[query]);
  const std::optional<Type> common = common_super_type(value, inner);
  if (!common || !is_comparable(*common)) {
    throw different_types(expression.location, value, context_.analysis.queries[query]);
  }
  coerce(*node.operand, *common);
  context_.of(expression).operand_type = common;
  return TypeKind::kBoolean;
}

}  // namespace trailsql
