// WITH RECURSIVE: a base, and a step that reads what the last step has made.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/query_parts.h"
#include "base/error.h"
#include "base/text.h"
#include "syntax/child_nodes.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

// Where a name is read as a table, in a tree of any form.
class References {
 public:
  explicit References(std::string name) : name_(std::move(name)) {}

  template <typename Node>
  std::vector<Location> in(const Node& node) const {
    std::vector<Location> found;
    collect(node, found);
    return found;
  }

 private:
  void collect(const Query& query, std::vector<Location>& found) const {
    // A WITH inside that has the same name hides it.
    if (query.with) {
      for (const NamedQuery& named : query.with->queries) {
        if (equals_ignoring_case(named.name.value, name_)) return;
      }
    }
    if (const auto* table = std::get_if<TableBody>(&query.body)) {
      if (is_name(table->name)) found.push_back(query.location);
    }
    below(query, found);
  }
  void collect(const Relation& relation, std::vector<Location>& found) const {
    if (const auto* table = std::get_if<TableReference>(&relation.node)) {
      if (is_name(table->name)) found.push_back(relation.location);
    }
    below(relation.node, found);
  }
  void collect(const Expression& expression, std::vector<Location>& found) const {
    below(expression.node, found);
  }
  template <typename Node>
  void below(const Node& node, std::vector<Location>& found) const {
    for_each_child_node(node, [&](const ChildNode& child) {
      std::visit([&](const auto* each) { collect(*each, found); }, child);
    });
  }
  bool is_name(const QualifiedName& name) const {
    return name.parts.size() == 1 && equals_ignoring_case(name.parts[0].value, name_);
  }

  std::string name_;
};

QueryError bad_reference(Location place, std::string_view text) {
  return semantic_error(ErrorCode::kInvalidRecursiveReference, place, "{}", text);
}

// Joins and set operations in the step's FROM lose no row of the recursion, nor see it all at once.
class StepCheck {
 public:
  explicit StepCheck(const References& references) : references_(references) {}

  void check(const Relation& relation) const {
    if (const auto* join = std::get_if<Join>(&relation.node)) check_join(*join);
    below(relation.node);
  }
  void check(const Query& query) const {
    if (const auto* operation = std::get_if<SetOperation>(&query.body)) check_operation(*operation);
    below(query);
  }
  void check(const Expression& expression) const { below(expression.node); }

 private:
  template <typename Node>
  void below(const Node& node) const {
    for_each_child_node(node, [&](const ChildNode& child) {
      std::visit([&](const auto* each) { check(*each); }, child);
    });
  }
  template <typename Node>
  void refuse(const Node& node, std::string_view text) const {
    const std::vector<Location> found = references_.in(node);
    if (!found.empty()) throw bad_reference(found[0], text);
  }
  void check_join(const Join& join) const {
    if (join.kind == JoinKind::kLeft)
      refuse(*join.right, "recursive reference in right source of LEFT join");
    if (join.kind == JoinKind::kRight)
      refuse(*join.left, "recursive reference in left source of RIGHT join");
    if (join.kind != JoinKind::kFull) return;
    refuse(*join.left, "recursive reference in left source of FULL join");
    refuse(*join.right, "recursive reference in right source of FULL join");
  }
  void check_operation(const SetOperation& node) const {
    if (node.op == SetOperator::kIntersect && node.all) {
      refuse(*node.left, "recursive reference in INTERSECT ALL");
      refuse(*node.right, "recursive reference in INTERSECT ALL");
    }
    if (node.op != SetOperator::kExcept) return;
    if (node.all) refuse(*node.left, "recursive reference in left relation of EXCEPT ALL");
    refuse(*node.right, fmt::format("recursive reference in right relation of EXCEPT {}",
                                    node.all ? "ALL" : "DISTINCT"));
  }

  const References& references_;
};

// What the recursive query is made of must stand alone: no WITH, ORDER BY, OFFSET or LIMIT.
void check_clauses(const Query& query) {
  const auto refuse = [](ErrorCode code, Location place, std::string_view clause) {
    return semantic_error(code, place, "immediate {} clause in recursive query", clause);
  };
  if (query.with) throw refuse(ErrorCode::kNotSupported, query.with->location, "WITH");
  if (!query.order_by.empty())
    throw refuse(ErrorCode::kNotSupported, query.order_by_location, "ORDER BY");
  if (query.offset) throw refuse(ErrorCode::kNotSupported, query.offset_location, "OFFSET");
  if (query.limit)
    throw refuse(ErrorCode::kInvalidLimitClause, query.limit->location, "FETCH FIRST / LIMIT");
}

