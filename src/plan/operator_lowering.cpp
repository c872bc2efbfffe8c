// Comparisons, logic, conditional forms, casts.
#include <fmt/format.h>

#include "base/error.h"
#include "functions/cast.h"
#include "functions/operators.h"
#include "plan/lowering.h"

namespace trailsql {

bool compares_natively(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint:
    case TypeKind::kDecimal:
    case TypeKind::kVarchar:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kIntervalYearToMonth:
    case TypeKind::kIntervalDayToSecond:
    case TypeKind::kUnknown: return true;
    case TypeKind::kTimestamp: return !type.has_picoseconds();  // BETWEEN takes no structs
    default: return false;
  }
}

LoweredExpression Lowering::operator_call(std::string_view name, const Type& type,
                                          const std::string& left, const std::string& right) {
  const Type types[] = {type, type};
  const std::optional<BoundFunction> function = resolve_function(name, types);
  if (!function) {
    throw QueryError(
        ErrorCode::kNotSupported,
        fmt::format("Comparing values of type {} is not supported yet", type.display()));
  }
  const std::string arguments[] = {left, right};
  return {lower_call(*function, arguments, kernels_), function->entry->may_fail};
}

LoweredExpression Lowering::comparison(ComparisonOperator op, const Type& type,
                                       const std::string& left, const std::string& right) {
  using Op = ComparisonOperator;
  const auto negated = [](LoweredExpression inner) {
    return LoweredExpression{"(NOT " + inner.sql + ")", inner.may_fail};
  };
  switch (op) {
    case Op::kEqual: return operator_call(kEqualOperator, type, left, right);
    case Op::kNotEqual: return negated(operator_call(kEqualOperator, type, left, right));
    case Op::kLess: return operator_call(kLessOperator, type, left, right);
    case Op::kLessOrEqual: return operator_call(kLessOrEqualOperator, type, left, right);
    case Op::kGreater: return operator_call(kLessOperator, type, right, left);
    case Op::kGreaterOrEqual: return operator_call(kLessOrEqualOperator, type, right, left);
    case Op::kIsDistinctFrom: return operator_call(kDistinctOperator, type, left, right);
    case Op::kIsNotDistinctFrom:
      return negated(operator_call(kDistinctOperator, type, left, right));
  }
  return {};
}

LoweredExpression Lowering::lower_comparison(const Expression& expression, const Comparison& node) {
  const LoweredExpression left = lower(*node.left);
  const LoweredExpression right = lower(*node.right);
  LoweredExpression result =
      comparison(node.op, *analysis_.of(expression).operand_type, left.sql, right.sql);
  result.may_fail = result.may_fail || left.may_fail || right.may_fail;
  return result;
}

// The engine may compute the terms of AND and OR in any order. A term that may fail waits, in a
// CASE, until the terms before it have not decided: CASE WHEN NOT a THEN FALSE WHEN NOT b THEN
// FALSE ELSE a AND b AND c END. Flat, so that many such terms cost no depth. A term with a subquery
// stands beside the CASE: the engine plans it as a join, and takes it in one place only.
LoweredExpression join_terms(bool is_and, const std::vector<LoweredExpression>& terms) {
  const std::string_view word = is_and ? " AND " : " OR ";
  std::string arms;
  std::vector<std::string> segment;  // terms since the last one that waited
  std::vector<std::string> all;
  std::vector<std::string> beside;
  bool may_fail = false;
  for (const LoweredExpression& term : terms) {
    may_fail = may_fail || term.may_fail;
    if (term.has_subquery) {
      beside.push_back(term.sql);
      continue;
    }
    if (term.may_fail && !segment.empty()) {
      arms += fmt::format(" WHEN {}({}) THEN {}", is_and ? "NOT " : "", fmt::join(segment, word),
                          is_and ? "FALSE" : "TRUE");
      segment.clear();
    }
    segment.push_back(term.sql);
    all.push_back(term.sql);
  }
  if (!arms.empty()) {
    const std::string rest = all.size() == 1 ? all[0] : fmt::format("({})", fmt::join(all, word));
    all = {fmt::format("(CASE{} ELSE {} END)", arms, rest)};
  }
  all.insert(all.end(), beside.begin(), beside.end());
  return {all.size() == 1 ? all[0] : fmt::format("({})", fmt::join(all, word)), may_fail};
}

// A condition keeps rows where it is true: terms that cannot fail stand alone, where the engine can
// use them for joins and scans; those that may fail wait for them and for each other. A term of a
// subquery's own columns does not wait for those that read the query around it: it is computed once
// for its row, and not for every pair.
std::string Lowering::join_conditions(const std::vector<LoweredExpression>& terms,
                                      const std::vector<std::string>& guards) {
  std::vector<std::string> all;
  for (const LoweredExpression& term : terms) {
    if (!term.may_fail || term.has_subquery) all.push_back(term.sql);
  }
  for (const bool outside : {false, true}) {
    std::vector<std::string> before = guards;
    for (const LoweredExpression& term : terms) {
      if (!term.may_fail && !term.has_subquery && (outside || !term.reads_outside))
        before.push_back(term.sql);
    }
    std::string last = fmt::format("{}", fmt::join(before, " AND "));
    std::string arms;  // flat, so that many terms cost no depth
    bool waits = false;
    for (const LoweredExpression& term : terms) {
      if (!term.may_fail || term.has_subquery || term.reads_outside != outside) continue;
      if (!last.empty()) arms += fmt::format(" WHEN NOT coalesce({}, FALSE) THEN FALSE", last);
      last = term.sql;
      waits = true;
    }
    if (waits) all.push_back(arms.empty() ? last : fmt::format("(CASE{} ELSE {} END)", arms, last));
  }
  return fmt::format("{}", fmt::join(all, " AND "));
}

