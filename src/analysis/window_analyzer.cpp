// Windows: what OVER and WINDOW say.
#include <algorithm>

#include "analysis/expression_analyzer.h"
#include "base/error.h"
#include "base/text.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

using Bound = FrameBound::Kind;

// Where a frame can begin and end. Trino's texts.
void check_frame_ends(const WindowFrame& frame) {
  const auto refuse = [&](std::string_view text) {
    return semantic_error(ErrorCode::kInvalidWindowFrame, frame.location, "{}", text);
  };
  const Bound start = frame.start.kind;
  const Bound end = frame.end ? frame.end->kind : Bound::kCurrentRow;
  if (start == Bound::kUnboundedFollowing)
    throw refuse("Window frame start cannot be UNBOUNDED FOLLOWING");
  if (end == Bound::kUnboundedPreceding)
    throw refuse("Window frame end cannot be UNBOUNDED PRECEDING");
  if (start == Bound::kCurrentRow && end == Bound::kPreceding)
    throw refuse("Window frame starting from CURRENT ROW cannot end with PRECEDING");
  if (start == Bound::kFollowing && end == Bound::kPreceding)
    throw refuse("Window frame starting from FOLLOWING cannot end with PRECEDING");
  if (start == Bound::kFollowing && end == Bound::kCurrentRow)
    throw refuse("Window frame starting from FOLLOWING cannot end with CURRENT ROW");
}

bool is_whole_number(const Type& type) {
  return type.is_integral() || (type.is(TypeKind::kDecimal) && type.scale() == 0);
}

bool is_interval(const Type& type) {
  return type.is(TypeKind::kIntervalDayToSecond) || type.is(TypeKind::kIntervalYearToMonth);
}

// Whether a sort key of type `key` can be moved by an offset.
bool moves_by(const Type& key, const Type& offset) {
  if (key.is_numeric()) return offset.is_numeric();
  if (is_interval(key)) return key == offset;
  const bool is_time = key.is(TypeKind::kTime) || key.is(TypeKind::kTimeWithTimeZone);
  return offset.is(TypeKind::kIntervalDayToSecond) ||
         (offset.is(TypeKind::kIntervalYearToMonth) && !is_time);
}

bool ranks(std::string_view name) {
  static constexpr std::string_view kNames[] = {"rank",  "dense_rank", "percent_rank", "cume_dist",
                                                "ntile", "row_number", "lag",          "lead"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

}  // namespace

QueryError ExpressionAnalyzer::not_a_window_function(std::string_view name) const {
  return semantic_error(ErrorCode::kFunctionNotWindow, select_location_,
                        "Not a window function: {}", name);
}

void ExpressionAnalyzer::call_window(const Expression& expression, const FunctionCall& node) {
  const FunctionKind kind = context_.of(expression).function->entry->kind;
  const std::string name = to_lower_ascii(node.name.parts.back().value);
  if (kind == FunctionKind::kScalar) throw not_a_window_function(name);
  const auto* specification = std::get_if<WindowSpecification>(node.window.get());
  if (specification) {
    analyze_window(*specification);
  } else {
    specification = &find_window(std::get<Identifier>(*node.window)).specification;
  }
  bool has_order = !specification->order_by.empty();
  for (const WindowSpecification* base = specification; !has_order && base->existing_window;) {
    base = &find_window(*base->existing_window).specification;
    has_order = !base->order_by.empty();
  }
  if (!has_order && (name == "lag" || name == "lead")) {
    throw semantic_error(ErrorCode::kMissingOrderBy, specification->location,
                         "{} function requires an ORDER BY window clause", name);
  }
  if (specification->frame && ranks(name)) {
    throw semantic_error(ErrorCode::kInvalidWindowFrame, specification->frame->location,
                         "Cannot specify window frame for {} function", name);
  }
  context_.of(expression).is_window = true;
  windows_.push_back(&expression);
}

const NamedWindow& ExpressionAnalyzer::find_window(const Identifier& name) const {
  for (const NamedWindow& window : named_windows_) {
    if (equals_ignoring_case(window.name.value, name.value)) return window;
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
  if (specification.frame) analyze_frame(specification, *specification.frame);
  if (windows_.size() != num_windows_before) {
    throw semantic_error(
        ErrorCode::kNestedWindow, windows_[num_windows_before]->location,
        "Cannot nest window functions or row pattern measures inside window specification");
  }
}

void ExpressionAnalyzer::analyze_frame(const WindowSpecification& window,
                                       const WindowFrame& frame) {
  check_frame_ends(frame);
  frame_offset(window, frame, frame.start, "start");
  if (frame.end) frame_offset(window, frame, *frame.end, "end");
}

// The offset of one end. Its operand type is what the sort key and the offset become before they
// are added.
void ExpressionAnalyzer::frame_offset(const WindowSpecification& window, const WindowFrame& frame,
                                      const FrameBound& bound, std::string_view which) {
  using Unit = WindowFrame::Unit;
  if (!bound.offset) return;
  const Expression& offset = *bound.offset;
  const Type type = analyze(offset);
  const std::string_view unit = frame.unit == Unit::kRows     ? "ROWS"
                                : frame.unit == Unit::kGroups ? "GROUPS"
                                                              : "RANGE";
  const std::vector<SortItem>* order = &window.order_by;
  for (const WindowSpecification* base = &window; order->empty() && base->existing_window;) {
    base = &find_window(*base->existing_window).specification;
    order = &base->order_by;
  }
  if (frame.unit != Unit::kRows && order->empty()) {
    throw semantic_error(ErrorCode::kMissingOrderBy, window.location,
                         "Window frame of type {} PRECEDING or FOLLOWING requires ORDER BY", unit);
  }
  if (frame.unit != Unit::kRange) {
    if (!is_whole_number(type)) {
      throw semantic_error(
          ErrorCode::kTypeMismatch, offset.location,
          "Window frame {} {} value type must be exact numeric type with scale 0 (actual {})", unit,
          which, type.display());
    }
    return;
  }
  if (order->size() != 1) {
    throw semantic_error(ErrorCode::kInvalidOrderBy, window.order_by_location,
                         "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort "
                         "item in ORDER BY (actual: {})",
                         order->size());
  }
  const Expression& key = *order->front().key;
  const Type& key_type = type_of(key);
  if (!key_type.is_numeric() && !key_type.is_moment() && !is_interval(key_type)) {
    throw semantic_error(ErrorCode::kTypeMismatch, key.location,
                         "Window frame of type RANGE PRECEDING or FOLLOWING requires that sort "
                         "item type be numeric, datetime or interval (actual: {})",
                         key_type.display());
  }
  if (!moves_by(key_type, type)) {
    throw semantic_error(ErrorCode::kTypeMismatch, offset.location,
                         "Window frame RANGE value type ({}) not compatible with sort item type "
                         "({})",
                         type.display(), key_type.display());
  }
  context_.of(offset).operand_type =
      key_type.is_numeric() ? common_super_type(key_type, type) : std::optional(type);
}

}  // namespace trailsql
