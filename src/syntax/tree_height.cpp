#include "syntax/tree_height.h"

#include <algorithm>

namespace trailsql {
namespace {

/// Visits what is directly below a node and keeps the greatest height.
class HeightVisitor {
 public:
  uint32_t height = 0;

  // Leaves

  void operator()(const NullLiteral&) {}
  void operator()(const BooleanLiteral&) {}
  void operator()(const StringLiteral&) {}
  void operator()(const BinaryLiteral&) {}
  void operator()(const IntegerLiteral&) {}
  void operator()(const DecimalLiteral&) {}
  void operator()(const DoubleLiteral&) {}
  void operator()(const TypedLiteral&) {}
  void operator()(const IntervalLiteral&) {}
  void operator()(const Parameter&) {}
  void operator()(const ColumnReference&) {}
  void operator()(const SpecialFunction&) {}
  void operator()(const TableReference&) {}
  void operator()(const TableBody&) {}

  // Expressions

  void operator()(const Dereference& node) { add(node.base); }
  void operator()(const Subscript& node) { add(node.base, node.index); }
  void operator()(const ArrayConstructor& node) { add(node.elements); }
  void operator()(const RowConstructor& node) { add(node.elements); }
  void operator()(const Arithmetic& node) { add(node.left, node.right); }
  void operator()(const Sign& node) { add(node.operand); }
  void operator()(const Concatenation& node) { add(node.left, node.right); }
  void operator()(const Comparison& node) { add(node.left, node.right); }
  void operator()(const Logical& node) { add(node.terms); }
  void operator()(const Not& node) { add(node.operand); }
  void operator()(const IsNull& node) { add(node.operand); }
  void operator()(const Between& node) { add(node.operand, node.low, node.high); }
  void operator()(const InList& node) { add(node.operand, node.values); }
  void operator()(const InSubquery& node) { add(node.operand, node.query); }
  void operator()(const Like& node) { add(node.operand, node.pattern, node.escape); }
  void operator()(const Exists& node) { add(node.query); }
  void operator()(const QuantifiedComparison& node) { add(node.operand, node.query); }
  void operator()(const ScalarSubquery& node) { add(node.query); }
  void operator()(const AtTimeZone& node) { add(node.operand, node.zone); }
  void operator()(const SearchedCase& node) { add(node.when, node.otherwise); }
  void operator()(const SimpleCase& node) { add(node.operand, node.when, node.otherwise); }
  void operator()(const If& node) { add(node.condition, node.then, node.otherwise); }
  void operator()(const Coalesce& node) { add(node.operands); }
  void operator()(const NullIf& node) { add(node.first, node.second); }
  void operator()(const Try& node) { add(node.operand); }
  void operator()(const Cast& node) { add(node.operand); }
  void operator()(const Extract& node) { add(node.operand); }
  void operator()(const Trim& node) { add(node.operand, node.characters); }
  void operator()(const FunctionCall& node) {
    add(node.arguments, node.order_by, node.filter);
    if (node.window == nullptr) return;
    if (const auto* window = std::get_if<WindowSpecification>(node.window.get())) add(*window);
  }
  void operator()(const Grouping& node) { add(node.columns); }
  void operator()(const Lambda& node) { add(node.body); }
  void operator()(const JsonPathCall& node) {
    add(node.input, node.passing, node.empty_default, node.error_default);
  }
  void operator()(const JsonObject& node) { add(node.members); }
  void operator()(const JsonArray& node) { add(node.elements); }

  // Relations

  void operator()(const SubqueryRelation& node) { add(node.query); }
  void operator()(const Unnest& node) { add(node.arrays); }
  void operator()(const Lateral& node) { add(node.query); }
  void operator()(const TableFunctionCall& node) { add(node.arguments); }
  void operator()(const AliasedRelation& node) { add(node.relation); }
  void operator()(const Join& node) { add(node.left, node.right, node.on); }
  void operator()(const SampledRelation& node) { add(node.relation, node.percentage); }

  // Query bodies

  void operator()(const QuerySpecification& node) {
    add(node.items, node.from, node.where, node.having);
    if (node.group_by) add(node.group_by->elements);
    for (const NamedWindow& window : node.windows) add(window.specification);
  }
  void operator()(const SetOperation& node) { add(node.left, node.right); }
  void operator()(const Values& node) { add(node.rows); }
  void operator()(const NestedQuery& node) { add(node.query); }

  // Parts of nodes

  template <typename First, typename Second, typename... Rest>
  void add(const First& first, const Second& second, const Rest&... rest) {
    add(first);
    add(second);
    (add(rest), ...);
  }
  template <typename T>
  void add(const std::unique_ptr<const T>& child) {
    if (child != nullptr) height = std::max(height, child->height);
  }
  template <typename T>
  void add(const std::vector<T>& children) {
    for (const T& child : children) add(child);
  }
  void add(const WhenClause& part) { add(part.condition, part.result); }
  void add(const SortItem& part) { add(part.key); }
  void add(const JsonInput& part) { add(part.value); }
  void add(const JsonPathPassing& part) { add(part.value); }
  void add(const JsonObjectMember& part) { add(part.key, part.value); }
  void add(const TableFunctionCall::Argument& part) { add(part.value); }
  void add(const GroupingElement& part) { add(part.sets); }
  void add(const SelectItem& part) {
    if (const auto* all = std::get_if<SelectAll>(&part.node)) {
      add(all->target);
    } else {
      add(std::get<SelectExpression>(part.node).value);
    }
  }
  void add(const WindowSpecification& part) {
    add(part.partition_by, part.order_by);
    if (!part.frame) return;
    add(part.frame->start.offset);
    if (part.frame->end) add(part.frame->end->offset);
  }
};

}  // namespace

uint32_t children_height(const Expression::Node& node) {
  HeightVisitor visitor;
  std::visit(visitor, node);
  return visitor.height;
}

uint32_t children_height(const Relation::Node& node) {
  HeightVisitor visitor;
  std::visit(visitor, node);
  return visitor.height;
}

uint32_t children_height(const Query& query) {
  HeightVisitor visitor;
  if (query.with) {
    for (const NamedQuery& named : query.with->queries) visitor.add(named.query);
  }
  std::visit(visitor, query.body);
  visitor.add(query.order_by, query.offset);
  if (query.limit) visitor.add(query.limit->count);
  return visitor.height;
}

}  // namespace trailsql
