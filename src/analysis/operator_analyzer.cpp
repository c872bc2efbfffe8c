// Operators, predicates, conversions and conditional forms.
#include <fmt/format.h>

#include <array>

#include "analysis/expression_analyzer.h"
#include "analysis/type_resolver.h"
#include "analysis/usual_mistakes.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "functions/operators.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

QueryError cannot_apply(Location place, const Type& left, std::string_view symbol,
                        const Type& right) {
  const bool compares = symbol == "=" || symbol == "<" || symbol == "<=";
  return QueryError(
      ErrorCode::kTypeMismatch, place,
      fmt::format("Cannot apply operator: {} {} {}", left.display(), symbol, right.display()),
      compares ? comparison_hint(left, right) : arithmetic_hint(left, symbol, right));
}

// Both sides of a predicate become one type; empty when there is none that can be compared so.
std::optional<Type> comparable_type(const Type& left, const Type& right, bool ordered) {
  std::optional<Type> common = common_super_type(left, right);
  if (!common || !is_comparable(*common) || (ordered && !is_orderable(*common)))
    return std::nullopt;
  return common;
}

bool may_be_text(const Type& type) { return type.is_text() || type.is(TypeKind::kUnknown); }

}  // namespace

Type ExpressionAnalyzer::arithmetic(const Expression& expression, const Arithmetic& node) {
  struct Operator {
    std::string_view function;
    std::string_view symbol;
  };
  static constexpr std::array<Operator, 5> kOperators{{{kAddOperator, "+"},
                                                       {kSubtractOperator, "-"},
                                                       {kMultiplyOperator, "*"},
                                                       {kDivideOperator, "/"},
                                                       {kModulusOperator, "%"}}};
  const Operator& op = kOperators[static_cast<size_t>(node.op)];
  const Type left = analyze(*node.left);
  const Type right = analyze(*node.right);
  if (std::optional<Type> type = bind(expression, op.function, {node.left.get(), node.right.get()}))
    return *type;
  throw cannot_apply(expression.location, left, op.symbol, right);
}

Type ExpressionAnalyzer::sign(const Expression& expression, const Sign& node) {
  const Type operand = analyze(*node.operand);
  if (!node.negative) {
    if (operand.is_integral() || operand.is_floating()) return operand;
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Unary '+' operator cannot by applied to {} type", operand.display());
  }
  if (std::optional<Type> type = bind(expression, kNegateOperator, {node.operand.get()}))
    return *type;
  throw semantic_error(ErrorCode::kTypeMismatch, expression.location, "Cannot negate {}",
                       operand.display());
}

Type ExpressionAnalyzer::concatenation(const Expression& expression, const Concatenation& node) {
  const Type left = analyze(*node.left);
  const Type right = analyze(*node.right);
  if (std::optional<Type> type =
          bind_call(expression, "concat", {node.left.get(), node.right.get()}))
    return *type;
  throw semantic_error(ErrorCode::kFunctionNotFound, expression.location,
                       "Unexpected parameters ({}, {}) for function concat. Expected: {}",
                       left.display(), right.display(), fmt::join(overload_texts("concat"), ", "));
}

