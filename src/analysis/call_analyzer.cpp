// Function calls: scalar, aggregate and window.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/canonical_key.h"
#include "analysis/expression_analyzer.h"
#include "analysis/tree_walk.h"
#include "analysis/usual_mistakes.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/java_format.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

// `f`, or `system.builtin.f`.
bool is_builtin(const QualifiedName& name) {
  if (name.parts.size() == 1) return true;
  return name.parts.size() == 3 && equals_ignoring_case(name.parts[0].value, "system") &&
         equals_ignoring_case(name.parts[1].value, "builtin");
}

// A type as Trino spells it in this error: "map(integer,integer)", row("a" integer), <function>.
std::string spell_argument(const Type& type) {
  if (type.is(TypeKind::kFunction)) return "<function>";
  if (!type.is_nested()) return type.display();
  std::string out = std::string(kind_name(type.kind())) + "(";
  for (const RowField& field : type.fields()) {
    if (out.back() != '(') out += ',';
    if (field.name) out += fmt::format("\"{}\" ", *field.name);
    out += spell_argument(field.type);
  }
  return out + ")";
}

QueryError function_not_found(const FunctionCall& node, const std::vector<Type>& types,
                              Location place) {
  const std::string& name = node.name.parts.back().value;
  const std::vector<std::string> overloads =
      is_builtin(node.name) ? overload_texts(name) : std::vector<std::string>();
  if (overloads.empty()) {
    std::string full;
    for (const Identifier& part : node.name.parts)
      full += (full.empty() ? "" : ".") + to_lower_ascii(part.value);
    std::string hint = foreign_function_hint(full);
    if (hint.empty()) hint = did_you_mean(name, function_names());
    return QueryError(ErrorCode::kFunctionNotFound, place,
                      fmt::format("Function '{}' not registered", full), hint);
  }
  std::vector<std::string> texts;
  for (const Type& type : types) texts.push_back(spell_argument(type));
  return semantic_error(ErrorCode::kFunctionNotFound, place,
                        "Unexpected parameters ({}) for function {}. Expected: {}",
                        fmt::join(texts, ", "), to_lower_ascii(name), fmt::join(overloads, ", "));
}

QueryError null_treatment(std::string_view name, Location place) {
  return semantic_error(ErrorCode::kNullTreatmentNotAllowed, place,
                        "Cannot specify null treatment clause for {} function", name);
}

void check_format_arguments(const std::vector<const Expression*>& arguments,
                            const std::vector<Type>& types, Location place) {
  if (types.size() < 2) {
    throw semantic_error(ErrorCode::kSyntaxError, place,
                         "The 'format' function must have at least two arguments");
  }
  const Type& pattern = types[0];
  if (!pattern.is(TypeKind::kVarchar)) {
    throw semantic_error(ErrorCode::kTypeMismatch, arguments[0]->location,
                         "Type of first argument to format() must be VARCHAR (actual: {})",
                         pattern.display());
  }
  for (size_t i = 1; i < types.size(); ++i) {
    if (is_formattable(types[i])) continue;
    throw semantic_error(ErrorCode::kNotSupported, arguments[i]->location,
                         "Type not supported for formatting: {}", types[i].display());
  }
}

}  // namespace

Type ExpressionAnalyzer::call_typeof(const Expression& expression, const FunctionCall& node) {
  std::vector<Type> types;
  for (const ExpressionPtr& argument : node.arguments) types.push_back(analyze(*argument));
  if (types.size() != 1) throw function_not_found(node, types, expression.location);
  return Type::varchar();
}

// A call of WITH FUNCTION hides a function of the same name.
std::optional<Type> ExpressionAnalyzer::call_inline_function(const Expression& expression,
                                                             const FunctionCall& node,
                                                             std::string_view name) {
  for (uint32_t i = 0; i < context_.analysis.inline_functions.size(); ++i) {
    if (!equals_ignoring_case(context_.analysis.inline_functions[i].node->name.value, name))
      continue;
    std::vector<Type> types;
    for (const ExpressionPtr& argument : node.arguments) types.push_back(analyze(*argument));
    check_scalar_form(expression, node, name);
    const InlineFunctionFacts& function = context_.analysis.inline_functions[i];
    if (types.size() == function.parameters.size() &&
        std::equal(types.begin(), types.end(), function.parameters.begin(), can_coerce)) {
      for (size_t j = 0; j < types.size(); ++j) coerce(*node.arguments[j], function.parameters[j]);
      context_.of(expression).inline_function = i;
      return function.returns;
    }
    std::vector<std::string> given;
    std::vector<std::string> wanted;
    for (const Type& type : types) given.push_back(type.display());
    for (const Type& type : function.parameters) wanted.push_back(type.display());
    throw semantic_error(ErrorCode::kFunctionNotFound, expression.location,
                         "Unexpected parameters ({}) for function {}. Expected: {}({})",
                         fmt::join(given, ", "), name, name, fmt::join(wanted, ", "));
  }
  return std::nullopt;
}

