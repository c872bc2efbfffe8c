// What all analyzers of one statement share.
#pragma once

#include "analysis/analysis.h"
#include "analysis/analyzer.h"
#include "analysis/scope.h"

namespace trailsql {

/// Limits of the module.
inline constexpr size_t kMaxViewDepth = 32;
inline constexpr size_t kMaxQueries = 10'000;
inline constexpr size_t kMaxOutputColumns = 10'000;

struct EnclosingView;

struct AnalysisContext {
  Analysis& analysis;
  const Metadata& metadata;
  const AnalysisOptions& options;
  size_t view_depth = 0;
  const EnclosingView* enclosing_view = nullptr;  // whose text is being analysed

  ExpressionFacts& of(const Expression& expression) { return analysis.expressions[expression.id]; }
};

/// Analyses a query that stands inside another (or is the whole statement, with no outer scope).
QueryIndex analyze_query_node(AnalysisContext& context, const Query& query, const Scope* outer);

/// Analyses a relation of FROM and returns the fields it offers. `left` are the fields of the
/// relations to its left, which LATERAL and UNNEST may use; `outer` is the scope around the query.
std::vector<ScopeField> analyze_relation(AnalysisContext& context, const Relation& relation,
                                         const Scope* outer, const std::vector<ScopeField>& left);

/// Analyses a table named by `TABLE t`, or in FROM.
RelationIndex analyze_table_name(AnalysisContext& context, const QualifiedName& name,
                                 Location place, const Scope* outer,
                                 std::vector<ScopeField>& fields);

}  // namespace trailsql
