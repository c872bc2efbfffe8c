// Inline functions: their parameters, variables and values.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/expression_analyzer.h"
#include "analysis/query_parts.h"
#include "analysis/tree_walk.h"
#include "analysis/type_resolver.h"
#include "base/error.h"
#include "base/text.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

class RoutineAnalyzer {
 public:
  RoutineAnalyzer(AnalysisContext& context, const InlineFunction& node)
      : context_(context), node_(node) {
    facts_.node = &node;
    facts_.relation = static_cast<RelationIndex>(context.analysis.relations.size());
    context.analysis.relations.push_back({RoutineRelation{}, {}});
  }

  void run() {
    if (node_.not_deterministic) {
      throw semantic_error(ErrorCode::kInvalidArguments, node_.location,
                           "Deterministic function declared NOT DETERMINISTIC");
    }
    for (const InlineFunction::Parameter& parameter : node_.parameters) {
      if (find(parameter.name)) {
        throw semantic_error(ErrorCode::kInvalidArguments, parameter.name.location,
                             "Duplicate function parameter name: {}", parameter.name.value);
      }
      facts_.parameters.push_back(resolve_type(parameter.type));
      add(parameter.name, facts_.parameters.back());
    }
    facts_.returns = resolve_type(node_.returns);
    bool returns = false;
    for (const RoutineStep& routine_step : node_.steps) {
      facts_.step_columns.push_back(step(routine_step));
      returns = returns || routine_step.kind == RoutineStep::Kind::kReturn;
    }
    if (!returns) {
      throw semantic_error(ErrorCode::kInvalidArguments, node_.location,
                           "Function must end in a RETURN statement");
    }
    context_.analysis.inline_functions.push_back(std::move(facts_));
  }

 private:
  std::vector<uint32_t> step(const RoutineStep& node) {
    std::vector<uint32_t> columns;
    if (node.kind == RoutineStep::Kind::kReturn) {
      value(*node.value, facts_.returns, "RETURN");
    } else if (node.kind == RoutineStep::Kind::kSet) {
      const std::optional<uint32_t> column = find(node.names[0]);
      if (!column) {
        throw semantic_error(ErrorCode::kNotFound, node.names[0].location,
                             "Variable cannot be resolved: {}", node.names[0].value);
      }
      value(*node.value, fields_[*column].type, fmt::format("SET '{}'", node.names[0].value));
      columns.push_back(*column);
    } else {
      const Type type = resolve_type(*node.type);
      if (node.value) value(*node.value, type, "DEFAULT");
      for (const Identifier& name : node.names) columns.push_back(add(name, type));
    }
    return columns;
  }

  void value(const Expression& expression, const Type& wanted, std::string_view clause) {
    refuse_queries(expression);
    const Scope scope(nullptr, fields_);
    ExpressionAnalyzer analyzer(context_, scope);
    const Type type = analyzer.analyze(expression);
    analyzer.refuse_aggregates(clause, expression.location);
    if (!can_coerce(type, wanted)) {
      throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                           "Value of {} must evaluate to {} (actual: {})", clause, wanted.display(),
                           type.display());
    }
    analyzer.coerce(expression, wanted);
  }

  static void refuse_queries(const Expression& expression) {
    if (query_of(expression)) {
      throw semantic_error(ErrorCode::kNotSupported, expression.location,
                           "Queries are not allowed in functions");
    }
    for_each_child(expression, refuse_queries);
  }

  std::optional<uint32_t> find(const Identifier& name) const {
    for (uint32_t i = 0; i < fields_.size(); ++i) {
      if (equals_ignoring_case(*fields_[i].name, name.value)) return i;
    }
    return std::nullopt;
  }

  uint32_t add(const Identifier& name, const Type& type) {
    const auto column = static_cast<uint32_t>(fields_.size());
    fields_.push_back({name.value, {}, {facts_.relation, column, {}}, type, false, false, {}});
    context_.analysis.relations[facts_.relation].columns.push_back({name.value, type, false});
    return column;
  }

  AnalysisContext& context_;
  const InlineFunction& node_;
  InlineFunctionFacts facts_;
  std::vector<ScopeField> fields_;
};

}  // namespace

void analyze_inline_functions(AnalysisContext& context, const With& with) {
  for (const InlineFunction& function : with.functions) RoutineAnalyzer(context, function).run();
}

}  // namespace trailsql
