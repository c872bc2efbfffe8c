#include "analysis/correlation_check.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

#include "analysis/canonical_key.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "syntax/child_nodes.h"

namespace trailsql {
namespace {

using Keys = std::set<std::string>;  // canonical keys of columns

bool is_within(const Keys& inner, const Keys& outer) {
  return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

// What stands around the subquery's rows.
enum class Use : uint8_t { kValue, kExists, kMembership, kLateral };

// The facts of queries and of their SELECTs, by node.
class FactsByNode {
 public:
  explicit FactsByNode(const Analysis& analysis) {
    for (const QueryFacts& facts : analysis.queries) {
      queries_.emplace(facts.node, &facts);
      if (const auto* select = std::get_if<SelectFacts>(&facts.body))
        selects_.emplace(select->node, select);
    }
  }

  /// Returns null for a query that stands for no more than a term of a set operation around it.
  const QueryFacts* find(const Query& query) const {
    const auto found = queries_.find(&query);
    return found == queries_.end() ? nullptr : found->second;
  }
  const SelectFacts& of(const QuerySpecification& node) const {
    const auto found = selects_.find(&node);
    if (found != selects_.end()) return *found->second;
    throw QueryError(ErrorCode::kGenericInternalError, "a SELECT was not analysed");
  }

 private:
  std::unordered_map<const Query*, const QueryFacts*> queries_;
  std::unordered_map<const QuerySpecification*, const SelectFacts*> selects_;
};

// One subquery: the relations that it has itself, and whether it can do without the others.
class Subquery {
 public:
  Subquery(const Analysis& analysis, const FactsByNode& facts, const Query& query)
      : analysis_(analysis), facts_(facts) {
    collect(query);
  }

  bool is_correlated(const Query& query) const { return reads_outside(query); }

  /// Returns whether Trino can turn the subquery into a join.
  bool is_supported(const Query& query, Use use) const {
    const Query& body = without_parentheses(query);
    if (body.with && reads_outside(*body.with)) return false;
    if (const auto* values = std::get_if<Values>(&body.body))
      return values->rows.size() == 1 && use != Use::kMembership;
    const auto* select = std::get_if<QuerySpecification>(&body.body);
    if (!select) return false;
    if (select->from && reads_outside_in_unnest(*select->from))
      return use != Use::kValue || !select->where || facts_.of(*select).is_aggregation;
    const bool aggregates = facts_.of(*select).is_aggregation;
    const bool is_global = aggregates && !select->group_by;
    if (is_global && use != Use::kMembership) return is_supported_global(body, *select);
    const bool filters = select->where && reads_outside(*select->where);
    if (is_one_row(*select) && !filters && use != Use::kMembership) return true;
    if (use == Use::kMembership && aggregates) {
      const Result source = decorrelate_source(*select);
      return source && !source->is_correlated && !items_read_outside(*select);
    }
    if (use == Use::kLateral && (aggregates || select->distinct))
      return is_supported_grouped(body, *select);
    return decorrelate(body, use == Use::kExists).has_value();
  }

 private:
  /// What is known of a query whose correlated conditions were taken out.
  struct Decorrelated {
    bool is_correlated = false;
    Keys propagated;  // own columns in the conditions taken out
    Keys constants;   // own columns that such a condition makes equal to something outside
  };
  using Result = std::optional<Decorrelated>;

  // ---- what belongs to the subquery

  void collect(const Query& query) {
    for_each_child_node(query, [&](const ChildNode& child) { collect_child(child); });
    const QueryFacts* facts = facts_.find(query);
    if (!facts) return;
    if (facts->outputs_relation) relations_.insert(*facts->outputs_relation);
    if (const auto* table = std::get_if<TableBodyFacts>(&facts->body))
      relations_.insert(table->relation);
  }
  void collect_child(const ChildNode& child) {
    if (const auto* query = std::get_if<const Query*>(&child)) return collect(**query);
    if (const auto* relation = std::get_if<const Relation*>(&child)) {
      if (const auto& index = analysis_.relation_of_node[(*relation)->id])
        relations_.insert(*index);
      return for_each_child_node((*relation)->node,
                                 [&](const ChildNode& below) { collect_child(below); });
    }
    for_each_child_node(std::get<const Expression*>(child)->node,
                        [&](const ChildNode& below) { collect_child(below); });
  }

  bool is_own(const ColumnUse& use) const { return relations_.contains(use.relation); }

  // ---- who reads what is outside

  bool reads_outside(const Expression& expression) const {
    if (const std::optional<ColumnUse>& use = analysis_.of(expression).use) return !is_own(*use);
    return any_child(expression.node);
  }
  bool reads_outside(const Relation& relation) const { return any_child(relation.node); }
  bool reads_outside(const Query& query) const {
    if (any_child(query)) return true;
    // A column that `*` stood for has no expression.
    const QueryFacts* facts = facts_.find(query);
    const auto* select = facts ? std::get_if<SelectFacts>(&facts->body) : nullptr;
    return select && star_reads_outside(*select);
  }
  bool reads_outside(const With& with) const {
    return std::any_of(with.queries.begin(), with.queries.end(),
                       [&](const NamedQuery& named) { return reads_outside(*named.query); });
  }
  bool star_reads_outside(const SelectFacts& select) const {
    return std::any_of(
        select.outputs.begin(), select.outputs.end(),
        [&](const SelectOutput& output) { return !output.expression && !is_own(output.use); });
  }
  template <typename Node>
  bool any_child(const Node& node) const {
    bool found = false;
    for_each_child_node(node, [&](const ChildNode& child) {
      found =
          found || std::visit([&](const auto* each) { return this->reads_outside(*each); }, child);
    });
    return found;
  }
  bool items_read_outside(const QuerySpecification& node) const {
    if (star_reads_outside(facts_.of(node))) return true;
    return std::any_of(node.items.begin(), node.items.end(), [&](const SelectItem& item) {
      const auto* selected = std::get_if<SelectExpression>(&item.node);
      return selected && reads_outside(*selected->value);
    });
  }
  bool reads_outside_in_unnest(const Relation& relation) const {
    const Relation& inner = without_alias(relation);
    if (std::holds_alternative<Unnest>(inner.node)) return reads_outside(inner);
    if (const auto* join = std::get_if<Join>(&inner.node))
      return reads_outside_in_unnest(*join->left) || reads_outside_in_unnest(*join->right);
    if (const auto* derived = std::get_if<SubqueryRelation>(&inner.node)) {
      const Query& query = without_parentheses(*derived->query);
      const auto* select = std::get_if<QuerySpecification>(&query.body);
      return select && select->from && reads_outside_in_unnest(*select->from);
    }
    return false;
  }

  // ---- shapes

  static const Query& without_parentheses(const Query& query) {
    const auto* nested = std::get_if<NestedQuery>(&query.body);
    const bool bare = query.order_by.empty() && !query.limit && !query.offset && !query.with;
    return nested && bare ? without_parentheses(*nested->query) : query;
  }

  // No FROM, or VALUES of one row.
  static bool is_one_row(const QuerySpecification& node) {
    if (node.group_by || node.having) return false;
    if (!node.from) return true;
    const Relation& from = without_alias(*node.from);
    const Query* query = nullptr;
    if (const auto* derived = std::get_if<SubqueryRelation>(&from.node))
      query = derived->query.get();
    if (const auto* lateral = std::get_if<Lateral>(&from.node)) query = lateral->query.get();
    if (!query) return false;
    const Query& body = without_parentheses(*query);
    if (const auto* values = std::get_if<Values>(&body.body)) return values->rows.size() == 1;
    const auto* select = std::get_if<QuerySpecification>(&body.body);
    return select && !select->where && !body.limit && is_one_row(*select);
  }

  // An aggregation of all rows: what it computes may read outside, but not what it aggregates.
  bool is_supported_global(const Query& body, const QuerySpecification& node) const {
    const SelectFacts& facts = facts_.of(node);
    for (const Expression* aggregate : facts.aggregates) {
      if (reads_outside(*aggregate)) return false;
    }
    if (!node.from) return !node.having;
    const Result source = decorrelate_source(node);
    return source && !(source->is_correlated && node.having) && !(body.limit && body.offset);
  }

  // Groups of a LATERAL: every row outside has its own.
  bool is_supported_grouped(const Query& body, const QuerySpecification& node) const {
    const SelectFacts& facts = facts_.of(node);
    for (const Expression* aggregate : facts.aggregates) {
      if (reads_outside(*aggregate)) return false;
    }
    const Result source = decorrelate_source(node);
    if (source && source->is_correlated && (body.limit || node.having || body.offset))
      return decorrelate(body, false).has_value();
    return source && facts.grouping_sets.size() <= 1;
  }

  // ---- taking the conditions out

  Result decorrelate(const Query& query, bool only_exists) const {
    const Query& body = without_parentheses(query);
    if (!reads_outside(body)) return Decorrelated{};
    const auto* select = std::get_if<QuerySpecification>(&body.body);
    if (!select || (!only_exists && items_read_outside(*select))) return std::nullopt;
    Result result = decorrelate_source(*select);
    if (!result) return std::nullopt;
    if (!result->is_correlated) return result;
    const SelectFacts& facts = facts_.of(*select);
    bool at_most_one_row = false;
    if (facts.is_aggregation) {
      if (!select->group_by || facts.grouping_sets.size() != 1) return std::nullopt;
      Keys keys;
      for (const GroupingKey& key : facts.grouping_keys)
        keys.insert(canonical_key(analysis_, key.expression, key.use, key.field));
      if (!add_keys(keys, *result)) return std::nullopt;
      at_most_one_row = is_within(keys, result->constants);
      if (select->having && reads_outside(*select->having)) take(*select->having, *result);
    }
    if (!only_exists && has_window(*select)) return std::nullopt;
    if (select->distinct && !add_keys(output_keys(facts), *result)) return std::nullopt;
    if (!limit(body, facts, only_exists, at_most_one_row, *result)) return std::nullopt;
    return result;
  }

  // Rows are grouped by `keys` and by what the conditions need: that must be constant then.
  static bool add_keys(const Keys& keys, const Decorrelated& result) {
    Keys added;
    std::set_difference(result.propagated.begin(), result.propagated.end(), keys.begin(),
                        keys.end(), std::inserter(added, added.end()));
    return is_within(added, result.constants);
  }

  Keys output_keys(const SelectFacts& facts) const {
    Keys keys;
    for (const SelectOutput& output : facts.outputs)
      keys.insert(canonical_key(analysis_, output.expression, output.use, output.field));
    return keys;
  }

  bool limit(const Query& query, const SelectFacts& facts, bool only_exists, bool at_most_one_row,
             const Decorrelated& result) const {
    if (only_exists) return true;
    if (query.offset) return false;
    if (!query.limit || !query.limit->count) return true;
    if (query.limit->with_ties) return false;
    if (at_most_one_row) return true;
    const bool all_constant = !result.propagated.empty() || !result.is_correlated
                                  ? is_within(result.propagated, result.constants)
                                  : true;
    if (!all_constant || facts.is_aggregation) return false;
    return true;
  }

  static bool has_window(const QuerySpecification& node) {
    bool found = false;
    for (const SelectItem& item : node.items) {
      const auto* selected = std::get_if<SelectExpression>(&item.node);
      const auto* call = selected ? std::get_if<FunctionCall>(&selected->value->node) : nullptr;
      found = found || (call && call->window);
    }
    return found;
  }

  // FROM and WHERE.
  Result decorrelate_source(const QuerySpecification& node) const {
    Decorrelated result;
    if (node.from && !decorrelate_from(*node.from, result)) return std::nullopt;
    if (node.where && !take(*node.where, result)) return std::nullopt;
    return result;
  }

  bool decorrelate_from(const Relation& relation, Decorrelated& result) const {
    const Relation& inner = without_alias(relation);
    if (!reads_outside(inner)) return true;
    if (const auto* derived = std::get_if<SubqueryRelation>(&inner.node)) {
      const Result below = decorrelate(*derived->query, false);
      if (!below) return false;
      result = *below;
      return true;
    }
    if (const auto* lateral = std::get_if<Lateral>(&inner.node))
      return is_supported(*lateral->query, Use::kLateral);
    const auto* join = std::get_if<Join>(&inner.node);
    if (!join) return false;
    const bool on_inner = join->kind == JoinKind::kInner && join->on;
    for (const Relation* side : {join->left.get(), join->right.get()}) {
      const bool is_lateral = std::holds_alternative<Lateral>(without_alias(*side).node);
      if (reads_outside(*side) && !is_lateral) return false;
      if (is_lateral && !decorrelate_from(*side, result)) return false;
    }
    return !on_inner || take(*join->on, result);
  }

  // Takes the correlated terms out of a condition.
  bool take(const Expression& condition, Decorrelated& result) const {
    const auto* logical = std::get_if<Logical>(&condition.node);
    if (logical && logical->is_and) {
      return std::all_of(logical->terms.begin(), logical->terms.end(),
                         [&](const ExpressionPtr& term) { return take(*term, result); });
    }
    if (!reads_outside(condition)) return true;
    if (holds_query(condition)) return false;
    result.is_correlated = true;
    add_own_columns(condition, result.propagated);
    const auto* comparison = std::get_if<Comparison>(&condition.node);
    if (comparison && comparison->op == ComparisonOperator::kEqual) {
      add_constant(*comparison->left, *comparison->right, result.constants);
      add_constant(*comparison->right, *comparison->left, result.constants);
    }
    return true;
  }

  static bool holds_query(const Expression& expression) {
    if (query_of(expression)) return true;
    bool found = false;
    for_each_child(expression,
                   [&](const Expression& child) { found = found || holds_query(child); });
    return found;
  }

  void add_own_columns(const Expression& expression, Keys& keys) const {
    if (const std::optional<ColumnUse>& use = analysis_.of(expression).use) {
      if (is_own(*use)) keys.insert(canonical_key(*use));
      return;
    }
    for_each_child(expression, [&](const Expression& child) { add_own_columns(child, keys); });
  }

  // Whether different values stay different when they are converted.
  static bool keeps_values_apart(const Type& from, const Type& to) {
    if (to.is(TypeKind::kDouble))
      return from.is(TypeKind::kTinyint) || from.is(TypeKind::kSmallint) ||
             from.is(TypeKind::kInteger) || from.is(TypeKind::kReal);
    if (to.is(TypeKind::kReal)) return from.is(TypeKind::kTinyint) || from.is(TypeKind::kSmallint);
    return true;
  }

  // own = something outside; a column whose conversion makes values equal is not constant.
  void add_constant(const Expression& own, const Expression& outside, Keys& constants) const {
    const ExpressionFacts& facts = analysis_.of(own);
    Keys others;
    add_own_columns(outside, others);
    const bool keeps = !facts.coerced_to || keeps_values_apart(facts.type, *facts.coerced_to);
    if (facts.use && is_own(*facts.use) && keeps && others.empty())
      constants.insert(canonical_key(*facts.use));
  }

  const Analysis& analysis_;
  const FactsByNode& facts_;
  std::set<RelationIndex> relations_;
};

// Walks the whole statement.
class CorrelationCheck {
 public:
  explicit CorrelationCheck(const Analysis& analysis) : analysis_(analysis), facts_(analysis) {}

  void below(const Query& query) const {
    for_each_child_node(query, [this](const ChildNode& child) {
      std::visit([this](const auto* each) { visit(*each); }, child);
    });
  }

 private:
  void visit(const Query& query) const { below(query); }
  void visit(const Relation& relation) const {
    if (const auto* lateral = std::get_if<Lateral>(&relation.node))
      check(*lateral->query, Use::kLateral, lateral->query->location);
    for_each_child_node(relation.node, [this](const ChildNode& child) {
      std::visit([this](const auto* each) { visit(*each); }, child);
    });
  }
  void visit(const Expression& expression) const {
    if (const Query* query = query_of(expression)) {
      const bool exists = std::holds_alternative<Exists>(expression.node);
      const bool is_in = std::holds_alternative<InSubquery>(expression.node);
      const bool is_value = std::holds_alternative<ScalarSubquery>(expression.node);
      check(*query,
            exists     ? Use::kExists
            : is_value ? Use::kValue
                       : Use::kMembership,
            exists || is_in ? expression.location : query->location);
    }
    for_each_child_node(expression.node, [this](const ChildNode& child) {
      std::visit([this](const auto* each) { visit(*each); }, child);
    });
  }
  void check(const Query& query, Use use, Location place) const {
    const Subquery subquery(analysis_, facts_, query);
    if (!subquery.is_correlated(query) || subquery.is_supported(query, use)) return;
    throw semantic_error(ErrorCode::kNotSupported, place,
                         "Given correlated subquery is not supported");
  }

  const Analysis& analysis_;
  FactsByNode facts_;
};

}  // namespace

void check_correlations(const Analysis& analysis) {
  CorrelationCheck(analysis).below(*analysis.queries[analysis.root].node);
}

}  // namespace trailsql
