#include "analysis/canonical_key.h"

#include <fmt/core.h>

#include "analysis/tree_walk.h"
#include "base/text.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

// What a form says beyond its children. Forms without attributes are told apart by their index
// alone.
struct Attributes {
  std::string operator()(const BooleanLiteral& node) const { return node.value ? "true" : "false"; }
  std::string operator()(const StringLiteral& node) const { return json_string(node.value); }
  std::string operator()(const BinaryLiteral& node) const { return json_string(node.bytes); }
  std::string operator()(const IntegerLiteral& node) const { return node.text; }
  std::string operator()(const DecimalLiteral& node) const { return node.text; }
  std::string operator()(const DoubleLiteral& node) const { return node.text; }
  std::string operator()(const TypedLiteral& node) const { return json_string(node.text); }
  std::string operator()(const IntervalLiteral& node) const {
    return fmt::format("{}{}:{}:{}", node.negative ? "-" : "", json_string(node.text),
                       static_cast<int>(node.from), node.to ? static_cast<int>(*node.to) : -1);
  }
  std::string operator()(const Parameter& node) const { return std::to_string(node.index); }
  std::string operator()(const ColumnReference& node) const {
    return to_lower_ascii(node.name.value);
  }
  std::string operator()(const Dereference& node) const { return to_lower_ascii(node.field.value); }
  std::string operator()(const Arithmetic& node) const {
    return std::to_string(static_cast<int>(node.op));
  }
  std::string operator()(const Comparison& node) const {
    return std::to_string(static_cast<int>(node.op));
  }
  std::string operator()(const Sign& node) const { return node.negative ? "-" : "+"; }
  std::string operator()(const Logical& node) const { return node.is_and ? "and" : "or"; }
  std::string operator()(const IsNull& node) const { return node.negated ? "not" : ""; }
  std::string operator()(const Between& node) const { return node.negated ? "not" : ""; }
  std::string operator()(const InList& node) const { return node.negated ? "not" : ""; }
  std::string operator()(const Like& node) const { return node.negated ? "not" : ""; }
  std::string operator()(const Cast& node) const { return node.safe ? "try" : ""; }
  std::string operator()(const Extract& node) const { return to_lower_ascii(node.field.value); }
  std::string operator()(const Trim& node) const {
    return std::to_string(static_cast<int>(node.side));
  }
  std::string operator()(const SpecialFunction& node) const {
    return fmt::format("{}:{}", static_cast<int>(node.name),
                       node.precision ? static_cast<int>(*node.precision) : -1);
  }
  std::string operator()(const FunctionCall& node) const {
    return fmt::format("{}:{}{}{}:{}:{}{}", to_lower_ascii(node.name.parts.back().value),
                       node.distinct, node.star, node.within_group, node.arguments.size(),
                       node.filter != nullptr, node.window != nullptr);
  }
  std::string operator()(const Lambda& node) const {
    std::string names;
    for (const Identifier& parameter : node.parameters)
      names += to_lower_ascii(parameter.value) + ",";
    return names;
  }
  template <typename Node>
  std::string operator()(const Node&) const {
    return {};
  }
};

bool needs_whole_text(const Expression& expression) {
  // Subqueries, windows and JSON calls are compared as they print: equal texts in one scope mean
  // the same.
  if (query_of(expression)) return true;
  if (const auto* call = std::get_if<FunctionCall>(&expression.node))
    return call->window || !call->order_by.empty();
  return std::holds_alternative<JsonPathCall>(expression.node) ||
         std::holds_alternative<JsonObject>(expression.node) ||
         std::holds_alternative<JsonArray>(expression.node);
}

void append_key(const Analysis& analysis, const Expression& expression, std::string& out) {
  const ExpressionFacts& facts = analysis.of(expression);
  if (facts.use) {
    out += canonical_key(*facts.use);
    return;
  }
  if (needs_whole_text(expression)) {
    out += "{" + print_expression(expression) + "}";
    return;
  }
  fmt::format_to(std::back_inserter(out), "({}{}", expression.node.index(),
                 std::visit(Attributes{}, expression.node));
  if (std::holds_alternative<Cast>(expression.node) ||
      std::holds_alternative<TypedLiteral>(expression.node)) {
    out += ":" + facts.type.display();
  }
  for_each_child(expression, [&](const Expression& child) {
    out += ' ';
    append_key(analysis, child, out);
  });
  out += ')';
}

}  // namespace

std::string canonical_key(const ColumnUse& use) {
  std::string key = fmt::format("#{}.{}", use.relation, use.column);
  for (uint32_t field : use.path) fmt::format_to(std::back_inserter(key), ".{}", field);
  return key;
}

std::string canonical_key(const Analysis& analysis, const Expression* expression,
                          const ColumnUse& use, std::optional<uint32_t> field) {
  if (!expression) return canonical_key(use);
  const std::string key = canonical_key(analysis, *expression);
  return field ? fmt::format("({}.{})", key, *field) : key;
}

std::string canonical_key(const Analysis& analysis, const Expression& expression) {
  std::string out;
  append_key(analysis, expression, out);
  return out;
}

}  // namespace trailsql
