// Function calls, sort items and windows as text.
#include "base/text.h"
#include "syntax/printer.h"

namespace trailsql {
namespace {

void append_frame_bound(std::string& out, const FrameBound& bound) {
  using Kind = FrameBound::Kind;
  switch (bound.kind) {
    case Kind::kUnboundedPreceding: out += "UNBOUNDED PRECEDING"; return;
    case Kind::kUnboundedFollowing: out += "UNBOUNDED FOLLOWING"; return;
    case Kind::kCurrentRow: out += "CURRENT ROW"; return;
    case Kind::kPreceding:
    case Kind::kFollowing: break;
  }
  append_operand(out, *bound.offset);
  out += bound.kind == Kind::kPreceding ? " PRECEDING" : " FOLLOWING";
}

void append_frame(std::string& out, const WindowFrame& frame) {
  switch (frame.unit) {
    case WindowFrame::Unit::kRows: out += "ROWS "; break;
    case WindowFrame::Unit::kRange: out += "RANGE "; break;
    case WindowFrame::Unit::kGroups: out += "GROUPS "; break;
  }
  if (frame.end) out += "BETWEEN ";
  append_frame_bound(out, frame.start);
  if (frame.end) {
    out += " AND ";
    append_frame_bound(out, *frame.end);
  }
}

/// Returns whether this is trim(x) or trim(x, y), which Trino prints as TRIM's other form.
bool is_trim(const FunctionCall& call) {
  return call.name.parts.size() == 1 && !call.name.parts[0].quoted &&
         equals_ignoring_case(call.name.parts[0].value, "trim") && !call.arguments.empty() &&
         call.arguments.size() <= 2;
}

void append_trim(std::string& out, const FunctionCall& call) {
  out += "trim(BOTH ";
  if (call.arguments.size() == 2) {
    append_expression(out, *call.arguments[1]);
    out += ' ';
  }
  out += "FROM ";
  append_expression(out, *call.arguments[0]);
  out += ')';
}

void append_listagg_overflow(std::string& out, const FunctionCall& call) {
  if (call.arguments.size() == 1) out += ", ''";
  out += " ON OVERFLOW ";
  if (!call.listagg_overflow) {
    out += " ERROR";
    return;
  }
  out += " TRUNCATE ";
  append_string_literal(out, call.listagg_overflow->filler.value_or("..."));
  out += call.listagg_overflow->with_count ? " WITH COUNT" : " WITHOUT COUNT";
}

}  // namespace

void append_sort_items(std::string& out, const std::vector<SortItem>& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    append_expression(out, *items[i].key);
    out += items[i].descending ? " DESC" : " ASC";
    if (items[i].nulls_first) out += *items[i].nulls_first ? " NULLS FIRST" : " NULLS LAST";
  }
}

void append_window(std::string& out, const WindowSpecification& window) {
  out += '(';
  const size_t begin = out.size();
  const auto separate = [&] {
    if (out.size() > begin) out += ' ';
  };
  if (window.existing_window) append_identifier(out, *window.existing_window);
  if (!window.partition_by.empty()) {
    separate();
    out += "PARTITION BY ";
    append_expressions(out, window.partition_by);
  }
  if (!window.order_by.empty()) {
    separate();
    out += "ORDER BY ";
    append_sort_items(out, window.order_by);
  }
  if (window.frame) {
    separate();
    append_frame(out, *window.frame);
  }
  out += ')';
}

void append_function_call(std::string& out, const FunctionCall& call) {
  if (is_trim(call)) {
    append_trim(out, call);
    return;
  }
  if (call.within_group) {
    out += "LISTAGG";
  } else {
    append_qualified_name(out, call.name);
  }
  out += '(';
  if (call.star) out += '*';
  if (call.distinct) out += "DISTINCT ";
  append_expressions(out, call.arguments);
  if (call.within_group) {
    append_listagg_overflow(out, call);
    out += ") WITHIN GROUP (ORDER BY ";
    append_sort_items(out, call.order_by);
  } else if (!call.order_by.empty()) {
    out += call.arguments.empty() ? "ORDER BY " : " ORDER BY ";
    append_sort_items(out, call.order_by);
  }
  out += ')';
  if (call.filter != nullptr) {
    out += " FILTER (WHERE ";
    append_expression(out, *call.filter);
    out += ')';
  }
  if (call.ignore_nulls) out += *call.ignore_nulls ? " IGNORE NULLS" : " RESPECT NULLS";
  if (call.window == nullptr) return;
  out += " OVER ";
  if (const auto* name = std::get_if<Identifier>(call.window.get())) {
    append_identifier(out, *name);
  } else {
    append_window(out, std::get<WindowSpecification>(*call.window));
  }
}

}  // namespace trailsql
