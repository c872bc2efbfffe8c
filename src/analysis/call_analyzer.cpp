// Function calls: scalar, aggregate and window.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/expression_analyzer.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/java_format.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

QueryError function_not_found(const FunctionCall& node, const std::vector<Type>& types,
                              Location place) {
  const std::string& name = node.name.parts.back().value;
  const std::vector<std::string> overloads = overload_texts(name);
  if (overloads.empty()) {
    return QueryError(ErrorCode::kFunctionNotFound, place,
                      fmt::format("Function '{}' not registered", name),
                      did_you_mean(name, function_names()));
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

void check_format_arguments(const std::vector<const Expression*>& arguments,
                            const std::vector<Type>& types) {
  const Type& pattern = types[0];
  if (!pattern.is(TypeKind::kVarchar) && !pattern.is(TypeKind::kUnknown)) {
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
  if (node.arguments.size() != 1) throw function_not_found(node, {}, expression.location);
  analyze(*node.arguments[0]);
  return Type::varchar();
}

Type ExpressionAnalyzer::call(const Expression& expression, const FunctionCall& node) {
  const std::string name = to_lower_ascii(node.name.parts.back().value);
  if (name == "typeof") return call_typeof(expression, node);
  // The moment of the query's start, the same in all its places.
  if (name == "now" && node.arguments.empty()) return Type::timestamp_with_time_zone(3);
  const std::optional<FunctionKind> kind = find_function_kind(name);
  const bool is_aggregate = kind == FunctionKind::kAggregate && !node.window;
  if (node.distinct && kind && *kind != FunctionKind::kAggregate) {
    throw semantic_error(ErrorCode::kFunctionNotAggregate, expression.location,
                         "DISTINCT is not supported for non-aggregation functions");
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
  for (const SortItem& item : node.order_by) analyze(*item.key);
  if (node.filter) {
    analyze(*node.filter);
    require_boolean(*node.filter, "Filter expression");
  }
  if (is_aggregate) {
    const std::vector<const Expression*> nested(
        aggregates_.begin() + static_cast<std::ptrdiff_t>(num_aggregates_before),
        aggregates_.end());
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
  if (name == "format") check_format_arguments(arguments, types);
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
          ErrorCode::kInvalidWindowReference, specification.partition_by[0]->location,
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
  for (const ExpressionPtr& key : specification.partition_by) {
    const Type& type = analyze(*key);
    if (!is_comparable(type)) {
      throw semantic_error(
          ErrorCode::kTypeMismatch, key->location,
          "{} is not comparable, and therefore cannot be used in window function PARTITION BY",
          type.display());
    }
  }
  for (const SortItem& item : specification.order_by) {
    const Type& type = analyze(*item.key);
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
