// Windows: what follows OVER, the WINDOW clause, frames, and sort items.
#include "syntax/sql_parser.h"

namespace trailsql {

std::unique_ptr<const WindowReference> SqlParser::parse_over() {
  tokens_.expect("OVER");
  if (tokens_.check("(")) {
    return std::make_unique<const WindowReference>(parse_window_specification());
  }
  return std::make_unique<const WindowReference>(tokens_.expect_identifier());
}

/// Returns whether a name follows and not the first word of a clause; only ORDER is reserved.
bool SqlParser::begins_with_window_name() const {
  if (!tokens_.is_identifier()) return false;
  const bool name_by_what_follows =
      tokens_.is_any_at({")", "PARTITION", "ORDER", "ROWS", "RANGE", "GROUPS"},
                        tokens_.position() + 1) ||
      tokens_.peek(1).kind == TokenKind::kEnd;
  if (tokens_.looking_at("PARTITION")) return !tokens_.looking_at("BY", 1);
  const bool is_frame = tokens_.looking_at("ROWS") || tokens_.looking_at("RANGE") ||
                        tokens_.looking_at("GROUPS") || tokens_.looking_at("MEASURES");
  return !is_frame || name_by_what_follows;
}

WindowSpecification SqlParser::parse_window_specification() {
  WindowSpecification window;
  tokens_.expect("(");
  window.location = tokens_.location();
  tokens_.record("<identifier>");
  if (begins_with_window_name()) {
    const bool partition = tokens_.check("PARTITION");
    window.existing_window = tokens_.expect_identifier();
    if (partition) tokens_.record("'BY'");
  }
  if (tokens_.accept("PARTITION")) {
    tokens_.expect("BY");
    window.partition_by = parse_expression_list();
  }
  window.order_by_location = tokens_.location();
  window.order_by = parse_order_by();
  window.frame = parse_window_frame();
  tokens_.expect(")");
  return window;
}

std::optional<WindowFrame> SqlParser::parse_window_frame() {
  WindowFrame frame;
  frame.location = tokens_.location();
  if (tokens_.accept("RANGE")) {
    frame.unit = WindowFrame::Unit::kRange;
  } else if (tokens_.accept("ROWS")) {
    frame.unit = WindowFrame::Unit::kRows;
  } else if (tokens_.accept("GROUPS")) {
    frame.unit = WindowFrame::Unit::kGroups;
  } else {
    if (tokens_.check("MEASURES")) tokens_.refuse("Pattern recognition in windows");
    return std::nullopt;
  }
  if (tokens_.accept("BETWEEN")) {
    frame.start = parse_frame_bound();
    tokens_.expect("AND");
    frame.end = parse_frame_bound();
  } else {
    frame.start = parse_frame_bound();
  }
  return frame;
}

FrameBound SqlParser::parse_frame_bound() {
  using Kind = FrameBound::Kind;
  if (tokens_.check("UNBOUNDED")) {
    if (tokens_.accept("UNBOUNDED", "PRECEDING")) return {Kind::kUnboundedPreceding, nullptr};
    if (tokens_.accept("UNBOUNDED", "FOLLOWING")) return {Kind::kUnboundedFollowing, nullptr};
  }
  if (tokens_.accept("CURRENT", "ROW")) return {Kind::kCurrentRow, nullptr};
  ExpressionPtr offset = parse_expression();
  if (tokens_.accept("PRECEDING")) return {Kind::kPreceding, std::move(offset)};
  tokens_.expect("FOLLOWING");
  return {Kind::kFollowing, std::move(offset)};
}

/// Parses `[ORDER BY …]`.
std::vector<SortItem> SqlParser::parse_order_by() {
  if (!tokens_.accept("ORDER")) return {};
  tokens_.expect("BY");
  return parse_sort_items();
}

std::vector<SortItem> SqlParser::parse_sort_items() {
  std::vector<SortItem> items;
  do {
    SortItem item;
    item.location = tokens_.location();
    item.key = parse_expression();
    if (!tokens_.accept("ASC")) item.descending = tokens_.accept("DESC");
    if (tokens_.accept("NULLS")) {
      item.nulls_first = tokens_.accept("FIRST");
      if (!*item.nulls_first) tokens_.expect("LAST");
    }
    items.push_back(std::move(item));
  } while (tokens_.accept(","));
  return items;
}

}  // namespace trailsql
