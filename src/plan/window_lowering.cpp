// Windows → engine SQL: OVER, named windows, frames.
#include <fmt/core.h>

#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "functions/operators.h"
#include "plan/lowering.h"
#include "types/coercion.h"
#include "types/time_of_day.h"

namespace trailsql {
namespace {

// What a numeric sort key becomes, so that every offset of the frame can be added to it.
Type frame_key_type(const Analysis& analysis, const WindowFrame& frame, const Type& key) {
  Type type = key;
  for (const FrameBound* bound : {&frame.start, frame.end ? &*frame.end : nullptr}) {
    if (!bound || !bound->offset) continue;
    if (const std::optional<Type>& wanted = analysis.of(*bound->offset).operand_type)
      type = common_super_type(type, *wanted).value_or(type);
  }
  // One more digit: the sum of two values fits.
  if (type.is(TypeKind::kDecimal) && type.precision() < Type::kMaxDecimalPrecision)
    return Type::decimal(type.precision() + 1, type.scale());
  return type;
}

}  // namespace

const WindowSpecification& Lowering::find_window(const Identifier& name) const {
  for (const NamedWindow& window : *named_windows_) {
    if (equals_ignoring_case(window.name.value, name.value)) return window.specification;
  }
  throw QueryError(ErrorCode::kGenericInternalError,
                   fmt::format("window {} was not analysed", name.value));
}

std::string Lowering::window_tail(const FunctionCall& node) {
  const WindowSpecification* specification = std::get_if<WindowSpecification>(node.window.get());
  if (!specification) specification = &find_window(std::get<Identifier>(*node.window));
  return fmt::format(" OVER ({})", window_text(*specification));
}

namespace {

// A frame that is bounded by values of the sort key.
bool is_by_value(const WindowFrame& frame) {
  return frame.unit == WindowFrame::Unit::kRange &&
         (frame.start.offset || (frame.end && frame.end->offset));
}

}  // namespace

std::string Lowering::window_text(const WindowSpecification& specification) {
  // A window that extends another adds an order or a frame to it.
  const WindowSpecification* ordered = &specification;
  const WindowSpecification* base = &specification;
  while (base->existing_window) {
    base = &find_window(*base->existing_window);
    if (ordered->order_by.empty()) ordered = base;
  }
  std::string text;
  for (const ExpressionPtr& key : base->partition_by) {
    text += text.empty() ? "PARTITION BY " : ", ";
    const std::string sql = lower_value(*key).sql;
    text += engine_key(sql, analysis_.of(*key).type);
  }
  const WindowFrame* frame = specification.frame ? &*specification.frame : nullptr;
  text += window_order(*ordered, frame);
  if (!frame) return text;
  const bool by_value = is_by_value(*frame);
  return text +
         window_frame(*frame, by_value ? &analysis_.of(*ordered->order_by[0].key).type : nullptr);
}

std::string Lowering::window_order(const WindowSpecification& specification,
                                   const WindowFrame* frame) {
  std::string order;
  for (const SortItem& item : specification.order_by) {
    Type type = analysis_.of(*item.key).type;
    std::string sql = lower_value(*item.key).sql;
    if (frame && is_by_value(*frame) && type.is_numeric()) {
      const Type wanted = frame_key_type(analysis_, *frame, type);
      sql = converted(sql, type, wanted);
      type = wanted;
    }
    order += order.empty() ? " ORDER BY " : ", ";
    order += sort_item(sql, type, item.descending, item.nulls_first.value_or(false));
  }
  return order;
}

// `key` is the type of the sort key where the frame is bounded by its values.
std::string Lowering::window_frame(const WindowFrame& frame, const Type* key) {
  static constexpr std::string_view kUnits[] = {"ROWS", "RANGE", "GROUPS"};
  const std::string_view unit = kUnits[static_cast<size_t>(frame.unit)];
  if (!frame.end) return fmt::format(" {} {}", unit, window_bound(frame, frame.start, key));
  return fmt::format(" {} BETWEEN {} AND {}", unit, window_bound(frame, frame.start, key),
                     window_bound(frame, *frame.end, key));
}

// The offset, checked, as what the engine can add to the sort key.
std::string Lowering::window_offset(const WindowFrame& frame, const Expression& offset,
                                    const Type* key) {
  const Type& type = analysis_.of(offset).type;
  const std::string checked =
      internal_call(kFrameOffsetOperator, {type}, {lower_value(offset).sql});
  if (!key) {
    const Type whole = Type::decimal(Type::kMaxDecimalPrecision, 0);
    return type.is_integral()
               ? fmt::format("CAST({} AS BIGINT)", checked)
               : internal_call(kFrameRowsOperator, {whole}, {converted(checked, type, whole)});
  }
  if (key->is_numeric()) return converted(checked, type, frame_key_type(analysis_, frame, *key));
  if (type == *key) return checked;
  if (key->is(TypeKind::kTime))
    return fmt::format("({} * {})", checked, kPicosecondsPerMillisecond);
  if (type.is(TypeKind::kIntervalYearToMonth)) return fmt::format("to_months({})", checked);
  if (key->is(TypeKind::kDate))
    return fmt::format("CAST({} AS INTEGER)", internal_call(kFrameDaysOperator, {type}, {checked}));
  return fmt::format("to_microseconds({} * 1000)", checked);
}

std::string Lowering::window_bound(const WindowFrame& frame, const FrameBound& bound,
                                   const Type* key) {
  switch (bound.kind) {
    case FrameBound::Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case FrameBound::Kind::kPreceding:
      return window_offset(frame, *bound.offset, key) + " PRECEDING";
    case FrameBound::Kind::kCurrentRow: return "CURRENT ROW";
    case FrameBound::Kind::kFollowing:
      return window_offset(frame, *bound.offset, key) + " FOLLOWING";
    case FrameBound::Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  return {};
}

}  // namespace trailsql
