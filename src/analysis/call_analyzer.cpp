// Function calls: scalar, aggregate and window.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/canonical_key.h"
#include "analysis/expression_analyzer.h"
#include "analysis/tree_walk.h"
#include "analysis/usual_mistakes.h"
#include "base/error.h"
#include "base/text.h"
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
  for (const Type& type : types) texts.push_back(type.display());
  return semantic_error(ErrorCode::kFunctionNotFound, place,
                        "Unexpected parameters ({}) for function {}. Expected: {}",
                        fmt::join(texts, ", "), to_lower_ascii(name), fmt::join(overloads, ", "));
}

std::string printed(const std::vector<const Expression*>& expressions) {
  std::vector<std::string> texts;
  for (const Expression* expression : expressions) texts.push_back(print_expression(*expression));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

}  // namespace

Type ExpressionAnalyzer::call_typeof(const Expression& expression, const FunctionCall& node) {
  std::vector<Type> types;
  for (const ExpressionPtr& argument : node.arguments) types.push_back(analyze(*argument));
  if (types.size() != 1) throw function_not_found(node, types, expression.location);
  return Type::varchar();
}

Type ExpressionAnalyzer::call(const Expression& expression, const FunctionCall& node) {
  const std::string name = to_lower_ascii(node.name.parts.back().value);
  if (!is_builtin(node.name)) {
    std::vector<Type> types;
    for (const ExpressionPtr& argument : node.arguments) types.push_back(analyze(*argument));
    throw function_not_found(node, types, expression.location);
  }
  if (name == "typeof") return call_typeof(expression, node);
  // The moment of the query's start, the same in all its places.
  if (name == "now" && node.arguments.empty()) return Type::timestamp_with_time_zone(3);
  const std::optional<FunctionKind> kind = find_function_kind(name);
  const bool is_aggregate = kind == FunctionKind::kAggregate && !node.window;
  if (node.distinct && kind && *kind != FunctionKind::kAggregate) {
    throw semantic_error(ErrorCode::kFunctionNotAggregate, expression.location,
                         "DISTINCT is not supported for non-aggregation functions");
  }
  if (kind == FunctionKind::kScalar && (node.filter || !node.order_by.empty())) {
    for (const ExpressionPtr& argument : node.arguments) analyze(*argument);
    for (const SortItem& item : node.order_by) analyze(*item.key);
    if (node.filter) analyze(*node.filter);
    throw semantic_error(ErrorCode::kFunctionNotAggregate, expression.location,
                         "{} is only valid for aggregation functions",
                         node.filter ? "Filter" : "ORDER BY");
  }
  if (node.filter && node.window) {
    throw semantic_error(ErrorCode::kNotSupported, select_location_,
                         "FILTER is not yet supported for window functions");
  }

  // Aggregates and windows inside this call's arguments are checked against what the call is.
  const size_t num_aggregates_before = aggregates_.size();
  const size_t num_windows_before = windows_.size();
  std::vector<const Expression*> arguments;
  std::vector<Type> types;
  for (const ExpressionPtr& argument : node.arguments) {
    arguments.push_back(argument.get());
    types.push_back(analyze(*argument));
  }
  call_order(node);
  if (node.filter) {
    analyze(*node.filter);
    require_boolean(*node.filter, "Filter expression");
  }
  if (is_aggregate) refuse_nested(expression, name, num_aggregates_before, num_windows_before);
  if (node.within_group && !types[0].is(TypeKind::kVarchar) && !types[0].is(TypeKind::kUnknown)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Expected expression of varchar, but '{}' has {} type",
                         print_expression(*arguments[0]), types[0].display());
  }
  if (node.star && name != "count") throw function_not_found(node, types, expression.location);
  if (kind == FunctionKind::kWindow && !node.window) {
    throw semantic_error(ErrorCode::kMissingOver, expression.location,
                         "Window function system.builtin.{} requires an OVER clause", name);
  }
  std::optional<Type> result = bind(expression, name, arguments);
  if (!result) throw function_not_found(node, types, expression.location);
  if (node.window) call_window(expression, node);
  if (is_aggregate) {
    context_.of(expression).is_aggregate = true;
    aggregates_.push_back(&expression);
  }
  return *result;
}

