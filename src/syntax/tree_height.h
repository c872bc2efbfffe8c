// How high trees are: what bounds every recursion over them.
#pragma once

#include "syntax/query.h"

namespace trailsql {

/// Returns the height of the highest child of a node, 0 if it has none.
uint32_t children_height(const Expression::Node& node);
uint32_t children_height(const Relation::Node& node);
/// Returns the height of the highest child of a query; its own `height` is not looked at.
uint32_t children_height(const Query& query);

}  // namespace trailsql
