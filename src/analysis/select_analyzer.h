// SELECT … FROM … WHERE … GROUP BY … HAVING …, and the ORDER BY that sees its insides.
#pragma once

#include "analysis/analysis_context.h"

namespace trailsql {

/// Analyses the body of `query`, which is a QuerySpecification, with its ORDER BY. Fills in
/// `facts.body`, `outputs`, `order_by`.
void analyze_select(AnalysisContext& context, const Query& query, const QuerySpecification& node,
                    const Scope* outer, QueryFacts& facts);

/// Checks that outputs, HAVING and sort keys of an aggregation use only grouping keys and
/// aggregates. Throws EXPRESSION_NOT_AGGREGATE at the first that does not. `local` are the
/// relations of the SELECT's own FROM.
void check_aggregation(const AnalysisContext& context, const SelectFacts& select,
                       const std::vector<SortKey>& order_by, const std::vector<ScopeField>& local);

}  // namespace trailsql