// What Trino refuses before it looks at the arguments.
void ExpressionAnalyzer::check_call_form(const Expression& expression, const FunctionCall& node,
                                         std::string_view name,
                                         std::optional<FunctionKind> kind) const {
  if (node.filter && node.window) {
    throw semantic_error(ErrorCode::kNotSupported, select_location_,
                         "FILTER is not yet supported for window functions");
  }
  if (kind == FunctionKind::kAggregate) {
    if (node.ignore_nulls) throw null_treatment(name, expression.location);
    return;
  }
  const auto only_aggregates = [&](std::string_view text) {
    return semantic_error(ErrorCode::kFunctionNotAggregate, expression.location, "{}", text);
  };
  if (node.distinct) {
    throw only_aggregates("DISTINCT is not supported for non-aggregation functions");
  }
  if (!kind) return;
  if (node.filter) throw only_aggregates("Filter is only valid for aggregation functions");
  if (!node.order_by.empty() && *kind == FunctionKind::kWindow && node.window) {
    throw semantic_error(ErrorCode::kNotSupported, expression.location,
                         "Only aggregation window functions with ORDER BY are supported");
  }
  if (!node.order_by.empty()) {
    throw only_aggregates("ORDER BY is only valid for aggregation functions");
  }
  static constexpr std::string_view kByValue[] = {"lag", "lead", "first_value", "last_value",
                                                  "nth_value"};
  const bool by_value =
      std::find(std::begin(kByValue), std::end(kByValue), name) != std::end(kByValue);
  if (node.ignore_nulls && !by_value) throw null_treatment(name, expression.location);
}

// The same for functions that are not in the registry.
void ExpressionAnalyzer::check_scalar_form(const Expression& expression, const FunctionCall& node,
                                           std::string_view name) const {
  check_call_form(expression, node, name, FunctionKind::kScalar);
  if (node.window) throw not_a_window_function(name);
}

// DISTINCT and ORDER BY inside the parentheses of an aggregate.
void ExpressionAnalyzer::check_aggregate_modifiers(const Expression& expression,
                                                   const FunctionCall& node) {
  std::vector<std::string> arguments;
  for (const ExpressionPtr& argument : node.arguments) {
    if (node.distinct && !is_comparable(type_of(*argument))) {
      throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                           "DISTINCT can only be applied to comparable types (actual: {})",
                           type_of(*argument).display());
    }
    arguments.push_back(canonical_key(context_.analysis, *argument));
  }
  for (const SortItem& item : node.order_by) {
    if (!is_orderable(type_of(*item.key))) {
      throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                           "ORDER BY can only be applied to orderable types (actual: {})",
                           type_of(*item.key).display());
    }
    const std::string key = canonical_key(context_.analysis, *item.key);
    if (node.distinct && std::find(arguments.begin(), arguments.end(), key) == arguments.end()) {
      throw semantic_error(ErrorCode::kExpressionNotInDistinct, item.key->location,
                           "For aggregate function with DISTINCT, ORDER BY expressions must appear "
                           "in arguments");
    }
  }
}

Type ExpressionAnalyzer::grouping(const Expression& expression, const Grouping& node) {
  constexpr size_t kMaxColumns = 63;  // Trino's
  constexpr size_t kMaxIntegerColumns = 31;
  if (node.columns.size() > kMaxColumns) {
    throw semantic_error(ErrorCode::kInvalidArguments, expression.location,
                         "GROUPING supports up to {} column arguments", kMaxColumns);
  }
  for (const ExpressionPtr& column : node.columns) analyze(*column);
  groupings_.push_back(&expression);
  return node.columns.size() <= kMaxIntegerColumns ? TypeKind::kInteger : TypeKind::kBigint;
}

