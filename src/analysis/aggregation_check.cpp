// In an aggregation, whatever is shown, filtered by HAVING or sorted must be built from grouping
// keys and aggregates.
#include <fmt/format.h>

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
      keys_.insert(key.expression ? canonical_key(analysis_, *key.expression)
                                  : canonical_key(key.use));
    }
    for (const ScopeField& field : local) relations_.insert(field.use.relation);
  }

  void check(const Expression& expression) const {
    if (keys_.contains(canonical_key(analysis_, expression))) return;
    const ExpressionFacts& facts = analysis_.of(expression);
    if (facts.is_aggregate) return;
    if (facts.use) {
      if (!is_local(*facts.use) || is_covered(*facts.use)) return;
      fail(expression);
    }
    if (facts.query)
      return;  // a subquery is checked by itself; what it takes from here is checked when lowered
    for_each_child(expression, [this](const Expression& child) { check(child); });
  }

  /// Checks a column that `*` stood for.
  void check_output(const SelectOutput& output) const {
    if (is_covered(output.use)) return;
    throw QueryError(ErrorCode::kExpressionNotAggregate,
                     fmt::format("Column '{}{}{}' not in GROUP BY clause", output.relation,
                                 output.relation.empty() ? "" : ".", output.name.value_or("")));
  }

 private:
  bool is_local(const ColumnUse& use) const { return relations_.contains(use.relation); }

  // A field is covered too when the row around it is a key.
  bool is_covered(ColumnUse use) const {
    while (true) {
      if (keys_.contains(canonical_key(use))) return true;
      if (use.path.empty()) return false;
      use.path.pop_back();
    }
  }

  [[noreturn]] static void fail(const Expression& expression) {
    throw semantic_error(ErrorCode::kExpressionNotAggregate, expression.location,
                         "'{}' must be an aggregate expression or appear in GROUP BY clause",
                         print_expression(expression));
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
