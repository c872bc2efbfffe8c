#include "analysis/analyzer.h"

#include "analysis/analysis_context.h"
#include "analysis/correlation_check.h"
#include "analysis/expression_analyzer.h"
#include "analysis/tree_walk.h"
#include "base/error.h"

namespace trailsql {
namespace {

std::unique_ptr<Analysis> empty_analysis(uint32_t num_nodes, const AnalysisOptions& options) {
  auto analysis = std::make_unique<Analysis>();
  analysis->expressions.resize(num_nodes);
  analysis->relation_of_node.resize(num_nodes);
  analysis->database = options.database;
  analysis->start_time_us = options.start_time_us;
  analysis->event_times = options.event_times;
  analysis->deduplicate = options.deduplicate;
  for (const ExpressionPtr& parameter : options.parameters)
    analysis->parameters.push_back(parameter.get());
  return analysis;
}

void check_constant(const Expression& expression) {
  const auto refuse = [&](std::string_view what) {
    throw semantic_error(ErrorCode::kExpressionNotConstant, expression.location,
                         "Constant expression cannot contain {}", what);
  };
  if (std::holds_alternative<ColumnReference>(expression.node) ||
      std::holds_alternative<Dereference>(expression.node))
    refuse("column references");
  if (query_of(expression)) refuse("a subquery");
  if (std::holds_alternative<Parameter>(expression.node)) {
    throw semantic_error(ErrorCode::kInvalidParameterUsage, expression.location,
                         "No value provided for parameter");
  }
  for_each_child(expression, check_constant);
}

}  // namespace

std::unique_ptr<const Analysis> analyze_query(const Query& query, uint32_t num_nodes,
                                              const Metadata& metadata,
                                              const AnalysisOptions& options) {
  std::unique_ptr<Analysis> analysis = empty_analysis(num_nodes, options);
  AnalysisContext context{*analysis, metadata, options};
  analysis->root = analyze_query_node(context, query, nullptr);
  check_correlations(*analysis);
  return analysis;
}

void check_parameters(uint32_t num_nodes, const Metadata& metadata,
                      const AnalysisOptions& options) {
  const std::unique_ptr<Analysis> analysis = empty_analysis(num_nodes, options);
  AnalysisContext context{*analysis, metadata, options};
  for (const ExpressionPtr& parameter : options.parameters) {
    check_constant(*parameter);
    const Scope nothing(nullptr);
    ExpressionAnalyzer analyzer(context, nothing);
    analyzer.analyze(*parameter);
    analyzer.refuse_aggregates("Constant expression", parameter->location);
  }
}

std::string output_name(const std::vector<OutputField>& outputs, size_t index) {
  return outputs[index].name ? *outputs[index].name : "_col" + std::to_string(index);
}

}  // namespace trailsql
