// How high trees are: what bounds every recursion over them.
#pragma once

#include "syntax/query.h"

namespace trailsql {

/// Throws STACK_OVERFLOW if `height`, of a tree or of the parser's own calls, is beyond
/// kMaxTreeHeight.
void check_height(size_t height);

/// Returns the height of a node, one more than that of its highest child. Throws STACK_OVERFLOW
/// beyond kMaxTreeHeight.
uint32_t height_of(const Expression::Node& node);
uint32_t height_of(const Relation::Node& node);
/// The same for a query; its own `height` is not looked at.
uint32_t height_of(const Query& query);

}  // namespace trailsql
