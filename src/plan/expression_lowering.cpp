// Expressions → engine SQL: dispatch, references, calls, subqueries.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "analysis/canonical_key.h"
#include "analysis/literal_value.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "functions/operators.h"
#include "functions/timestamp_value.h"
#include "plan/lowering.h"
#include "types/time_units.h"

namespace trailsql {

std::string quoted_text(std::string_view text) {
  std::string out = "'";
  bool has_nul = false;
  for (char c : text) {
    if (c == '\0') {
      has_nul = true;
      out += "'||chr(0)||'";
      continue;
    }
    if (c == '\'') out += '\'';
    out += c;
  }
  out += '\'';
  return has_nul ? "(" + out + ")" : out;
}

std::string field_sql(const std::string& row, uint32_t field) {
  return fmt::format("struct_extract({}, 'f{}')", row, field);
}

std::string path_sql(std::string row, const FieldPath& path, size_t begin) {
  for (size_t i = begin; i < path.size(); ++i) row = field_sql(row, path[i]);
  return row;
}

Type type_at(const Type& type, const FieldPath& path) {
  Type result = type;
  for (uint32_t field : path) result = Type(result.fields()[field].type);
  return result;
}

std::string Lowering::converted(const std::string& sql, const Type& from, const Type& to,
                                bool safe) {
  if (from.is(TypeKind::kUnknown)) return fmt::format("CAST(NULL AS {})", engine_type_name(to));
  return lower_cast(sql, from, to, safe, kernels_, analysis_.start_time_us / kMicrosecondsPerDay);
}

LoweredExpression Lowering::lower(const Expression& expression) {
  const size_t num_queries = num_lowered_queries_;
  LoweredExpression value = lower_value(expression);
  value.has_subquery = num_lowered_queries_ > num_queries;
  const ExpressionFacts& facts = analysis_.of(expression);
  if (!facts.coerced_to || *facts.coerced_to == facts.type) return value;
  value.sql = converted(value.sql, facts.type, *facts.coerced_to);
  return value;
}

LoweredExpression Lowering::lower_value(const Expression* expression, const ColumnUse& use) {
  return expression ? lower_value(*expression) : LoweredExpression{reference(use)};
}

LoweredExpression Lowering::lower_value(const Expression& expression) {
  if (!replacements_.empty()) {
    const std::string key = canonical_key(analysis_, expression);
    for (auto replacements = replacements_.rbegin(); replacements != replacements_.rend();
         ++replacements) {
      if (const auto found = (*replacements)->find(key); found != (*replacements)->end())
        return {captured(found->second)};
    }
  }
  const ExpressionFacts& facts = analysis_.of(expression);
  if (facts.parameter)
    return {lambda_parameters_.at(facts.parameter->lambda)[facts.parameter->index]};
  if (facts.use) return {captured(reference(*facts.use))};
  if (captures_ && (facts.is_window || facts.query)) {
    const std::optional<Captures> outside = std::exchange(captures_, std::nullopt);
    LoweredExpression value = lower_node(expression);
    captures_ = outside;
    return {captured(value.sql), value.may_fail};
  }
  return lower_node(expression);
}

// One overload a form, and no catch-all: a new form does not compile until it is lowered here.
struct Lowering::FormLowering {
  Lowering& self;
  const Expression& expression;
  const Type& type;

