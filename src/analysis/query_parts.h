// The parts of a query's analysis that have files of their own.
#pragma once

#include "analysis/analysis_context.h"

namespace trailsql {

/// Analyses a set operation: fills in the body and the outputs of `facts`. Throws TYPE_MISMATCH for
/// sides that do not fit together.
void analyze_set_operation(AnalysisContext& context, const SetOperation& node, const Scope& scope,
                           QueryFacts& facts);

/// Analyses a query of WITH RECURSIVE that may read itself. Returns empty when it does not: it is a
/// query like any other then. Throws INVALID_RECURSIVE_REFERENCE where it must not read itself.
std::optional<QueryIndex> analyze_recursion(AnalysisContext& context, const NamedQuery& named,
                                            const Scope& scope);

}  // namespace trailsql
