// The front door of the analysis module: a tree and the catalog in, typed facts out. All semantic
// errors are found here.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "analysis/analysis.h"
#include "catalog/metadata.h"
#include "syntax/statement.h"
#include "types/event_time_bounds.h"

namespace trailsql {

/// What an analysis depends on besides the catalog.
struct AnalysisOptions {
  std::string database = "default";  // where unqualified tables are looked up
  int64_t start_time_us = 0;  // microseconds since the epoch, UTC: the value of now() in this query
  std::string
      replaced_view;        // "database.name" of the view that CREATE OR REPLACE makes; else empty
  bool makes_view = false;  // the query is that of a view, which outlives this run
  std::span<const ExpressionPtr> parameters;  // what the `?` stand for; outlive the analysis
  EventTimeBounds event_times;                // of every record that the query reads
  bool deduplicate = false;                   // records that were delivered twice count once
};

/// Analyses a query whose nodes, and those of its parameters, have ids below `num_nodes`. `query`
/// must outlive the result. Throws every semantic error by Trino's name, place and text.
std::unique_ptr<const Analysis> analyze_query(const Query& query, uint32_t num_nodes,
                                              const Metadata& metadata,
                                              const AnalysisOptions& options);

/// Checks that the values of EXECUTE … USING, with ids below `num_nodes`, are constants. Throws
/// EXPRESSION_NOT_CONSTANT and what is wrong with the expressions.
void check_parameters(uint32_t num_nodes, const Metadata& metadata, const AnalysisOptions& options);

}  // namespace trailsql