  LoweredExpression operator()(const NullLiteral&) { return {"CAST(NULL AS INTEGER)"}; }
  LoweredExpression operator()(const BooleanLiteral& node) {
    return {node.value ? "TRUE" : "FALSE"};
  }
  LoweredExpression operator()(const StringLiteral& node) { return {quoted_text(node.value)}; }
  LoweredExpression operator()(const BinaryLiteral& node) {
    std::string hex;
    for (char c : node.bytes) hex += fmt::format("{:02X}", static_cast<unsigned char>(c));
    return {fmt::format("from_hex('{}')", hex)};
  }
  LoweredExpression operator()(const IntegerLiteral& node) {
    return {fmt::format("CAST({} AS {})", *integer_value(node), engine_type_name(type))};
  }
  LoweredExpression operator()(const DecimalLiteral& node) {
    return {fmt::format("CAST('{}' AS {})", without_separators(node.text), engine_type_name(type))};
  }
  LoweredExpression operator()(const DoubleLiteral& node) {
    return {fmt::format("CAST('{}' AS DOUBLE)", without_separators(node.text))};
  }
  LoweredExpression operator()(const TypedLiteral& node) {
    return {self.typed_literal(expression, node)};
  }
  LoweredExpression operator()(const IntervalLiteral& node) {
    return {fmt::format("CAST({} AS {})", *interval_value(node), engine_type_name(type))};
  }
  LoweredExpression operator()(const Parameter& node) {
    return self.lower(*self.analysis_.parameters[node.index]);
  }
  LoweredExpression operator()(const ColumnReference&) { return unsupported("This name is"); }
  LoweredExpression operator()(const Dereference& node) {
    const LoweredExpression base = self.lower(*node.base);
    return {field_sql(base.sql, *self.analysis_.of(expression).field), base.may_fail};
  }
  LoweredExpression operator()(const Subscript& node) {
    if (const std::optional<uint32_t>& field = self.analysis_.of(expression).field) {
      const LoweredExpression base = self.lower(*node.base);
      return {field_sql(base.sql, *field), base.may_fail};
    }
    // The engine forgets the type of what lies at NULL.
    if (self.analysis_.of(*node.index).type.is(TypeKind::kUnknown))
      return {fmt::format("CAST(NULL AS {})", engine_type_name(type))};
    return self.bound_call(expression, {node.base.get(), node.index.get()});
  }
  LoweredExpression operator()(const ArrayConstructor& node) {
    LoweredExpression result = list(node.elements);
    // Elements have their exact type already; each cast of a nested type costs its whole depth.
    result.sql = node.elements.empty() ? fmt::format("CAST([] AS {})", engine_type_name(type))
                                       : fmt::format("[{}]", result.sql);
    return result;
  }
  LoweredExpression operator()(const RowConstructor& node) {
    LoweredExpression result;
    for (size_t i = 0; i < node.elements.size(); ++i) {
      const LoweredExpression element = self.lower(*node.elements[i]);
      result.sql += fmt::format("{}'f{}': {}", i == 0 ? "" : ", ", i, element.sql);
      result.may_fail = result.may_fail || element.may_fail;
    }
    result.sql = "{" + result.sql + "}";
    return result;
  }
  LoweredExpression operator()(const Arithmetic& node) {
    return self.bound_call(expression, {node.left.get(), node.right.get()});
  }
  LoweredExpression operator()(const Sign& node) {
    if (!node.negative) return self.lower(*node.operand);
    return self.bound_call(expression, {node.operand.get()});
  }
  LoweredExpression operator()(const Concatenation& node) {
    return self.bound_call(expression, {node.left.get(), node.right.get()});
  }
  LoweredExpression operator()(const Comparison& node) {
    return self.lower_comparison(expression, node);
  }
  LoweredExpression operator()(const Logical& node) { return self.lower_logical(node); }
  LoweredExpression operator()(const Not& node) {
    const LoweredExpression operand = self.lower(*node.operand);
    return {"(NOT " + operand.sql + ")", operand.may_fail};
  }
  LoweredExpression operator()(const IsNull& node) {
    const LoweredExpression operand = self.lower(*node.operand);
    return {fmt::format("({} IS {}NULL)", operand.sql, node.negated ? "NOT " : ""),
            operand.may_fail};
  }
  LoweredExpression operator()(const Between& node) { return self.lower_between(expression, node); }
  LoweredExpression operator()(const InList& node) { return self.lower_in_list(expression, node); }
  LoweredExpression operator()(const InSubquery& node) {
    return self.lower_in_subquery(expression, node);
  }
  LoweredExpression operator()(const Like& node) {
    std::vector<const Expression*> operands{node.operand.get(), node.pattern.get()};
    if (node.escape) operands.push_back(node.escape.get());
    LoweredExpression result = self.bound_call(expression, operands);
    if (node.negated) result.sql = "(NOT " + result.sql + ")";
    return result;
  }
  LoweredExpression operator()(const Exists&) {
    const LoweredQuery query = self.lower_query(*self.analysis_.of(expression).query);
    return {fmt::format("EXISTS ({})", query.sql)};
  }
  LoweredExpression operator()(const QuantifiedComparison& node) {
    return self.lower_quantified(expression, node);
  }
  LoweredExpression operator()(const ScalarSubquery&) {
    // The engine computes it once, whatever stands around it.
    return {fmt::format("({})", self.subquery_value(expression, type))};
  }
  LoweredExpression operator()(const AtTimeZone& node) {
    if (!self.analysis_.of(expression).function) return self.lower_time_at_zone(expression, node);
    return self.bound_call(expression, {node.operand.get(), node.zone.get()});
  }
  LoweredExpression operator()(const SearchedCase& node) { return self.lower_searched_case(node); }
  LoweredExpression operator()(const SimpleCase& node) {
    return self.lower_simple_case(expression, node);
  }
  LoweredExpression operator()(const If& node) {
    const LoweredExpression condition = self.lower(*node.condition);
    const LoweredExpression then = self.lower(*node.then);
    const LoweredExpression otherwise =
        node.otherwise ? self.lower(*node.otherwise) : LoweredExpression{"NULL"};
    return {
        fmt::format("(CASE WHEN {} THEN {} ELSE {} END)", condition.sql, then.sql, otherwise.sql),
        condition.may_fail || then.may_fail || otherwise.may_fail};
  }
  LoweredExpression operator()(const Coalesce& node) {
    // Nothing after a constant is computed.
    const auto& first = node.operands.front();
    if (std::holds_alternative<IntegerLiteral>(first->node) ||
        std::holds_alternative<StringLiteral>(first->node))
      return self.lower(*first);
    LoweredExpression result = list(node.operands);
    result.sql = "coalesce(" + result.sql + ")";
    return result;
  }
  LoweredExpression operator()(const NullIf& node) { return self.lower_null_if(expression, node); }
  LoweredExpression operator()(const Try& node) {
    const LoweredExpression operand = self.lower(*node.operand);
    return {operand.may_fail ? "TRY(" + operand.sql + ")" : operand.sql};
  }
  LoweredExpression operator()(const Cast& node) { return self.lower_cast_node(expression, node); }
  LoweredExpression operator()(const Extract& node) {
    return self.bound_call(expression, {node.operand.get()});
  }
  LoweredExpression operator()(const Trim& node) {
    std::vector<const Expression*> operands{node.operand.get()};
    if (node.characters) operands.push_back(node.characters.get());
    return self.bound_call(expression, operands);
  }
  LoweredExpression operator()(const SpecialFunction& node) {
    return self.lower_special(expression, node);
  }
  LoweredExpression operator()(const FunctionCall& node) {
    return self.lower_call_node(expression, node);
  }
  LoweredExpression operator()(const Grouping&) { return unsupported("GROUPING() is"); }
  LoweredExpression operator()(const Lambda&) { return unsupported("A lambda here is"); }
  LoweredExpression operator()(const JsonPathCall& node) {
    std::vector<const Expression*> operands{node.input.value.get()};
    if (node.kind == JsonPathCall::Kind::kValue) {
      operands.push_back(node.empty_default.get());
      operands.push_back(node.error_default.get());
    }
    for (const JsonPathPassing& passing : node.passing)
      operands.push_back(passing.value.value.get());
    return self.json_call(expression, operands);
  }
  LoweredExpression operator()(const JsonObject& node) {
    std::vector<const Expression*> operands;
    for (const JsonObjectMember& member : node.members) {
      operands.push_back(member.key.get());
      operands.push_back(member.value.value.get());
    }
    return self.json_call(expression, operands);
  }
  LoweredExpression operator()(const JsonArray& node) {
    std::vector<const Expression*> operands;
    for (const JsonInput& element : node.elements) operands.push_back(element.value.get());
    return self.json_call(expression, operands);
  }

