#include "analysis/tree_walk.h"

#include "syntax/child_nodes.h"

namespace trailsql {
namespace {

class ExpressionWalk {
 public:
  explicit ExpressionWalk(const std::function<bool(const Expression&)>& visit) : visit_(visit) {}

  void operator()(const Query* node) const { below(*node); }
  void operator()(const Relation* node) const { below(node->node); }
  void operator()(const Expression* node) const {
    if (visit_(*node)) below(node->node);
  }

 private:
  template <typename Node>
  void below(const Node& node) const {
    for_each_child_node(node, [this](const ChildNode& child) { std::visit(*this, child); });
  }

  const std::function<bool(const Expression&)>& visit_;
};

}  // namespace

void for_each_child(const Expression& expression,
                    const std::function<void(const Expression&)>& visit) {
  for_each_child_node(expression.node, [&](const ChildNode& child) {
    if (const auto* below = std::get_if<const Expression*>(&child)) visit(**below);
  });
}

const Relation& without_alias(const Relation& relation) {
  const auto* aliased = std::get_if<AliasedRelation>(&relation.node);
  return aliased ? without_alias(*aliased->relation) : relation;
}

const Query* query_of(const Expression& expression) {
  const Query* found = nullptr;
  for_each_child_node(expression.node, [&](const ChildNode& child) {
    if (const auto* query = std::get_if<const Query*>(&child)) found = *query;
  });
  return found;
}

void walk_expressions(const Query& query, const std::function<bool(const Expression&)>& visit) {
  ExpressionWalk{visit}(&query);
}

}  // namespace trailsql
