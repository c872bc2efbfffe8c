// In an aggregation, whatever is shown, filtered by HAVING or sorted must be built from grouping
// keys and aggregates.
#include <fmt/core.h>

#include <set>

#include "analysis/canonical_key.h"
#include "analysis/select_analyzer.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

class AggregationCheck {
 public:
  AggregationCheck(const AnalysisContext& context, const SelectFacts& select,
                   const std::vector<ScopeField>& local)
      : analysis_(context.analysis) {
    for (const GroupingKey& key : select.grouping_keys) {
      keys_.insert(canonical_key(analysis_, key.expression, key.use, key.field));
    }
    for (const ScopeField& field : local) relations_.insert(field.use.relation);
  }

  void check(const Expression& expression) const {
    if (is_built_from_keys(expression)) return;
    throw semantic_error(ErrorCode::kExpressionNotAggregate, expression.location,
                         "'{}' must be an aggregate expression or appear in GROUP BY clause",
                         print_expression(expression));
  }

  bool is_key(const SelectOutput& output) const {
    return keys_.contains(canonical_key(analysis_, output.expression, output.use, output.field));
  }

  /// Checks a column that `*` stood for.
  void check_output(const SelectOutput& output) const {
    if (is_covered(output.use)) return;
    throw QueryError(ErrorCode::kExpressionNotAggregate,
                     fmt::format("Column '{}{}{}' not in GROUP BY clause", output.relation,
                                 output.relation.empty() ? "" : ".", output.name.value_or("")));
  }

 private:
  bool is_built_from_keys(const Expression& expression) const {
    if (keys_.contains(canonical_key(analysis_, expression))) return true;
    const ExpressionFacts& facts = analysis_.of(expression);
    if (facts.is_aggregate) return true;
    if (const auto* grouping = std::get_if<Grouping>(&expression.node)) {
      check_grouping(*grouping, expression.location);
      return true;
    }
    if (facts.use) return !is_local(*facts.use) || is_covered(*facts.use);
    bool result = true;
    for_each_child(expression,
                   [&](const Expression& child) { result = result && is_built_from_keys(child); });
    const Query* query = query_of(expression);
    if (result && query) check_subquery(*query);
    return result;
  }

  void check_grouping(const Grouping& grouping, Location place) const {
    for (const ExpressionPtr& column : grouping.columns) {
      if (keys_.contains(canonical_key(analysis_, *column))) continue;
      throw semantic_error(ErrorCode::kInvalidArguments, place,
                           "The arguments to GROUPING() must be expressions referenced by the "
                           "GROUP BY at the associated query level. Mismatch due to {}.",
                           print_expression(*column));
    }
  }

  // What a subquery takes from here must be a key too.
  void check_subquery(const Query& query) const {
    walk_expressions(query, [this](const Expression& expression) {
      const std::optional<ColumnUse>& use = analysis_.of(expression).use;
      if (use && is_local(*use) && !is_covered(*use)) {
        throw semantic_error(ErrorCode::kExpressionNotAggregate, expression.location,
                             "Subquery uses '{}' which must appear in GROUP BY clause",
                             print_expression(expression));
      }
      return !use;
    });
  }

  bool is_local(const ColumnUse& use) const { return relations_.contains(use.relation); }

  // A field is covered too when the row around it is a key.
  bool is_covered(ColumnUse use) const {
    while (true) {
      if (keys_.contains(canonical_key(use))) return true;
      if (use.path.empty()) return false;
      use.path.pop_back();
    }
  }

  const Analysis& analysis_;
  std::set<std::string> keys_;
  std::set<RelationIndex> relations_;
};

}  // namespace

void check_aggregation(const AnalysisContext& context, const SelectFacts& select,
                       const std::vector<SortKey>& order_by, const std::vector<ScopeField>& local) {
  const AggregationCheck check(context, select, local);
  for (const SelectOutput& output : select.outputs) {
    if (output.expression && output.field && check.is_key(output)) continue;
    if (output.expression) {
      check.check(*output.expression);
    } else {
      check.check_output(output);
    }
  }
  if (select.node->having) check.check(*select.node->having);
  for (const SortKey& key : order_by) {
    if (!key.output && key.expression) check.check(*key.expression);
  }
}

}  // namespace trailsql
