#include "syntax/tree_height.h"

#include <algorithm>

#include "base/error.h"
#include "syntax/child_nodes.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

template <typename Node>
uint32_t height_above_children(const Node& node) {
  uint32_t highest = 0;
  for_each_child_node(node, [&](const ChildNode& child) {
    std::visit([&](const auto* below) { highest = std::max(highest, below->height); }, child);
  });
  check_height(highest + 1);
  return highest + 1;
}

}  // namespace

void check_height(size_t height) {
  if (height <= kMaxTreeHeight) return;
  throw QueryError(ErrorCode::kStackOverflow,
                   "statement is too large (stack overflow during analysis)");
}

uint32_t height_of(const Expression::Node& node) { return height_above_children(node); }

uint32_t height_of(const Relation::Node& node) { return height_above_children(node); }

// The sides of a set operation already count the operation (see SqlParser::make_body).
uint32_t height_of(const Query& query) {
  if (const auto* operation = std::get_if<SetOperation>(&query.body)) {
    const uint32_t height = std::max(operation->left->height, operation->right->height);
    check_height(height);
    if (!query.with && query.order_by.empty()) return height;
  }
  return height_above_children(query);
}

}  // namespace trailsql