  LoweredExpression list(const std::vector<ExpressionPtr>& expressions) {
    LoweredExpression result;
    for (const ExpressionPtr& element : expressions) {
      const LoweredExpression lowered = self.lower(*element);
      result.sql += (result.sql.empty() ? "" : ", ") + lowered.sql;
      result.may_fail = result.may_fail || lowered.may_fail;
    }
    return result;
  }
  LoweredExpression unsupported(std::string_view what) {
    throw semantic_error(ErrorCode::kNotSupported, expression.location, "{} not supported yet",
                         what);
  }
};

LoweredExpression Lowering::lower_node(const Expression& expression) {
  if (analysis_.of(expression).reads_json) return lower_json_access(expression);
  return std::visit(FormLowering{*this, expression, analysis_.of(expression).type},
                    expression.node);
}

LoweredExpression Lowering::bound_call(const Expression& expression,
                                       const std::vector<const Expression*>& operands) {
  if (needs_captures(expression, operands)) return lower_with_captures(expression, operands);
  const BoundFunction& function = *analysis_.of(expression).function;
  const LoweredArguments arguments = lower_arguments(function, operands);
  return {
      lower_call(function, arguments.sql, kernels_, {}, {lambda_depth_, arguments.lambda_may_fail}),
      function.entry->may_fail || arguments.may_fail};
}

std::string Lowering::internal_call(std::string_view name, const std::vector<Type>& types,
                                    const std::vector<std::string>& arguments,
                                    const AggregateModifiers& modifiers) {
  return lower_call(*resolve_function(name, types), arguments, kernels_, modifiers);
}

Lowering::LoweredArguments Lowering::lower_arguments(
    const BoundFunction& function, const std::vector<const Expression*>& operands) {
  LoweredArguments result;
  size_t num_lambdas = 0;
  for (const Expression* operand : operands) {
    const bool is_lambda = std::holds_alternative<Lambda>(operand->node);
    LoweredExpression lowered =
        is_lambda ? lower_lambda(*function.entry, *operand, num_lambdas++) : lower(*operand);
    result.may_fail = result.may_fail || lowered.may_fail;
    result.lambda_may_fail = result.lambda_may_fail || (is_lambda && lowered.may_fail);
    result.sql.push_back(std::move(lowered.sql));
  }
  return result;
}

// A SQL/JSON call: what it says comes first; an operand that is not there is NULL.
LoweredExpression Lowering::json_call(const Expression& expression,
                                      const std::vector<const Expression*>& operands) {
  const ExpressionFacts& facts = analysis_.of(expression);
  std::vector<std::string> arguments{quoted_text(facts.call_options)};
  for (const Expression* operand : operands) {
    arguments.push_back(operand ? lower(*operand).sql
                                : fmt::format("CAST(NULL AS {})", engine_type_name(facts.type)));
  }
  return {lower_call(*facts.function, arguments, kernels_), true};
}

LoweredExpression Lowering::lower_call_node(const Expression& expression,
                                            const FunctionCall& node) {
  const ExpressionFacts& facts = analysis_.of(expression);
  if (facts.inline_function)
    return inline_call(analysis_.inline_functions[*facts.inline_function], node);
  if (facts.is_window) return {aggregate_sql(expression, window_tail(node)), true};
  if (facts.is_aggregate) return {aggregate_sql(expression, ""), true};
  if (facts.function) {
    std::vector<const Expression*> operands;
    for (const ExpressionPtr& argument : node.arguments) operands.push_back(argument.get());
    return bound_call(expression, operands);
  }
  if (equals_ignoring_case(node.name.parts.back().value, "typeof")) {
    return {quoted_text(analysis_.of(*node.arguments[0]).type.display())};
  }
  // now() has milliseconds, as current_timestamp has: the two are equal.
  const Stamp now = round_stamp({analysis_.start_time_us}, facts.type.precision());
  return {timestamp_constant(now.microseconds, facts.type)};
}

// The function's value with the arguments in the place of its parameters.
LoweredExpression Lowering::inline_call(const InlineFunctionFacts& function,
                                        const FunctionCall& node) {
  std::vector<std::vector<DeliveredPart>> columns(
      analysis_.relations[function.relation].columns.size());
  std::string nulls;
  for (size_t i = 0; i < node.arguments.size(); ++i) {
    const std::string sql = lower(*node.arguments[i]).sql;
    columns[i] = {{{}, sql}};
    nulls += fmt::format("{}{} IS NULL", nulls.empty() ? "" : " OR ", sql);
  }
  std::vector<std::vector<DeliveredPart>> outer =
      std::exchange(delivered_[function.relation], std::move(columns));
  std::string result;
  for (size_t i = 0; i < function.node->steps.size() && result.empty(); ++i) {
    const RoutineStep& step = function.node->steps[i];
    const std::string value = step.value ? lower(*step.value).sql : "";
    if (value.size() > kMaxEngineSqlBytes) {
      throw semantic_error(ErrorCode::kQueryTextTooLarge, step.location,
                           "The query is too large once its functions are written out");
    }
    if (step.kind == RoutineStep::Kind::kReturn) result = value;
    for (const uint32_t column : function.step_columns[i]) {
      const Type& type = analysis_.relations[function.relation].columns[column].type;
      delivered_[function.relation][column] = {
          {{}, step.value ? value : fmt::format("CAST(NULL AS {})", engine_type_name(type))}};
    }
  }
  delivered_[function.relation] = std::move(outer);
  if (function.node->null_on_null && !nulls.empty())
    result = fmt::format("(CASE WHEN {} THEN NULL ELSE {} END)", nulls, result);
  return {result, true};
}

std::string Lowering::aggregate_sql(const Expression& expression, const std::string& tail) {
  const auto& node = std::get<FunctionCall>(expression.node);
  const BoundFunction& function = *analysis_.of(expression).function;
  std::vector<const Expression*> operands;
  for (const ExpressionPtr& argument : node.arguments) operands.push_back(argument.get());
  std::vector<std::string> arguments = lower_arguments(function, operands).sql;
  AggregateModifiers modifiers;
  const std::string name = to_lower_ascii(node.name.parts.back().value);
  // Of equal values the first one counts, in its place.
  const bool distinct_after =
      node.distinct && node.order_by.empty() && name == "array_agg" && tail.empty();
  modifiers.distinct = node.distinct && !distinct_after;
  for (const SortItem& item : node.order_by) {
    modifiers.order += modifiers.order.empty() ? " ORDER BY " : ", ";
    modifiers.order += sort_item(lower_value(*item.key).sql, analysis_.of(*item.key).type,
                                 item.descending, item.nulls_first.value_or(false));
  }
  if (node.ignore_nulls.value_or(false)) modifiers.order += " IGNORE NULLS";
  if (node.filter) modifiers.tail += fmt::format(" FILTER (WHERE {})", lower(*node.filter).sql);
  modifiers.tail += tail;
  if (node.listagg_overflow) {
    if (arguments.size() == 1) arguments.emplace_back("''");
    arguments.push_back(quoted_text(node.listagg_overflow->filler.value_or("...")));
    arguments.emplace_back(node.listagg_overflow->with_count ? "TRUE" : "FALSE");
    return internal_call(kTruncatedListaggOperator,
                         {Type::varchar(), Type::varchar(), Type::varchar(), TypeKind::kBoolean},
                         arguments, modifiers);
  }
  const std::string sql =
      lower_call(function, arguments, kernels_, modifiers, {lambda_depth_, false});
  return distinct_after ? internal_call("array_distinct", {analysis_.of(expression).type}, {sql})
                        : sql;
}

}  // namespace trailsql
