// GROUP BY: its keys and, with GROUPING SETS, CUBE, ROLLUP and AUTO, the sets of keys.
#pragma once

#include "analysis/analysis_context.h"

namespace trailsql {

/// Limits of the module; the first is Trino's.
inline constexpr size_t kMaxGroupingSets = 2048;

/// Analyses GROUP BY of `node` over the names of `source`: fills in `select.grouping_keys` and
/// `grouping_sets`. Precondition: the outputs of `select` are known. Throws
/// INVALID_COLUMN_REFERENCE, TYPE_MISMATCH, EXPRESSION_NOT_SCALAR, TOO_MANY_GROUPING_SETS.
void analyze_group_by(AnalysisContext& context, const QuerySpecification& node, const Scope& source,
                      SelectFacts& select);

/// Returns the aggregates, windows and GROUPING() calls in an expression that was analysed.
std::vector<const Expression*> aggregates_in(const AnalysisContext& context,
                                             const Expression& expression);

}  // namespace trailsql
