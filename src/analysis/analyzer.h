// The front door of the analysis module: a tree and the catalog in, typed facts out. All semantic
// errors are found here.
#pragma once

#include <memory>
#include <string>

#include "analysis/analysis.h"
#include "catalog/metadata.h"
#include "syntax/statement.h"

namespace trailsql {

/// What an analysis depends on besides the catalog.
struct AnalysisOptions {
  std::string database = "default";  // where unqualified tables are looked up
  int64_t start_time_us = 0;  // microseconds since the epoch, UTC: the value of now() in this query
};

/// Analyses a query. `query` must outlive the result. Throws every semantic error by Trino's name,
/// place and text.
std::unique_ptr<const Analysis> analyze_query(const Query& query, uint32_t num_nodes,
                                              const Metadata& metadata,
                                              const AnalysisOptions& options);

}  // namespace trailsql