void Lowering::add_conditions(const Expression& expression, std::vector<LoweredExpression>& terms) {
  const auto* logical = std::get_if<Logical>(&expression.node);
  if (logical && logical->is_and && logical->terms.size() <= kMaxPlainTerms) {
    for (const ExpressionPtr& term : logical->terms) add_conditions(*term, terms);
    return;
  }
  LoweredExpression term = lower(expression);
  term.reads_outside = is_correlated(expression);
  terms.push_back(std::move(term));
}

LoweredExpression Lowering::lower_between(const Expression& expression, const Between& node) {
  const Type& type = *analysis_.of(expression).operand_type;
  const LoweredExpression value = lower(*node.operand);
  const LoweredExpression low = lower(*node.low);
  const LoweredExpression high = lower(*node.high);
  const bool may_fail = value.may_fail || low.may_fail || high.may_fail;
  std::string sql;
  if (compares_natively(type)) {
    sql = fmt::format("({} BETWEEN {} AND {})", value.sql, low.sql, high.sql);
  } else {
    sql = fmt::format("({} AND {})",
                      operator_call(kLessOrEqualOperator, type, low.sql, value.sql).sql,
                      operator_call(kLessOrEqualOperator, type, value.sql, high.sql).sql);
  }
  return {node.negated ? "(NOT " + sql + ")" : sql, may_fail};
}

LoweredExpression Lowering::lower_searched_case(const SearchedCase& node) {
  LoweredExpression result{"(CASE"};
  const auto add = [&](std::string_view word, const Expression& part) {
    const LoweredExpression lowered = lower(part);
    result.sql += fmt::format(" {} {}", word, lowered.sql);
    result.may_fail = result.may_fail || lowered.may_fail;
  };
  for (const WhenClause& clause : node.when) {
    add("WHEN", *clause.condition);
    add("THEN", *clause.result);
  }
  if (node.otherwise) add("ELSE", *node.otherwise);
  result.sql += " END)";
  return result;
}

LoweredExpression Lowering::lower_simple_case(const Expression& expression,
                                              const SimpleCase& node) {
  const Type& type = *analysis_.of(expression).operand_type;
  const LoweredExpression operand = lower(*node.operand);
  LoweredExpression result{"(CASE", operand.may_fail};
  for (const WhenClause& clause : node.when) {
    const LoweredExpression value = lower(*clause.condition);
    const LoweredExpression then = lower(*clause.result);
    result.sql +=
        fmt::format(" WHEN {} THEN {}",
                    operator_call(kEqualOperator, type, operand.sql, value.sql).sql, then.sql);
    result.may_fail = result.may_fail || value.may_fail || then.may_fail;
  }
  if (node.otherwise) {
    const LoweredExpression otherwise = lower(*node.otherwise);
    result.sql += " ELSE " + otherwise.sql;
    result.may_fail = result.may_fail || otherwise.may_fail;
  }
  result.sql += " END)";
  return result;
}

LoweredExpression Lowering::lower_null_if(const Expression& expression, const NullIf& node) {
  const Type& common = *analysis_.of(expression).operand_type;
  const Type& first_type = analysis_.of(*node.first).type;
  const LoweredExpression first = lower(*node.first);
  const LoweredExpression second = lower(*node.second);
  const std::string equal =
      operator_call(kEqualOperator, common, converted(first.sql, first_type, common),
                    converted(second.sql, analysis_.of(*node.second).type, common))
          .sql;
  return {fmt::format("(CASE WHEN {} THEN NULL ELSE {} END)", equal, first.sql),
          first.may_fail || second.may_fail};
}

LoweredExpression Lowering::lower_cast_node(const Expression& expression, const Cast& node) {
  const Type& to = analysis_.of(expression).type;
  const Type& from = analysis_.of(*node.operand).type;
  // A cast reads the text that json_parse is given, as Trino's does: what is no JSON then fails as
  // a cast. Above an aggregation the text may be gone.
  const ExpressionFacts& facts = analysis_.of(*node.operand);
  const bool parses = !node.safe && to.is_nested() && replacements_.empty() && facts.function &&
                      facts.function->entry->name == "json_parse";
  LoweredExpression operand = parses
                                  ? lower(*std::get<FunctionCall>(node.operand->node).arguments[0])
                                  : lower_value(*node.operand);
  const bool may_fail = operand.may_fail || (!node.safe && cast_may_fail(from, to));
  // TRY_CAST forgives its own failure only, not the operand's.
  return {converted(operand.sql, from, to, node.safe), may_fail};
}

}  // namespace trailsql