Type ExpressionAnalyzer::call(const Expression& expression, const FunctionCall& node) {
  const std::string name = to_lower_ascii(node.name.parts.back().value);
  if (node.name.parts.size() == 1) {
    if (std::optional<Type> type = call_inline_function(expression, node, name)) return *type;
  }
  if (!is_builtin(node.name)) {
    std::vector<Type> types;
    for (const ExpressionPtr& argument : node.arguments) types.push_back(analyze(*argument));
    throw function_not_found(node, types, expression.location);
  }
  const bool is_typeof = name == "typeof";
  // The moment of the query's start, the same in all its places.
  const bool is_now = name == "now" && node.arguments.empty();
  if (is_typeof || is_now) {
    check_scalar_form(expression, node, name);
    return is_typeof ? call_typeof(expression, node) : Type::timestamp_with_time_zone(3);
  }
  const std::optional<FunctionKind> kind = find_function_kind(name);
  const bool is_aggregate = kind == FunctionKind::kAggregate && !node.window;
  check_call_form(expression, node, name, kind);

  // Aggregates and windows inside this call's arguments are checked against what the call is.
  const size_t num_aggregates_before = aggregates_.size();
  const size_t num_windows_before = windows_.size();
  std::vector<const Expression*> arguments;
  std::vector<Type> types;
  for (const ExpressionPtr& argument : node.arguments) {
    arguments.push_back(argument.get());
    types.push_back(argument_type(*argument));
  }
  for (const SortItem& item : node.order_by) analyze(*item.key);
  if (node.filter) {
    analyze(*node.filter);
    require_boolean(*node.filter, "Filter expression");
  }
  if (is_aggregate) refuse_nested(expression, name, num_aggregates_before, num_windows_before);
  if (name == "format") check_format_arguments(arguments, types, expression.location);
  if (node.star && name != "count") throw function_not_found(node, types, expression.location);
  if (node.within_group && name == "listagg" && !types[0].is(TypeKind::kVarchar)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Expected expression of varchar, but '{}' has {} type",
                         print_expression(*node.arguments[0]), types[0].display());
  }
  if (kind == FunctionKind::kWindow && !node.window) {
    throw semantic_error(ErrorCode::kMissingOver, expression.location,
                         "Window function system.builtin.{} requires an OVER clause", name);
  }
  std::optional<Type> result = bind_call(expression, name, arguments);
  if (!result) throw function_not_found(node, types, expression.location);
  if (kind == FunctionKind::kAggregate) check_aggregate_modifiers(expression, node);
  if (node.window) {
    if (num_windows_before != windows_.size()) {
      throw semantic_error(
          ErrorCode::kNestedWindow, windows_[num_windows_before]->location,
          "Cannot nest window functions or row pattern measures inside window function arguments");
    }
    call_window(expression, node);
  }
  if (is_aggregate) {
    context_.of(expression).is_aggregate = true;
    aggregates_.push_back(&expression);
  }
  return *result;
}

// Trino tells of the place of a call that is ambiguous, but not of an operator.
std::optional<Type> ExpressionAnalyzer::bind_call(const Expression& expression,
                                                  std::string_view function,
                                                  const std::vector<const Expression*>& operands) {
  try {
    return bind(expression, function, operands);
  } catch (const QueryError& error) {
    if (error.code() != ErrorCode::kAmbiguousFunctionCall) throw;
    throw QueryError(error.code(), expression.location, error.what());
  }
}

// An aggregate's arguments hold no aggregates and no windows: those met since these counts.
void ExpressionAnalyzer::refuse_nested(const Expression& expression, std::string_view name,
                                       size_t num_aggregates_before,
                                       size_t num_windows_before) const {
  const auto nested = std::span(aggregates_).subspan(num_aggregates_before);
  if (!nested.empty()) {
    throw semantic_error(ErrorCode::kNestedAggregation, expression.location,
                         "Cannot nest aggregations inside aggregation '{}': {}", name,
                         print_list(nested));
  }
  const auto windows = std::span(windows_).subspan(num_windows_before);
  if (!windows.empty()) {
    throw semantic_error(
        ErrorCode::kNestedWindow, expression.location,
        "Cannot nest window functions or row pattern measures inside aggregation '{}': {}", name,
        print_list(windows));
  }
}

}  // namespace trailsql
