// What stands directly below a node of a tree, whatever the node's form: the one place that knows
// which members of a node are nodes.
#pragma once

#include <functional>
#include <variant>

#include "syntax/query.h"

namespace trailsql {

/// Points to one node below another; never null. Lives as long as the tree.
using ChildNode = std::variant<const Expression*, const Relation*, const Query*>;
using VisitChild = std::function<void(const ChildNode&)>;

/// Calls `visit` for every node directly below, in the order of the text.
void for_each_child_node(const Expression::Node& node, const VisitChild& visit);
void for_each_child_node(const Relation::Node& node, const VisitChild& visit);
void for_each_child_node(const Query& query, const VisitChild& visit);

}  // namespace trailsql
