// Which subqueries may read columns of the query around them: those that Trino's planner can turn
// into joins. The engine below could do more; users get Trino's answer.
#pragma once

#include "analysis/analysis.h"

namespace trailsql {

/// Checks every subquery and LATERAL of the statement. Throws NOT_SUPPORTED "Given correlated
/// subquery is not supported" at the first that Trino refuses.
void check_correlations(const Analysis& analysis);

}  // namespace trailsql
