// ORDER BY: the keys that sort a query's rows.
#pragma once

#include <vector>

#include "analysis/analysis_context.h"
#include "analysis/expression_analyzer.h"

namespace trailsql {

/// Adds the outputs of `query` as a relation of their own, and returns them as the names that its
/// ORDER BY sees first.
std::vector<ScopeField> add_outputs_relation(AnalysisContext& context, QueryFacts& query);

/// Analyses one key with `analyzer`, whose scope has the outputs of `query` innermost: `ORDER BY
/// 2`, the name of an output, or an expression. Throws INVALID_COLUMN_REFERENCE for a position that
/// no output has, TYPE_MISMATCH for types without an order.
SortKey analyze_sort_item(AnalysisContext& context, const SortItem& item, const QueryFacts& query,
                          ExpressionAnalyzer& analyzer);

/// Returns the 0-based position that `GROUP BY 2` or `ORDER BY 2` means. Throws
/// INVALID_COLUMN_REFERENCE.
uint32_t output_position(const IntegerLiteral& ordinal, Location place, size_t num_outputs,
                         std::string_view clause);

}  // namespace trailsql