Type ExpressionAnalyzer::comparison(const Expression& expression, const Comparison& node) {
  const Type left = analyze(*node.left);
  const Type right = analyze(*node.right);
  using Op = ComparisonOperator;
  const bool distinct = node.op == Op::kIsDistinctFrom || node.op == Op::kIsNotDistinctFrom;
  const bool equality = distinct || node.op == Op::kEqual || node.op == Op::kNotEqual;
  const std::optional<Type> common = comparable_type(left, right, !equality);
  if (!common) {
    if (distinct) {
      throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                           "Cannot check if {} is identical to {}", left.display(),
                           right.display());
    }
    // Trino has no operators > and >=: its messages name < and <=, and keep the order of the sides.
    const bool strict = node.op == Op::kLess || node.op == Op::kGreater;
    throw cannot_apply(expression.location, left, equality ? "=" : strict ? "<" : "<=", right);
  }
  coerce(*node.left, *common);
  coerce(*node.right, *common);
  context_.of(expression).operand_type = common;
  const bool with_null = std::holds_alternative<NullLiteral>(node.left->node) ||
                         std::holds_alternative<NullLiteral>(node.right->node);
  if (with_null && !distinct) {
    context_.analysis.advice.push_back(
        fmt::format("line {}:{}: {} is never true: write IS {}NULL", expression.location.line,
                    expression.location.column, print_expression(expression),
                    node.op == Op::kNotEqual ? "NOT " : ""));
  }
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::logical(const Logical& node) {
  for (const ExpressionPtr& term : node.terms) {
    analyze(*term);
    require_boolean(*term, "Logical expression term");
  }
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::between(const Expression& expression, const Between& node) {
  const Type value = analyze(*node.operand);
  const Type low = analyze(*node.low);
  const Type high = analyze(*node.high);
  std::optional<Type> common = comparable_type(value, low, true);
  if (common) common = comparable_type(*common, high, true);
  if (!common) {
    throw QueryError(ErrorCode::kTypeMismatch, expression.location,
                     fmt::format("Cannot check if {} is BETWEEN {} and {}", value.display(),
                                 low.display(), high.display()),
                     comparison_hint(value, low));
  }
  for (const Expression* side : {node.operand.get(), node.low.get(), node.high.get()})
    coerce(*side, *common);
  context_.of(expression).operand_type = common;
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::in_list(const Expression& expression, const InList& node) {
  std::vector<const Expression*> all{node.operand.get()};
  for (const ExpressionPtr& value : node.values) all.push_back(value.get());
  context_.of(expression).operand_type = common_type(all, "IN value and list items");
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::like(const Expression& expression, const Like& node) {
  const Type value = analyze(*node.operand);
  if (!may_be_text(value)) {
    throw semantic_error(ErrorCode::kTypeMismatch, node.operand->location,
                         "Left side of LIKE expression must evaluate to a varchar (actual: {})",
                         value.display());
  }
  const Type pattern = analyze(*node.pattern);
  if (!may_be_text(pattern) || pattern.is(TypeKind::kChar)) {
    throw semantic_error(ErrorCode::kTypeMismatch, node.pattern->location,
                         "Pattern for LIKE expression must evaluate to a varchar (actual: {})",
                         pattern.display());
  }
  std::vector<const Expression*> operands{node.operand.get(), node.pattern.get()};
  if (node.escape) {
    const Type escape = analyze(*node.escape);
    if (!may_be_text(escape)) {
      throw semantic_error(ErrorCode::kTypeMismatch, node.escape->location,
                           "Escape for LIKE expression must evaluate to a varchar (actual: {})",
                           escape.display());
    }
    operands.push_back(node.escape.get());
  }
  if (!bind(expression, kLikeOperator, operands)) {
    throw semantic_error(ErrorCode::kNotSupported, expression.location,
                         "LIKE over {} is not supported yet", value.display());
  }
  return TypeKind::kBoolean;
}

Type ExpressionAnalyzer::time_at_time_zone(const Expression& expression, const AtTimeZone& node,
                                           const Type& zone) {
  const Type value = Type::time_with_time_zone(context_.of(*node.operand).type.precision());
  // The offset of a zone that has a name is that of the statement's moment, which the plan knows.
  if (zone.is(TypeKind::kVarchar)) {
    coerce(*node.operand, value);
    return value;
  }
  if (bind(expression, kTimeAtZoneOperator, {node.operand.get(), node.zone.get()})) return value;
  throw QueryError(ErrorCode::kFunctionNotFound,
                   fmt::format("Unexpected parameters ({}, {}) for function {}. Expected: {}",
                               value.display(), zone.display(), kTimeAtZoneOperator,
                               fmt::join(overload_texts(kTimeAtZoneOperator), ", ")));
}

Type ExpressionAnalyzer::at_time_zone(const Expression& expression, const AtTimeZone& node) {
  const Type value = analyze(*node.operand);
  const Type zone = analyze(*node.zone);
  switch (value.kind()) {
    case TypeKind::kTime:
    case TypeKind::kTimeWithTimeZone: return time_at_time_zone(expression, node, zone);
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: break;
    default:
      throw semantic_error(
          ErrorCode::kTypeMismatch, node.operand->location,
          "Type of value must be a time or timestamp with or without time zone (actual {})",
          value.display());
  }
  if (std::optional<Type> type =
          bind(expression, "at_timezone", {node.operand.get(), node.zone.get()}))
    return *type;
  if (type_of(*node.zone).is(TypeKind::kIntervalYearToMonth)) {
    throw QueryError(
        ErrorCode::kFunctionNotFound,
        fmt::format("Unexpected parameters ({}, {}) for function at_timezone. Expected: {}",
                    value.display(), type_of(*node.zone).display(),
                    fmt::join(overload_texts("at_timezone"), ", ")));
  }
  throw semantic_error(ErrorCode::kNotSupported, expression.location,
                       "AT TIME ZONE for {} is not supported yet", value.display());
}

Type ExpressionAnalyzer::cast(const Expression& expression, const Cast& node) {
  const Type to = resolve_type(node.type, expression.location);
  if (to.is(TypeKind::kUnknown)) {
    throw semantic_error(ErrorCode::kTypeMismatch, node.type.location,
                         "UNKNOWN is not a valid type");
  }
  const Type from = analyze(*node.operand);
  if (!from.is(TypeKind::kUnknown) && !can_cast(from, to)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location, "Cannot cast {} to {}",
                         from.display(), to.display());
  }
  return to;
}

Type ExpressionAnalyzer::extract(const Expression& expression, const Extract& node) {
  struct Field {
    std::string_view name;
    std::string_view function;
  };
  static constexpr auto kFields = std::to_array<Field>({{"YEAR", "year"},
                                                        {"QUARTER", "quarter"},
                                                        {"MONTH", "month"},
                                                        {"WEEK", "week"},
                                                        {"DAY", "day"},
                                                        {"DAY_OF_MONTH", "day"},
                                                        {"DAY_OF_WEEK", "day_of_week"},
                                                        {"DOW", "day_of_week"},
                                                        {"DAY_OF_YEAR", "day_of_year"},
                                                        {"DOY", "day_of_year"},
                                                        {"YEAR_OF_WEEK", "year_of_week"},
                                                        {"YOW", "year_of_week"},
                                                        {"HOUR", "hour"},
                                                        {"MINUTE", "minute"},
                                                        {"SECOND", "second"},
                                                        {"TIMEZONE_MINUTE", "timezone_minute"},
                                                        {"TIMEZONE_HOUR", "timezone_hour"}});
  const Type operand = analyze(*node.operand);
  for (const Field& field : kFields) {
    if (!equals_ignoring_case(field.name, node.field.value)) continue;
    const std::optional<Type> type = bind(expression, field.function, {node.operand.get()});
    // The function itself would take what can become its argument; EXTRACT does not.
    if (type && context_.of(expression).function->argument_types[0].kind() == operand.kind())
      return *type;
    throw semantic_error(ErrorCode::kTypeMismatch, node.operand->location,
                         "Cannot extract {} from {}", field.name, operand.display());
  }
  std::vector<std::string_view> names;
  for (const Field& field : kFields) names.push_back(field.name);
  throw semantic_error(ErrorCode::kSyntaxError, expression.location,
                       "Invalid EXTRACT field {}, valid fields are: {}", node.field.value,
                       fmt::join(names, ", "));
}

Type ExpressionAnalyzer::trim(const Expression& expression, const Trim& node) {
  static constexpr std::array<std::string_view, 3> kFunctions{"trim", "ltrim", "rtrim"};
  const std::string_view function = kFunctions[static_cast<size_t>(node.side)];
  std::vector<const Expression*> operands{node.operand.get()};
  if (node.characters) operands.push_back(node.characters.get());
  std::vector<std::string> types;
  for (const Expression* operand : operands) types.push_back(analyze(*operand).display());
  if (std::optional<Type> type = bind(expression, function, operands)) return *type;
  throw QueryError(
      ErrorCode::kFunctionNotFound,
      fmt::format("Unexpected parameters ({}) for function {}. Expected: {}",
                  fmt::join(types, ", "), function, fmt::join(overload_texts(function), ", ")));
}

Type ExpressionAnalyzer::case_result(const std::vector<WhenClause>& when,
                                     const ExpressionPtr& otherwise) {
  std::vector<const Expression*> results;
  for (const WhenClause& clause : when) results.push_back(clause.result.get());
  if (otherwise) results.push_back(otherwise.get());
  return common_type(results, "All CASE results");
}

Type ExpressionAnalyzer::searched_case(const Expression&, const SearchedCase& node) {
  for (const WhenClause& clause : node.when) {
    analyze(*clause.condition);
    require_boolean(*clause.condition, "CASE WHEN clause");
  }
  return case_result(node.when, node.otherwise);
}

Type ExpressionAnalyzer::simple_case(const Expression& expression, const SimpleCase& node) {
  const Type operand = analyze(*node.operand);
  Type common = operand;
  for (const WhenClause& clause : node.when) {
    const Type value = analyze(*clause.condition);
    const std::optional<Type> wider = comparable_type(common, value, false);
    if (!wider) {
      throw semantic_error(ErrorCode::kTypeMismatch, clause.condition->location,
                           "CASE operand type does not match WHEN clause operand type: {} vs {}",
                           operand.display(), value.display());
    }
    common = *wider;
  }
  coerce(*node.operand, common);
  for (const WhenClause& clause : node.when) coerce(*clause.condition, common);
  context_.of(expression).operand_type = common;
  return case_result(node.when, node.otherwise);
}

Type ExpressionAnalyzer::if_expression(const Expression& expression, const If& node) {
  analyze(*node.condition);
  require_boolean(*node.condition, "IF condition");
  const Type then = analyze(*node.then);
  if (!node.otherwise) return then;
  const Type otherwise = analyze(*node.otherwise);
  const std::optional<Type> common = common_super_type(then, otherwise);
  if (!common) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Result types for IF must be the same: {} vs {}", then.display(),
                         otherwise.display());
  }
  coerce(*node.then, *common);
  coerce(*node.otherwise, *common);
  return *common;
}

Type ExpressionAnalyzer::coalesce(const Coalesce& node) {
  std::vector<const Expression*> operands;
  for (const ExpressionPtr& operand : node.operands) operands.push_back(operand.get());
  return common_type(operands, "All COALESCE operands");
}

Type ExpressionAnalyzer::null_if(const Expression& expression, const NullIf& node) {
  const Type first = analyze(*node.first);
  const Type second = analyze(*node.second);
  const std::optional<Type> common = comparable_type(first, second, false);
  if (!common) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Types are not comparable with NULLIF: {} vs {}", first.display(),
                         second.display());
  }
  context_.of(expression).operand_type = common;
  return first;
}

}  // namespace trailsql
