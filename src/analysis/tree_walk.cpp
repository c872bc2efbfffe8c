#include "analysis/tree_walk.h"

#include "syntax/query.h"

namespace trailsql {
namespace {

using Visit = std::function<void(const Expression&)>;

// One overload a form, and no catch-all: a new form does not compile until its children are named
// here.
class ChildVisitor {
 public:
  explicit ChildVisitor(const Visit& visit) : visit_(visit) {}

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
  void operator()(const Exists&) const {}
  void operator()(const ScalarSubquery&) const {}
  void operator()(const Dereference& node) const { each(node.base); }
  void operator()(const Subscript& node) const { each(node.base, node.index); }
  void operator()(const ArrayConstructor& node) const { list(node.elements); }
  void operator()(const RowConstructor& node) const { list(node.elements); }
  void operator()(const Arithmetic& node) const { each(node.left, node.right); }
  void operator()(const Sign& node) const { each(node.operand); }
  void operator()(const Concatenation& node) const { each(node.left, node.right); }
  void operator()(const Comparison& node) const { each(node.left, node.right); }
  void operator()(const Logical& node) const { list(node.terms); }
  void operator()(const Not& node) const { each(node.operand); }
  void operator()(const IsNull& node) const { each(node.operand); }
  void operator()(const Between& node) const { each(node.operand, node.low, node.high); }
  void operator()(const InSubquery& node) const { each(node.operand); }
  void operator()(const Like& node) const { each(node.operand, node.pattern, node.escape); }
  void operator()(const QuantifiedComparison& node) const { each(node.operand); }
  void operator()(const AtTimeZone& node) const { each(node.operand, node.zone); }
  void operator()(const If& node) const { each(node.condition, node.then, node.otherwise); }
  void operator()(const Coalesce& node) const { list(node.operands); }
  void operator()(const NullIf& node) const { each(node.first, node.second); }
  void operator()(const Try& node) const { each(node.operand); }
  void operator()(const Cast& node) const { each(node.operand); }
  void operator()(const Extract& node) const { each(node.operand); }
  void operator()(const Trim& node) const { each(node.operand, node.characters); }
  void operator()(const Grouping& node) const { list(node.columns); }
  void operator()(const Lambda& node) const { each(node.body); }
  void operator()(const InList& node) const {
    each(node.operand);
    list(node.values);
  }
  void operator()(const SearchedCase& node) const {
    when(node.when);
    each(node.otherwise);
  }
  void operator()(const SimpleCase& node) const {
    each(node.operand);
    when(node.when);
    each(node.otherwise);
  }
  void operator()(const FunctionCall& node) const {
    list(node.arguments);
    sort(node.order_by);
    each(node.filter);
    if (!node.window) return;
    if (const auto* specification = std::get_if<WindowSpecification>(node.window.get()))
      window(*specification);
  }
  void operator()(const JsonPathCall& node) const {
    each(node.input.value);
    for (const JsonPathPassing& passing : node.passing) each(passing.value.value);
    each(node.empty_default, node.error_default);
  }
  void operator()(const JsonObject& node) const {
    for (const JsonObjectMember& member : node.members) each(member.key, member.value.value);
  }
  void operator()(const JsonArray& node) const {
    for (const JsonInput& element : node.elements) each(element.value);
  }

 private:
  template <typename... Pointers>
  void each(const Pointers&... pointers) const {
    ((pointers ? visit_(*pointers) : void()), ...);
  }
  void list(const std::vector<ExpressionPtr>& expressions) const {
    for (const ExpressionPtr& expression : expressions) visit_(*expression);
  }
  void when(const std::vector<WhenClause>& clauses) const {
    for (const WhenClause& clause : clauses) each(clause.condition, clause.result);
  }
  void sort(const std::vector<SortItem>& items) const {
    for (const SortItem& item : items) visit_(*item.key);
  }
  void window(const WindowSpecification& specification) const {
    list(specification.partition_by);
    sort(specification.order_by);
    if (!specification.frame) return;
    each(specification.frame->start.offset);
    if (specification.frame->end) each(specification.frame->end->offset);
  }

