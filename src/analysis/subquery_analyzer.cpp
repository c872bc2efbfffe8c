// Subqueries inside expressions.
#include <fmt/core.h>

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

// What both sides of IN or a quantified comparison become. A row is compared with all columns of
// the subquery as a row, even with one; any other value with its only column.
std::optional<Type> compared_type(const Type& value, const QueryFacts& query) {
  const bool as_row =
      value.is(TypeKind::kRow) || (value.is(TypeKind::kUnknown) && query.outputs.size() != 1);
  if (!as_row && query.outputs.size() != 1) return std::nullopt;
  const Type inner = as_row ? row_type(query) : query.outputs[0].type;
  const std::optional<Type> common = common_super_type(value, inner);
  return common && is_comparable(*common) ? common : std::nullopt;
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

Type ExpressionAnalyzer::compare_with_subquery(const Expression& expression,
                                               const Expression& operand, const Query& query) {
  const Type value = analyze(operand);
  refuse_in_lambda(expression);
  const QueryFacts& facts = context_.analysis.queries[subquery(expression, query)];
  const std::optional<Type> common = compared_type(value, facts);
  if (!common) throw different_types(expression.location, value, facts);
  coerce(operand, *common);
  context_.of(expression).operand_type = common;
  return *common;
}

Type ExpressionAnalyzer::in_subquery(const Expression& expression, const InSubquery& node) {
  compare_with_subquery(expression, *node.operand, *node.query);
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::quantified(const Expression& expression,
                                    const QuantifiedComparison& node) {
  const Type common = compare_with_subquery(expression, *node.operand, *node.query);
  const bool by_equality =
      node.op == ComparisonOperator::kEqual || node.op == ComparisonOperator::kNotEqual;
  if (!by_equality && !is_orderable(common)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Type [row({})] must be orderable in order to be used in quantified "
                         "comparison",
                         common.display());
  }
  return TypeKind::kBoolean;
}

}  // namespace trailsql
