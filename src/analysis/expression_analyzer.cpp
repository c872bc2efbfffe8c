#include "analysis/expression_analyzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "base/text.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {

const Type& ExpressionAnalyzer::analyze(const Expression& expression) {
  Type type = analyze_node(expression);
  ExpressionFacts& facts = context_.of(expression);
  facts.type = std::move(type);
  return facts.type;
}

// One overload a form, and no catch-all: a new form does not compile until it is typed here.
struct ExpressionAnalyzer::FormAnalyzer {
  ExpressionAnalyzer& self;
  const Expression& expression;

  Type operator()(const NullLiteral&) { return TypeKind::kUnknown; }
  Type operator()(const BooleanLiteral&) { return TypeKind::kBoolean; }
  Type operator()(const StringLiteral& node) {
    return Type::varchar(static_cast<uint32_t>(num_code_points(node.value)));
  }
  Type operator()(const BinaryLiteral&) { return TypeKind::kVarbinary; }
  Type operator()(const IntegerLiteral& node) { return self.integer(expression, node); }
  Type operator()(const DecimalLiteral& node) { return self.decimal(expression, node); }
  Type operator()(const DoubleLiteral&) { return TypeKind::kDouble; }
  Type operator()(const TypedLiteral& node) { return self.literal(expression, node); }
  Type operator()(const IntervalLiteral& node) { return self.interval(expression, node); }
  Type operator()(const Parameter& node) { return self.parameter(expression, node); }
  Type operator()(const ColumnReference& node) { return self.column(expression, node); }
  Type operator()(const Dereference& node) { return self.dereference(expression, node); }
  Type operator()(const Subscript& node) { return self.subscript(expression, node); }
  Type operator()(const ArrayConstructor& node) { return self.array(node); }
  Type operator()(const RowConstructor& node) { return self.row(node); }
  Type operator()(const Arithmetic& node) { return self.arithmetic(expression, node); }
  Type operator()(const Sign& node) { return self.sign(expression, node); }
  Type operator()(const Concatenation& node) { return self.concatenation(expression, node); }
  Type operator()(const Comparison& node) { return self.comparison(expression, node); }
  Type operator()(const Logical& node) { return self.logical(node); }
  Type operator()(const Not& node) {
    self.analyze(*node.operand);
    self.require_boolean(*node.operand, "Value of logical NOT expression");
    return TypeKind::kBoolean;
  }
  Type operator()(const IsNull& node) {
    self.analyze(*node.operand);
    return TypeKind::kBoolean;
  }
  Type operator()(const Between& node) { return self.between(expression, node); }
  Type operator()(const InList& node) { return self.in_list(expression, node); }
  Type operator()(const InSubquery& node) { return self.in_subquery(expression, node); }
  Type operator()(const Like& node) { return self.like(expression, node); }
  Type operator()(const Exists& node) { return self.exists(expression, node); }
  Type operator()(const QuantifiedComparison& node) { return self.quantified(expression, node); }
  Type operator()(const ScalarSubquery& node) { return self.scalar_subquery(expression, node); }
  Type operator()(const AtTimeZone& node) { return self.at_time_zone(expression, node); }
  Type operator()(const SearchedCase& node) { return self.searched_case(expression, node); }
  Type operator()(const SimpleCase& node) { return self.simple_case(expression, node); }
  Type operator()(const If& node) { return self.if_expression(expression, node); }
  Type operator()(const Coalesce& node) { return self.coalesce(node); }
  Type operator()(const NullIf& node) { return self.null_if(expression, node); }
  Type operator()(const Try& node) { return Type(self.analyze(*node.operand)); }
  Type operator()(const Cast& node) { return self.cast(expression, node); }
  Type operator()(const Extract& node) { return self.extract(expression, node); }
  Type operator()(const Trim& node) { return self.trim(expression, node); }
  Type operator()(const SpecialFunction& node) { return self.special_function(node); }
  Type operator()(const FunctionCall& node) { return self.call(expression, node); }
  Type operator()(const Grouping& node) { return self.grouping(expression, node); }
  Type operator()(const Lambda&) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Lambda expression should always be used inside a function");
  }
  Type operator()(const JsonPathCall& node) { return self.json_path_call(expression, node); }
  Type operator()(const JsonObject& node) { return self.json_object(expression, node); }
  Type operator()(const JsonArray& node) { return self.json_array(expression, node); }
};