// An aggregate's arguments hold no aggregates and no windows: those met since these counts.
void ExpressionAnalyzer::refuse_nested(const Expression& expression, std::string_view name,
                                       size_t num_aggregates_before,
                                       size_t num_windows_before) const {
  const std::vector<const Expression*> nested(
      aggregates_.begin() + static_cast<std::ptrdiff_t>(num_aggregates_before), aggregates_.end());
  if (!nested.empty()) {
    throw semantic_error(ErrorCode::kNestedAggregation, expression.location,
                         "Cannot nest aggregations inside aggregation '{}': {}", name,
                         printed(nested));
  }
  const std::vector<const Expression*> windows(
      windows_.begin() + static_cast<std::ptrdiff_t>(num_windows_before), windows_.end());
  if (!windows.empty()) {
    throw semantic_error(
        ErrorCode::kNestedWindow, expression.location,
        "Cannot nest window functions or row pattern measures inside aggregation '{}': {}", name,
        printed(windows));
  }
}

void ExpressionAnalyzer::call_order(const FunctionCall& node) {
  for (const SortItem& item : node.order_by) {
    analyze(*item.key);
    const auto is_key = [&](const ExpressionPtr& argument) {
      return canonical_key(context_.analysis, *argument) ==
             canonical_key(context_.analysis, *item.key);
    };
    if (node.distinct && std::none_of(node.arguments.begin(), node.arguments.end(), is_key)) {
      throw semantic_error(
          ErrorCode::kExpressionNotInDistinct, item.key->location,
          "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments");
    }
  }
}

void ExpressionAnalyzer::call_window(const Expression& expression, const FunctionCall& node) {
  const FunctionKind kind = context_.of(expression).function->entry->kind;
  if (kind == FunctionKind::kScalar) {
    throw semantic_error(ErrorCode::kFunctionNotWindow, select_location_,
                         "Not a window function: {}", to_lower_ascii(node.name.parts.back().value));
  }
  if (const auto* specification = std::get_if<WindowSpecification>(node.window.get())) {
    analyze_window(*specification);
  } else {
    find_window(std::get<Identifier>(*node.window));
  }
  context_.of(expression).is_window = true;
  windows_.push_back(&expression);
}

const NamedWindow& ExpressionAnalyzer::find_window(const Identifier& name) const {
  if (named_windows_) {
    for (const NamedWindow& window : *named_windows_) {
      if (equals_ignoring_case(window.name.value, name.value)) return window;
    }
  }
  throw semantic_error(ErrorCode::kInvalidWindowReference, name.location,
                       "Cannot resolve WINDOW name {}", name.value);
}

void ExpressionAnalyzer::analyze_window(const WindowSpecification& specification) {
  if (specification.existing_window) {
    const WindowSpecification& base = find_window(*specification.existing_window).specification;
    if (!specification.partition_by.empty()) {
      throw semantic_error(
          ErrorCode::kInvalidPartitionBy, specification.partition_by[0]->location,
          "WINDOW specification with named WINDOW reference cannot specify PARTITION BY");
    }
    if (!specification.order_by.empty() && !base.order_by.empty()) {
      throw semantic_error(ErrorCode::kInvalidOrderBy, specification.order_by_location,
                           "Cannot specify ORDER BY if referenced named WINDOW specifies ORDER BY");
    }
    if (base.frame) {
      throw semantic_error(ErrorCode::kInvalidWindowReference,
                           specification.existing_window->location,
                           "Cannot reference named WINDOW containing frame specification");
    }
  }
  const size_t num_windows_before = windows_.size();
  const auto refuse_nested = [&] {
    if (windows_.size() == num_windows_before) return;
    throw semantic_error(
        ErrorCode::kNestedWindow, windows_.back()->location,
        "Cannot nest window functions or row pattern measures inside window specification");
  };
  for (const ExpressionPtr& key : specification.partition_by) {
    const Type& type = analyze(*key);
    refuse_nested();
    if (!is_comparable(type)) {
      throw semantic_error(
          ErrorCode::kTypeMismatch, key->location,
          "{} is not comparable, and therefore cannot be used in window function PARTITION BY",
          type.display());
    }
  }
  for (const SortItem& item : specification.order_by) {
    const Type& type = analyze(*item.key);
    refuse_nested();
    if (!is_orderable(type)) {
      throw semantic_error(
          ErrorCode::kTypeMismatch, item.key->location,
          "{} is not orderable, and therefore cannot be used in window function ORDER BY",
          type.display());
    }
  }
  if (!specification.frame) return;
  for (const ExpressionPtr* offset :
       {&specification.frame->start.offset,
        specification.frame->end ? &specification.frame->end->offset : nullptr}) {
    if (offset && *offset) analyze(**offset);
  }
}

}  // namespace trailsql
