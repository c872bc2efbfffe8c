// Calls with lambdas → engine lambdas.
#include <fmt/core.h>

#include <algorithm>

#include "plan/lowering.h"

namespace trailsql {

LoweredExpression Lowering::lower_lambda(const FunctionEntry& entry, const Expression& expression,
                                         size_t number) {
  const auto& node = std::get<Lambda>(expression.node);
  std::vector<std::string>& parameters = lambda_parameters_[expression.id];
  parameters.clear();
  for (size_t i = 0; i < node.parameters.size(); ++i)
    parameters.push_back(lambda_parameter(entry, number, i, lambda_depth_));
  ++lambda_depth_;
  LoweredExpression body = lower(*node.body);
  --lambda_depth_;
  return body;
}

// The engine binds a call with a lambda in one of the queries around it, never with columns of
// several. So such a call runs in a lambda over a list of one row, which holds all its columns.
LoweredExpression Lowering::lower_with_captures(const Expression& expression,
                                                const std::vector<const Expression*>& operands) {
  captures_ = Captures{next_alias(), {}};
  LoweredExpression result = bound_call(expression, operands);
  std::string fields;
  for (size_t i = 0; i < captures_->values.size(); ++i)
    fields += fmt::format("{}f{} := {}", i == 0 ? "" : ", ", i, captures_->values[i]);
  result.sql = fmt::format("list_extract(list_transform([struct_pack({})], lambda {}: {}), 1)",
                           fields, captures_->variable, result.sql);
  captures_.reset();
  return result;
}

std::string Lowering::captured(const std::string& sql) {
  if (!captures_) return sql;
  std::vector<std::string>& values = captures_->values;
  auto found = std::find(values.begin(), values.end(), sql);
  if (found == values.end()) found = values.insert(values.end(), sql);
  return field_sql(captures_->variable, static_cast<uint32_t>(found - values.begin()));
}

bool Lowering::needs_captures(const Expression& expression,
                              const std::vector<const Expression*>& operands) const {
  const bool has_lambda = std::any_of(
      operands.begin(), operands.end(),
      [](const Expression* operand) { return std::holds_alternative<Lambda>(operand->node); });
  return has_lambda && !captures_ && is_correlated(expression);
}

bool Lowering::is_correlated(const Expression& expression) const {
  return reads_column(analysis_, expression, [this](RelationIndex relation) {
    return select_of_relation_[relation] != select_depth_;
  });
}

}  // namespace trailsql