Type ExpressionAnalyzer::analyze_node(const Expression& expression) {
  return std::visit(FormAnalyzer{*this, expression}, expression.node);
}

// A constant, whose names mean nothing here.
Type ExpressionAnalyzer::parameter(const Expression& expression, const Parameter& node) {
  const std::vector<const Expression*>& values = context_.analysis.parameters;
  if (node.index >= values.size()) {
    throw semantic_error(ErrorCode::kInvalidParameterUsage, expression.location,
                         "No value provided for parameter");
  }
  const Scope nothing(nullptr);
  return ExpressionAnalyzer(context_, nothing).analyze(*values[node.index]);
}

void ExpressionAnalyzer::coerce(const Expression& expression, const Type& type) {
  ExpressionFacts& facts = context_.of(expression);
  if (facts.type == type) return;
  facts.coerced_to = type;
}

void ExpressionAnalyzer::analyze_condition(const Expression& expression, std::string_view clause) {
  const Type& type = analyze(expression);
  if (!type.is(TypeKind::kBoolean) && !type.is(TypeKind::kUnknown)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "{} must evaluate to a boolean: actual type {}", clause, type.display());
  }
  coerce(expression, TypeKind::kBoolean);
}

std::string print_list(std::span<const Expression* const> expressions) {
  std::vector<std::string> texts;
  for (const Expression* expression : expressions) texts.push_back(print_expression(*expression));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

void refuse_aggregates(const std::vector<const Expression*>& found, std::string_view clause,
                       Location place) {
  if (found.empty()) return;
  throw semantic_error(
      ErrorCode::kExpressionNotScalar, place,
      "{} cannot contain aggregations, window functions or grouping operations: {}", clause,
      print_list(found));
}

void ExpressionAnalyzer::refuse_aggregates(std::string_view clause, Location place) const {
  std::vector<const Expression*> found = aggregates_;
  found.insert(found.end(), windows_.begin(), windows_.end());
  found.insert(found.end(), groupings_.begin(), groupings_.end());
  trailsql::refuse_aggregates(found, clause, place);
}

void ExpressionAnalyzer::require_boolean(const Expression& expression, std::string_view what) {
  const Type& type = type_of(expression);
  if (!type.is(TypeKind::kBoolean) && !type.is(TypeKind::kUnknown)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "{} must evaluate to a boolean (actual: {})", what, type.display());
  }
  coerce(expression, TypeKind::kBoolean);
}

Type ExpressionAnalyzer::common_type(const std::vector<const Expression*>& expressions,
                                     std::string_view what) {
  std::vector<Type> distinct;
  for (const Expression* expression : expressions) {
    const Type& type = analyze(*expression);
    if (std::find(distinct.begin(), distinct.end(), type) == distinct.end())
      distinct.push_back(type);
  }
  Type common = distinct.front();
  for (const Expression* expression : expressions) {
    const std::optional<Type> wider = common_super_type(common, type_of(*expression));
    if (!wider) {
      std::string all;
      for (const Type& type : distinct) all += (all.empty() ? "" : ", ") + type.display();
      throw semantic_error(ErrorCode::kTypeMismatch, expression->location,
                           "{} must be the same type or coercible to a common type. Cannot find "
                           "common type between {} and "
                           "{}, all types (without duplicates): [{}]",
                           what, common.display(), type_of(*expression).display(), all);
    }
    common = *wider;
  }
  for (const Expression* expression : expressions) coerce(*expression, common);
  return common;
}

std::optional<Type> ExpressionAnalyzer::bind(const Expression& expression,
                                             std::string_view function,
                                             const std::vector<const Expression*>& operands) {
  std::vector<Type> types;
  for (const Expression* operand : operands) types.push_back(type_of(*operand));
  const LambdaTyper type_lambda = [&](size_t operand, const std::vector<Type>& parameters) {
    return lambda(*operands[operand], parameters);
  };
  std::optional<BoundFunction> bound = resolve_function(function, types, type_lambda);
  if (!bound) return std::nullopt;
  for (size_t i = 0; i < operands.size(); ++i) {
    const Type& wanted = bound->argument_types[i];
    if (wanted.is(TypeKind::kFunction)) {
      lambda(*operands[i], parameter_types(wanted));
    } else {
      coerce(*operands[i], wanted);
    }
  }
  Type result = bound->result_type;
  context_.of(expression).function = std::move(bound);
  return result;
}

}  // namespace trailsql