  const Visit& visit_;
};

}  // namespace

void for_each_child(const Expression& expression, const Visit& visit) {
  std::visit(ChildVisitor(visit), expression.node);
}

const Query* query_of(const Expression& expression) {
  if (const auto* node = std::get_if<Exists>(&expression.node)) return node->query.get();
  if (const auto* node = std::get_if<ScalarSubquery>(&expression.node)) return node->query.get();
  if (const auto* node = std::get_if<InSubquery>(&expression.node)) return node->query.get();
  if (const auto* node = std::get_if<QuantifiedComparison>(&expression.node))
    return node->query.get();
  return nullptr;
}

namespace {

class ExpressionWalk {
 public:
  explicit ExpressionWalk(const std::function<bool(const Expression&)>& visit) : visit_(visit) {}

  void query(const Query& node) const {
    if (node.with) {
      for (const NamedQuery& named : node.with->queries) query(*named.query);
    }
    std::visit([this](const auto& body) { visit_body(body); }, node.body);
    sort(node.order_by);
  }

 private:
  void expression(const ExpressionPtr& pointer) const {
    if (pointer) expression(*pointer);
  }
  void expression(const Expression& node) const {
    if (!visit_(node)) return;
    for_each_child(node, [this](const Expression& child) { expression(child); });
    if (const Query* inner = query_of(node)) query(*inner);
  }
  void sort(const std::vector<SortItem>& items) const {
    for (const SortItem& item : items) expression(item.key);
  }

  void visit_body(const QuerySpecification& body) const {
    for (const SelectItem& item : body.items) {
      if (const auto* selected = std::get_if<SelectExpression>(&item.node))
        expression(selected->value);
    }
    if (body.from) relation(*body.from);
    expression(body.where);
    if (body.group_by) {
      for (const GroupingElement& element : body.group_by->elements) {
        for (const auto& set : element.sets) {
          for (const ExpressionPtr& key : set) expression(key);
        }
      }
    }
    expression(body.having);
    for (const NamedWindow& window : body.windows) {
      for (const ExpressionPtr& key : window.specification.partition_by) expression(key);
      sort(window.specification.order_by);
    }
  }
  void visit_body(const SetOperation& body) const {
    query(*body.left);
    query(*body.right);
  }
  void visit_body(const Values& body) const {
    for (const ExpressionPtr& row : body.rows) expression(row);
  }
  void visit_body(const TableBody&) const {}
  void visit_body(const NestedQuery& body) const { query(*body.query); }

  void relation(const Relation& node) const {
    std::visit([this](const auto& form) { visit_relation(form); }, node.node);
  }
  void visit_relation(const TableReference&) const {}
  void visit_relation(const SubqueryRelation& node) const { query(*node.query); }
  void visit_relation(const Lateral& node) const { query(*node.query); }
  void visit_relation(const AliasedRelation& node) const { relation(*node.relation); }
  void visit_relation(const Unnest& node) const {
    for (const ExpressionPtr& array : node.arrays) expression(array);
  }
  void visit_relation(const TableFunctionCall& node) const {
    for (const TableFunctionCall::Argument& argument : node.arguments) expression(argument.value);
  }
  void visit_relation(const Join& node) const {
    relation(*node.left);
    relation(*node.right);
    expression(node.on);
  }
  void visit_relation(const SampledRelation& node) const {
    relation(*node.relation);
    expression(node.percentage);
  }

  const std::function<bool(const Expression&)>& visit_;
};

}  // namespace

void walk_expressions(const Query& query, const std::function<bool(const Expression&)>& visit) {
  ExpressionWalk(visit).query(query);
}

}  // namespace trailsql
