#include "analysis/analyzer.h"

#include "analysis/analysis_context.h"
#include "analysis/correlation_check.h"

namespace trailsql {

std::unique_ptr<const Analysis> analyze_query(const Query& query, uint32_t num_nodes,
                                              const Metadata& metadata,
                                              const AnalysisOptions& options) {
  auto analysis = std::make_unique<Analysis>();
  analysis->expressions.resize(num_nodes);
  analysis->relation_of_node.resize(num_nodes);
  analysis->database = options.database;
  analysis->start_time_us = options.start_time_us;
  AnalysisContext context{*analysis, metadata, options};
  analysis->root = analyze_query_node(context, query, nullptr);
  check_correlations(*analysis);
  return analysis;
}

std::string output_name(const std::vector<OutputField>& outputs, size_t index) {
  return outputs[index].name ? *outputs[index].name : "_col" + std::to_string(index);
}

}  // namespace trailsql