void check_step(const References& references, const SetOperation& node) {
  const std::vector<Location> in_base = references.in(*node.left);
  if (!in_base.empty()) {
    throw bad_reference(in_base[0],
                        "WITH table name is referenced in the base relation of recursion");
  }
  const std::vector<Location> in_step = references.in(*node.right);
  if (in_step.size() > 1) {
    throw bad_reference(in_step[1],
                        "multiple recursive references in the step relation of recursion");
  }
  const Query* step = node.right.get();
  while (const auto* nested = std::get_if<NestedQuery>(&step->body)) step = nested->query.get();
  const auto* select = std::get_if<QuerySpecification>(&step->body);
  const bool in_from = select && select->from && !references.in(*select->from).empty();
  if (!in_from && !std::holds_alternative<TableBody>(step->body)) {
    throw bad_reference(
        in_step[0], "recursive reference outside of FROM clause of the step relation of recursion");
  }
  if (in_from) StepCheck(references).check(*select->from);
}

// The name of the recursion inside its step: columns of the base, under the names that WITH gives.
RelationIndex add_self(AnalysisContext& context, const NamedQuery& named, QueryIndex base) {
  const std::vector<OutputField>& outputs = context.analysis.queries[base].outputs;
  if (named.columns.size() != outputs.size()) {
    throw semantic_error(ErrorCode::kMismatchedColumnAliases, named.columns.front().location,
                         "Column alias list has {} entries but relation has {} columns",
                         named.columns.size(), outputs.size());
  }
  RelationFacts facts{RecursionRelation{}, {}};
  for (size_t i = 0; i < outputs.size(); ++i) {
    facts.columns.push_back({named.columns[i].value, outputs[i].type, false});
  }
  context.analysis.relations.push_back(std::move(facts));
  return static_cast<RelationIndex>(context.analysis.relations.size() - 1);
}

void check_types(const AnalysisContext& context, QueryIndex base, QueryIndex step, Location place) {
  const std::vector<OutputField>& wanted = context.analysis.queries[base].outputs;
  const std::vector<OutputField>& made = context.analysis.queries[step].outputs;
  if (wanted.size() != made.size()) {
    throw semantic_error(ErrorCode::kTypeMismatch, place,
                         "base and step relations of recursion have different number of fields: "
                         "{}, {}",
                         wanted.size(), made.size());
  }
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (can_coerce(made[i].type, wanted[i].type)) continue;
    throw semantic_error(ErrorCode::kTypeMismatch, place,
                         "recursion step relation output type ({}) is not coercible to recursion "
                         "base relation output type ({}) at column {}",
                         made[i].type.display(), wanted[i].type.display(), i + 1);
  }
}

}  // namespace

std::optional<QueryIndex> analyze_recursion(AnalysisContext& context, const NamedQuery& named,
                                            const Scope& scope) {
  const Query& query = *named.query;
  const References references(named.name.value);
  const std::vector<Location> found = references.in(query);
  if (found.empty()) return std::nullopt;
  const auto* node = std::get_if<SetOperation>(&query.body);
  if (!node || node->op != SetOperator::kUnion)
    throw bad_reference(found[0], "recursive reference not allowed in this context");
  check_clauses(query);
  check_step(references, *node);

  RecursionFacts body;
  body.distinct = !node->all;
  body.base = analyze_query_node(context, *node->left, &scope);
  body.self = add_self(context, named, body.base);
  Scope step_scope(&scope);
  step_scope.add_recursion(to_lower_ascii(named.name.value), body.self);
  body.step = analyze_query_node(context, *node->right, &step_scope);
  check_types(context, body.base, body.step, node->right->location);
  QueryFacts facts;
  facts.node = &query;
  facts.outputs = context.analysis.queries[body.base].outputs;
  facts.body = body;
  context.analysis.queries.push_back(std::move(facts));
  return static_cast<QueryIndex>(context.analysis.queries.size() - 1);
}

}  // namespace trailsql
