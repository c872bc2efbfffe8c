// Conditions on the time of an event, for a folder whose events lie between two times: true where
// some event in the folder may satisfy them.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/known_conditions.h"

namespace trailsql {
std::optional<std::string> Lowering::KnownConditions::possible_time(size_t level,
                                                                    const Expression& condition) {
  const Type* type =
      analysis_.of(condition).operand_type ? &*analysis_.of(condition).operand_type : nullptr;
  if (const auto* node = std::get_if<Comparison>(&condition.node)) {
    if (keeps_event_order(level, *node->left))
      return compared(level, node->op, *type, *node->left, *node->right);
    if (keeps_event_order(level, *node->right))
      return compared(level, mirrored(node->op), *type, *node->right, *node->left);
  } else if (const auto* between = std::get_if<Between>(&condition.node)) {
    if (between->negated || !keeps_event_order(level, *between->operand)) return std::nullopt;
    const auto low = compared(level, Op::kGreaterOrEqual, *type, *between->operand, *between->low);
    const auto high = compared(level, Op::kLessOrEqual, *type, *between->operand, *between->high);
    if (!low || !high) return low ? low : high;
    return fmt::format("({} AND {})", *low, *high);
  } else if (const auto* in = std::get_if<InList>(&condition.node)) {
    if (in->negated || !keeps_event_order(level, *in->operand)) return std::nullopt;
    std::vector<std::string> parts;
    for (const ExpressionPtr& value : in->values) {
      const auto part = compared(level, Op::kEqual, *type, *in->operand, *value);
      if (!part) return std::nullopt;
      parts.push_back(*part);
    }
    return fmt::format("({})", fmt::join(parts, " OR "));
  } else if (const auto* like = std::get_if<Like>(&condition.node)) {
    return possible_like(level, *like);
  }
  return std::nullopt;
}

std::optional<std::string> Lowering::KnownConditions::possible_like(size_t level,
                                                                    const Like& like) {
  const std::string prefix = fixed_beginning(like);
  const bool is_event =
      !prefix.empty() && analysis_.of(*like.operand).use && keeps_event_order(level, *like.operand);
  if (!is_event) return std::nullopt;
  const ScanPathRange range = beginning_with(quoted_text(prefix));
  return fmt::format("coalesce({} >= {} AND {} <= {}, true)",
                     bound(level, *like.operand, Bound::kLast)->sql, range.first_sql,
                     bound(level, *like.operand, Bound::kFirst)->sql, range.last_sql);
}

bool Lowering::KnownConditions::keeps_order(const FunctionCall& call) {
  static constexpr std::string_view kNames[] = {
      "date",           "date_trunc",  "from_iso8601_timestamp", "from_iso8601_date", "date_parse",
      "parse_datetime", "at_timezone", "with_timezone",          "to_unixtime",       "year"};
  const std::string& name = call.name.parts.back().value;
  const bool is_known = std::ranges::any_of(
      kNames, [&](std::string_view known) { return equals_ignoring_case(known, name); });
  return is_known || takes_beginning(call);
}

bool Lowering::KnownConditions::keeps_event_order(size_t level, const Expression& expression) {
  const ExpressionFacts& facts = analysis_.of(expression);
  if (facts.use) {
    const bool is_known = lowered(level, expression).has_value();
    return !is_known && bound(level, expression, Bound::kFirst).has_value();
  }
  if (const auto* cast = std::get_if<Cast>(&expression.node))
    return facts.type.is_moment() && keeps_event_order(level, *cast->operand);
  if (const auto* zoned = std::get_if<AtTimeZone>(&expression.node))
    return keeps_event_order(level, *zoned->operand);
  const auto* call = std::get_if<FunctionCall>(&expression.node);
  if (!call || !facts.function || !keeps_order(*call)) return false;
  size_t num_events = 0;
  for (const ExpressionPtr& argument : call->arguments) {
    if (keeps_event_order(level, *argument)) {
      ++num_events;
    } else if (!is_constant(level, *argument)) {
      return false;
    }
  }
  return num_events == 1;
}

std::optional<LoweredExpression> Lowering::KnownConditions::bound(size_t level,
                                                                  const Expression& expression,
                                                                  Bound bound) {
  const Bound outer = std::exchange(bound_, bound);
  std::optional<LoweredExpression> result = lowered(level, expression);
  bound_ = outer;
  return result;
}

std::optional<std::string> Lowering::KnownConditions::compared(size_t level, Op op,
                                                               const Type& type,
                                                               const Expression& event,
                                                               const Expression& constant) {
  if (!is_constant(level, constant)) return std::nullopt;
  const std::string right = lowered(level, constant)->sql;
  const auto side = [&](Op by, Bound of) {
    return true_where_unknown(self_.comparison(by, type, bound(level, event, of)->sql, right).sql);
  };
  switch (op) {
    case Op::kGreater:
    case Op::kGreaterOrEqual: return side(op, Bound::kLast);
    case Op::kLess:
    case Op::kLessOrEqual: return side(op, Bound::kFirst);
    case Op::kEqual:
      return fmt::format("({} AND {})", side(Op::kGreaterOrEqual, Bound::kLast),
                         side(Op::kLessOrEqual, Bound::kFirst));
    default: return std::nullopt;
  }
}

}  // namespace trailsql
