// Subqueries inside expressions → engine SQL.
#include <fmt/core.h>

#include "functions/cast.h"
#include "plan/lowering.h"

namespace trailsql {

std::string Lowering::subquery_value(const Expression& expression, const Type& wanted) {
  const QueryIndex index = *analysis_.of(expression).query;
  const LoweredQuery query = lower_query(index);
  const std::vector<OutputField>& outputs = analysis_.queries[index].outputs;
  const std::string alias = next_alias();
  std::string value;
  Type type;
  if (outputs.size() == 1) {
    value = fmt::format("{}.{}", alias, query.outputs[0][0].sql);
    type = outputs[0].type;
  } else {
    std::vector<RowField> fields;
    for (size_t i = 0; i < outputs.size(); ++i) {
      value += fmt::format("{}'f{}': {}.{}", i == 0 ? "" : ", ", i, alias, query.outputs[i][0].sql);
      fields.push_back({std::nullopt, outputs[i].type});
    }
    value = "{" + value + "}";
    type = Type::row(std::move(fields));
  }
  return fmt::format("SELECT {} FROM ({}) AS {}", converted(value, type, wanted), query.sql, alias);
}

// IN is as Trino's semi-join: values are the same or not, NaN and NULLs inside rows included, as
// the engine has it. Moments with zones are the same when their instants are.
LoweredExpression Lowering::lower_in_subquery(const Expression& expression,
                                              const InSubquery& node) {
  const LoweredExpression operand = lower_compared(expression, *node.operand);
  return {is_in_subquery(expression, operand.sql, node.negated), operand.may_fail};
}

// A row of one field is compared as that field, as Trino does.
LoweredExpression Lowering::lower_compared(const Expression& expression,
                                           const Expression& operand) {
  LoweredExpression result = lower(operand);
  const Type& type = *analysis_.of(expression).operand_type;
  if (type.is(TypeKind::kRow) && type.fields().size() == 1) result.sql = field_sql(result.sql, 0);
  return result;
}

Type Lowering::compared_type(const Expression& expression) const {
  const Type& type = *analysis_.of(expression).operand_type;
  return type.is(TypeKind::kRow) && type.fields().size() == 1 ? Type(type.fields()[0].type) : type;
}

std::string Lowering::is_in_subquery(const Expression& expression, std::string operand,
                                     bool negated) {
  const Type type = compared_type(expression);
  std::string query = subquery_value(expression, type);
  if (type.has_zone()) {
    const std::string alias = next_alias();
    query =
        fmt::format("SELECT {} FROM ({}) AS {}(c0)", engine_key(alias + ".c0", type), query, alias);
    operand = engine_key(operand, type);
  }
  return fmt::format("({} {}IN ({}))", operand, negated ? "NOT " : "", query);
}

// Whether the comparison holds for any row of the subquery, or, with `negated`, does not hold for
// any: true, else NULL where one is NULL, else false.
LoweredExpression Lowering::any_row(const Expression& expression, ComparisonOperator op,
                                    const Type& type, const std::string& operand, bool negated) {
  const std::string query = subquery_value(expression, type);
  const std::string rows = next_alias();
  const std::string compared = next_alias();
  LoweredExpression holds = comparison(op, type, operand, rows + ".c0");
  if (negated) holds.sql = "(NOT " + holds.sql + ")";
  return {fmt::format("(SELECT CASE WHEN bool_or({0}.c0) THEN TRUE WHEN count(*) > count({0}.c0) "
                      "THEN NULL ELSE FALSE END FROM (SELECT {1} AS c0 FROM ({2}) AS {3}(c0)) AS "
                      "{0})",
                      compared, holds.sql, query, rows),
          holds.may_fail};
}

LoweredExpression Lowering::lower_quantified(const Expression& expression,
                                             const QuantifiedComparison& node) {
  static constexpr std::string_view kSymbols[] = {"=", "<>", "<", "<=", ">", ">="};
  const Type type = compared_type(expression);
  const LoweredExpression operand = lower_compared(expression, *node.operand);
  const bool all = node.quantifier == Quantifier::kAll;
  using Op = ComparisonOperator;
  if (node.op == (all ? Op::kNotEqual : Op::kEqual))
    return {is_in_subquery(expression, operand.sql, all), operand.may_fail};
  const bool orders_rows =
      type.is(TypeKind::kRow) && node.op != Op::kEqual && node.op != Op::kNotEqual;
  if (!compares_natively(type) && !orders_rows) {
    LoweredExpression result = any_row(expression, node.op, type, operand.sql, all);
    if (all) result.sql = "(NOT " + result.sql + ")";
    return result;
  }
  const std::string query = subquery_value(expression, type);
  return {fmt::format("({} {} {} ({}))", operand.sql, kSymbols[static_cast<size_t>(node.op)],
                      all ? "ALL" : "ANY", query),
          operand.may_fail};
}

}  // namespace trailsql
