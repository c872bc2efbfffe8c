// Constants: literals with a type, intervals, and the moment of the query's start.
#include <fmt/core.h>

#include "analysis/literal_value.h"
#include "base/error.h"
#include "functions/operators.h"
#include "functions/timestamp_value.h"
#include "plan/lowering.h"
#include "types/time_units.h"
#include "types/time_zone.h"

namespace trailsql {

std::string Lowering::timestamp_constant(int64_t microseconds, const Type& type) const {
  const std::string instant = fmt::format("make_timestamp(CAST({} AS BIGINT))", microseconds);
  const std::string beyond = type.has_picoseconds() ? ", 'f1': CAST(0 AS INTEGER)" : "";
  if (type.is(TypeKind::kTimestampWithTimeZone)) {
    return fmt::format("{{'f0': {}{}, 'f{}': 'UTC'}}", instant, beyond, beyond.empty() ? 1 : 2);
  }
  return beyond.empty() ? instant : fmt::format("{{'f0': {}{}}}", instant, beyond);
}

std::string Lowering::typed_literal(const Expression& expression, const TypedLiteral& node) {
  const Type& type = analysis_.of(expression).type;
  if (type.is(TypeKind::kJson))
    return internal_call("json_parse", {Type::varchar()}, {quoted_text(node.text)});
  const std::string text = type.is(TypeKind::kDecimal) ? without_separators(node.text) : node.text;
  return converted(quoted_text(text), Type::varchar(), type);
}

LoweredExpression Lowering::lower_time_at_zone(const Expression& expression,
                                               const AtTimeZone& node) {
  const std::string& name = std::get<StringLiteral>(node.zone->node).value;
  const TimeZone* zone = find_time_zone(name);
  if (zone == nullptr) {
    throw QueryError(ErrorCode::kInvalidFunctionArgument,
                     fmt::format("'{}' is not a valid time zone", name));
  }
  const int64_t offset = zone->offset_at(analysis_.start_time_us / kMicrosecondsPerSecond);
  const LoweredExpression operand = lower(*node.operand);
  return {internal_call(
              kTimeAtZoneOperator, {analysis_.of(expression).type, TypeKind::kIntervalDayToSecond},
              {operand.sql, fmt::format("CAST({} AS BIGINT)",
                                        offset / kSecondsPerMinute * kMillisecondsPerMinute)}),
          operand.may_fail};
}

LoweredExpression Lowering::lower_special(const Expression& expression,
                                          const SpecialFunction& node) {
  const Type& type = analysis_.of(expression).type;
  // Rounded to the precision; just before midnight a time of day begins anew.
  const auto now = [&] {
    return round_stamp({analysis_.start_time_us}, type.precision()).microseconds;
  };
  switch (node.name) {
    case SpecialFunction::Name::kCurrentDate:
      return {fmt::format("(DATE '1970-01-01' + CAST({} AS INTEGER))",
                          analysis_.start_time_us / kMicrosecondsPerDay)};
    case SpecialFunction::Name::kCurrentTimestamp:
    case SpecialFunction::Name::kLocalTimestamp: return {timestamp_constant(now(), type)};
    case SpecialFunction::Name::kLocalTime:
      return {fmt::format("CAST({} AS BIGINT)",
                          now() % kMicrosecondsPerDay * kPicosecondsPerMicrosecond)};
    case SpecialFunction::Name::kCurrentTime:
      return {fmt::format("{{'f0': CAST({} AS BIGINT), 'f1': CAST(0 AS INTEGER)}}",
                          now() % kMicrosecondsPerDay * kPicosecondsPerMicrosecond)};
    case SpecialFunction::Name::kCurrentUser: return {"'trailsql'"};
    case SpecialFunction::Name::kCurrentCatalog: return {"'awsdatacatalog'"};
    case SpecialFunction::Name::kCurrentSchema: return {quoted_text(analysis_.database)};
    case SpecialFunction::Name::kCurrentPath: return {"''"};
  }
  throw semantic_error(ErrorCode::kNotSupported, expression.location,
                       "More than 6 digits of a second are not supported yet");
}

}  // namespace trailsql
