#include "syntax/child_nodes.h"

namespace trailsql {
namespace {

/// Hands out what is directly below a node. One overload a form, and no catch-all: a new form does
/// not compile until its children are named here.
class ChildVisitor {
 public:
  explicit ChildVisitor(const VisitChild& visit) : visit_(visit) {}

  // Leaves

  void operator()(const NullLiteral&) const {}
  void operator()(const BooleanLiteral&) const {}
  void operator()(const StringLiteral&) const {}
  void operator()(const BinaryLiteral&) const {}
  void operator()(const IntegerLiteral&) const {}
  void operator()(const DecimalLiteral&) const {}
  void operator()(const DoubleLiteral&) const {}
  void operator()(const TypedLiteral&) const {}
  void operator()(const IntervalLiteral&) const {}
  void operator()(const Parameter&) const {}
  void operator()(const ColumnReference&) const {}
  void operator()(const SpecialFunction&) const {}
  void operator()(const TableReference&) const {}
  void operator()(const TableBody&) const {}

  // Expressions

  void operator()(const Dereference& node) const { add(node.base); }
  void operator()(const Subscript& node) const { add(node.base, node.index); }
  void operator()(const ArrayConstructor& node) const { add(node.elements); }
  void operator()(const RowConstructor& node) const { add(node.elements); }
  void operator()(const Arithmetic& node) const { add(node.left, node.right); }
  void operator()(const Sign& node) const { add(node.operand); }
  void operator()(const Concatenation& node) const { add(node.left, node.right); }
  void operator()(const Comparison& node) const { add(node.left, node.right); }
  void operator()(const Logical& node) const { add(node.terms); }
  void operator()(const Not& node) const { add(node.operand); }
  void operator()(const IsNull& node) const { add(node.operand); }
  void operator()(const Between& node) const { add(node.operand, node.low, node.high); }
  void operator()(const InList& node) const { add(node.operand, node.values); }
  void operator()(const InSubquery& node) const { add(node.operand, node.query); }
  void operator()(const Like& node) const { add(node.operand, node.pattern, node.escape); }
  void operator()(const Exists& node) const { add(node.query); }
  void operator()(const QuantifiedComparison& node) const { add(node.operand, node.query); }
  void operator()(const ScalarSubquery& node) const { add(node.query); }
  void operator()(const AtTimeZone& node) const { add(node.operand, node.zone); }
  void operator()(const SearchedCase& node) const { add(node.when, node.otherwise); }
  void operator()(const SimpleCase& node) const { add(node.operand, node.when, node.otherwise); }
  void operator()(const If& node) const { add(node.condition, node.then, node.otherwise); }
  void operator()(const Coalesce& node) const { add(node.operands); }
  void operator()(const NullIf& node) const { add(node.first, node.second); }
  void operator()(const Try& node) const { add(node.operand); }
  void operator()(const Cast& node) const { add(node.operand); }
  void operator()(const Extract& node) const { add(node.operand); }
  void operator()(const Trim& node) const { add(node.characters, node.operand); }
  void operator()(const FunctionCall& node) const {
    add(node.arguments, node.order_by, node.filter);
    if (node.window == nullptr) return;
    if (const auto* window = std::get_if<WindowSpecification>(node.window.get())) add(*window);
  }
  void operator()(const Grouping& node) const { add(node.columns); }
  void operator()(const Lambda& node) const { add(node.body); }
  void operator()(const JsonPathCall& node) const {
    add(node.input, node.passing, node.empty_default, node.error_default);
  }
  void operator()(const JsonObject& node) const { add(node.members); }
  void operator()(const JsonArray& node) const { add(node.elements); }

  // Relations

  void operator()(const SubqueryRelation& node) const { add(node.query); }
  void operator()(const Unnest& node) const { add(node.arrays); }
  void operator()(const Lateral& node) const { add(node.query); }
  void operator()(const TableFunctionCall& node) const { add(node.arguments); }
  void operator()(const AliasedRelation& node) const { add(node.relation); }
  void operator()(const Join& node) const { add(node.left, node.right, node.on); }
  void operator()(const SampledRelation& node) const { add(node.relation, node.percentage); }

  // Query bodies

  void operator()(const QuerySpecification& node) const {
    add(node.items, node.from, node.where);
    if (node.group_by) add(node.group_by->elements);
    add(node.having, node.windows);
  }
  void operator()(const SetOperation& node) const { add(node.left, node.right); }
  void operator()(const Values& node) const { add(node.rows); }
  void operator()(const NestedQuery& node) const { add(node.query); }

  // Parts of nodes

  template <typename First, typename Second, typename... Rest>
  void add(const First& first, const Second& second, const Rest&... rest) const {
    add(first);
    add(second);
    (add(rest), ...);
  }
  template <typename T>
  void add(const std::unique_ptr<const T>& child) const {
    if (child != nullptr) visit_(child.get());
  }
  template <typename T>
  void add(const std::vector<T>& children) const {
    for (const T& child : children) add(child);
  }
  void add(const WhenClause& part) const { add(part.condition, part.result); }
  void add(const SortItem& part) const { add(part.key); }
  void add(const JsonInput& part) const { add(part.value); }
  void add(const JsonPathPassing& part) const { add(part.value); }
  void add(const JsonObjectMember& part) const { add(part.key, part.value); }
  void add(const TableFunctionCall::Argument& part) const { add(part.value); }
  void add(const GroupingElement& part) const { add(part.sets); }
  void add(const SelectItem& part) const {
    if (const auto* all = std::get_if<SelectAll>(&part.node)) {
      add(all->target);
    } else {
      add(std::get<SelectExpression>(part.node).value);
    }
  }
  void add(const NamedWindow& part) const { add(part.specification); }
  void add(const NamedQuery& part) const { add(part.query); }
  void add(const InlineFunction& part) const { add(part.steps); }
  void add(const RoutineStep& part) const { add(part.value); }
  void add(const WindowSpecification& part) const {
    add(part.partition_by, part.order_by);
    if (!part.frame) return;
    add(part.frame->start.offset);
    if (part.frame->end) add(part.frame->end->offset);
  }

 private:
  const VisitChild& visit_;
};

}  // namespace

void for_each_child_node(const Expression::Node& node, const VisitChild& visit) {
  std::visit(ChildVisitor(visit), node);
}

void for_each_child_node(const Relation::Node& node, const VisitChild& visit) {
  std::visit(ChildVisitor(visit), node);
}

void for_each_child_node(const Query& query, const VisitChild& visit) {
  const ChildVisitor visitor(visit);
  if (query.with) visitor.add(query.with->functions, query.with->queries);
  std::visit(visitor, query.body);
  visitor.add(query.order_by, query.offset);
  if (query.limit) visitor.add(query.limit->count);
}

}  // namespace trailsql
