// AND, OR and IN. The engine's optimizer takes time that grows with the square of their length (an
// OR of 5,000 ANDs: 40 seconds), so long ones reach it as a few terms: equalities as one IN, others
// by the dozen inside a kernel.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "analysis/canonical_key.h"
#include "functions/operators.h"
#include "plan/lowering.h"

namespace trailsql {
namespace {

bool is_constant(const Expression& expression) {
  return std::holds_alternative<IntegerLiteral>(expression.node) ||
         std::holds_alternative<StringLiteral>(expression.node) ||
         std::holds_alternative<DecimalLiteral>(expression.node) ||
         std::holds_alternative<TypedLiteral>(expression.node);
}

// `operand = constant`, or with <>.
struct ConstantComparison {
  const Expression* operand;
  const Expression* constant;
};

std::optional<ConstantComparison> constant_comparison(const Analysis& analysis,
                                                      const Expression& term,
                                                      ComparisonOperator op) {
  const auto* comparison = std::get_if<Comparison>(&term.node);
  if (!comparison || comparison->op != op || !compares_natively(*analysis.of(term).operand_type))
    return std::nullopt;
  const Expression& left = *comparison->left;
  const Expression& right = *comparison->right;
  if (is_constant(left) == is_constant(right)) return std::nullopt;
  return is_constant(right) ? ConstantComparison{&left, &right} : ConstantComparison{&right, &left};
}

}  // namespace

std::string membership_sql(const LoweredExpression& operand,
                           const std::vector<std::string>& values) {
  if (operand.may_fail)
    return fmt::format("list_contains([{}], {})", fmt::join(values, ", "), operand.sql);
  return fmt::format("({} IN ({}))", operand.sql, fmt::join(values, ", "));
}

LoweredExpression Lowering::lower_logical(const Logical& node) {
  if (node.terms.size() > kMaxPlainTerms) return join_terms(node.is_and, lower_long_logical(node));
  std::vector<LoweredExpression> terms;
  for (const ExpressionPtr& term : node.terms) terms.push_back(lower(*term));
  return join_terms(node.is_and, terms);
}

LoweredExpression Lowering::lower_in_list(const Expression& expression, const InList& node) {
  const Type& type = *analysis_.of(expression).operand_type;
  const LoweredExpression operand = lower(*node.operand);
  const bool native = compares_natively(type);
  LoweredExpression result{"", operand.may_fail};
  bool all_constant = true;
  std::vector<std::string> values;
  for (const ExpressionPtr& value : node.values) {
    LoweredExpression lowered = lower(*value);
    result.may_fail = result.may_fail || lowered.may_fail;
    all_constant = all_constant && is_constant(*value);
    values.push_back(native ? std::move(lowered.sql)
                            : operator_call(kEqualOperator, type, operand.sql, lowered.sql).sql);
  }
  if (native) {
    result.sql = membership_sql({operand.sql, operand.may_fail && all_constant}, values);
  } else {
    result.sql = fmt::format("({})", fmt::join(values, " OR "));
  }
  if (node.negated) result.sql = "(NOT " + result.sql + ")";
  return result;
}

std::vector<LoweredExpression> Lowering::lower_long_logical(const Logical& node) {
  struct Membership {
    size_t place;  // in `terms`
    LoweredExpression operand;
    std::vector<std::string> constants;
  };
  const ComparisonOperator op =
      node.is_and ? ComparisonOperator::kNotEqual : ComparisonOperator::kEqual;
  std::vector<LoweredExpression> terms;
  std::map<std::string, Membership> memberships;
  for (const ExpressionPtr& term : node.terms) {
    const std::optional<ConstantComparison> equality = constant_comparison(analysis_, *term, op);
    if (!equality) {
      terms.push_back(lower(*term));
      continue;
    }
    const std::string key = canonical_key(analysis_, *equality->operand) + " " +
                            analysis_.of(*term).operand_type->display();
    auto [found, is_new] = memberships.try_emplace(key);
    if (is_new) {
      found->second.place = terms.size();
      found->second.operand = lower(*equality->operand);
      terms.emplace_back();
    }
    found->second.constants.push_back(lower(*equality->constant).sql);
  }
  for (const auto& [key, membership] : memberships) {
    terms[membership.place] = {
        fmt::format("({}{})", node.is_and ? "NOT " : "",
                    membership_sql(membership.operand, membership.constants)),
        membership.operand.may_fail, membership.operand.has_subquery};
  }
  if (terms.size() <= kMaxPlainTerms) return terms;

  // Terms that may fail stay apart: they wait for those before them.
  std::vector<LoweredExpression> joined;
  std::vector<std::string> group;
  const auto end_group = [&] {
    if (group.size() < 2) {
      for (std::string& sql : group) joined.push_back({std::move(sql), false});
    } else {
      const std::vector<Type> types(group.size(), Type(TypeKind::kBoolean));
      joined.push_back(
          {internal_call(node.is_and ? kAllOperator : kAnyOperator, types, group), false});
    }
    group.clear();
  };
  for (LoweredExpression& term : terms) {
    if (term.may_fail) {
      end_group();
      joined.push_back(std::move(term));
      continue;
    }
    group.push_back(std::move(term.sql));
    if (group.size() == kMaxPlainTerms) end_group();
  }
  end_group();
  return joined;
}

}  // namespace trailsql
