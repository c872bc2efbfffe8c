// Lambdas: their bodies are analysed with the types that the function gives their parameters.
#include "analysis/expression_analyzer.h"
#include "analysis/tree_walk.h"
#include "base/error.h"

namespace trailsql {
namespace {

// Forgets what an analysis with other types of parameters found.
void forget(AnalysisContext& context, const Expression& expression) {
  context.of(expression) = {};
  for_each_child(expression, [&](const Expression& child) { forget(context, child); });
}

}  // namespace

// A lambda's type depends on the overload: until that is found it is a function, no more.
Type ExpressionAnalyzer::argument_type(const Expression& argument) {
  if (!std::holds_alternative<Lambda>(argument.node)) return analyze(argument);
  return context_.of(argument).type = TypeKind::kFunction;
}

Type ExpressionAnalyzer::lambda(const Expression& expression, const std::vector<Type>& parameters) {
  const auto& node = std::get<Lambda>(expression.node);
  if (node.parameters.size() != parameters.size()) {
    throw semantic_error(ErrorCode::kInvalidParameterUsage, expression.location,
                         "Expected a lambda that takes {} argument(s) but got {}",
                         parameters.size(), node.parameters.size());
  }
  const Type known = context_.of(expression).type;
  if (!known.fields().empty() && parameter_types(known) == parameters) return result_type(known);

  std::vector<ScopeField> fields;
  for (uint32_t i = 0; i < parameters.size(); ++i) {
    ScopeField field{node.parameters[i].value, {}, {}, parameters[i]};
    field.parameter = LambdaParameter{expression.id, i};
    fields.push_back(std::move(field));
  }
  const Scope scope(&scope_, std::move(fields));
  forget(context_, *node.body);
  ExpressionAnalyzer inner(context_, scope);
  inner.is_in_lambda_ = true;
  const Type result = inner.analyze(*node.body);
  inner.refuse_aggregates("Lambda expression", node.body->location);
  context_.of(expression).type = Type::function(parameters, result);
  return result;
}

void ExpressionAnalyzer::refuse_in_lambda(const Expression& subquery) const {
  if (!is_in_lambda_) return;
  throw semantic_error(ErrorCode::kNotSupported, subquery.location,
                       "Lambda expression cannot contain subqueries");
}

}  // namespace trailsql
