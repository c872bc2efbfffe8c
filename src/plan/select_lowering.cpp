// SELECT → engine SQL. An aggregation is two levels: keys and aggregates below, everything built
// from them above.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analysis/canonical_key.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "plan/lowering.h"

namespace trailsql {

Lowering::Source Lowering::lower_source(const QuerySpecification& node) {
  std::vector<LoweredExpression> outer_conditions = std::exchange(extra_conditions_, {});
  Source source;
  if (node.from) source.sql = " FROM " + lower_relation(*node.from);
  std::vector<LoweredExpression> conditions =
      std::exchange(extra_conditions_, std::move(outer_conditions));
  if (node.where) conditions.push_back(lower(*node.where));
  if (!conditions.empty()) {
    source.condition = join_terms(true, conditions).sql;
    source.sql += " WHERE " + source.condition;
  }
  return source;
}

std::string Lowering::lower_aggregation(const SelectFacts& select, Replacements& replacements) {
  const std::string source = lower_source(*select.node).sql;
  const std::string alias = next_alias();
  std::string items;
  std::string group_by;
  const auto add = [&](const std::string& key, const std::string& sql, const std::string& name) {
    if (!replacements.emplace(key, fmt::format("{}.{}", alias, name)).second) return false;
    items += fmt::format("{}{} AS {}", items.empty() ? "" : ", ", sql, name);
    return true;
  };
  size_t num_keys = 0;
  for (const GroupingKey& key : select.grouping_keys) {
    const std::string text = canonical_key(analysis_, key.expression, key.use);
    const std::string sql = lower_value(key.expression, key.use).sql;
    // Equal instants are one group whatever their zone; any zone of the group is kept.
    const std::string kept = key.type.has_zone() ? fmt::format("any_value({})", sql) : sql;
    if (!add(text, kept, fmt::format("g{}", num_keys++))) continue;
    group_by +=
        fmt::format("{}{}", group_by.empty() ? " GROUP BY " : ", ", engine_key(sql, key.type));
  }
  size_t num_aggregates = 0;
  for (const Expression* aggregate : select.aggregates) {
    const std::string text = canonical_key(analysis_, *aggregate);
    if (replacements.contains(text)) continue;
    add(text, aggregate_sql(*aggregate, ""), fmt::format("a{}", num_aggregates++));
  }
  // GROUP BY with no key and no aggregate is still one row: count(*) forces the engine to see an
  // aggregation.
  if (group_by.empty() && num_aggregates == 0) items = "count(*) AS g0";
  return fmt::format(" FROM (SELECT {}{}{}) AS {}", items, source, group_by, alias);
}

// Lowers what lies at `path` into an output. `condition` is that of the WHERE beside it, where it
// must be waited for.
std::string Lowering::lower_output(const SelectOutput& output, const FieldPath& path,
                                   const std::string& condition) {
  const std::optional<ColumnUse> use =
      output.expression ? analysis_.of(*output.expression).use : std::optional(output.use);
  if (use) {
    ColumnUse part = *use;
    part.path.insert(part.path.end(), path.begin(), path.end());
    return reference(part);
  }
  const LoweredExpression value = lower_value(*output.expression);
  const bool waits = value.may_fail && !condition.empty();
  return path_sql(
      waits ? fmt::format("(CASE WHEN {} THEN {} END)", condition, value.sql) : value.sql, path);
}

// Names the column that holds each sort key. Keys that are no outputs are added to the items, and
// left out above.
std::vector<std::string> Lowering::lower_sort_keys(const QueryFacts& facts,
                                                   const SelectFacts& select,
                                                   const LoweredQuery& lowered, SelectList& items) {
  std::vector<std::string> columns;
  if (!facts.outputs_relation) return columns;
  delivered_[*facts.outputs_relation].assign(facts.outputs.size(), {});
  for (uint32_t i = 0; i < select.outputs.size(); ++i) {
    for (const FieldPath& path : needs_.of_relation[*facts.outputs_relation][i].paths()) {
      deliver(*facts.outputs_relation, i, path, lower_output(select.outputs[i], path, ""));
    }
  }
  for (const SortKey& key : facts.order_by) {
    columns.push_back(key.output ? lowered.outputs[*key.output][0].sql
                                 : items.add(lower_value(*key.expression).sql));
  }
  return columns;
}

// The engine would tell equal instants in different zones apart.
std::string Lowering::distinct_by_keys(const QueryFacts& facts, const LoweredQuery& lowered,
                                       const std::string& sql) {
  const std::string alias = next_alias();
  std::string keys;
  for (size_t i = 0; i < facts.outputs.size(); ++i) {
    const std::string column = fmt::format("{}.{}", alias, lowered.outputs[i][0].sql);
    keys += (keys.empty() ? "" : ", ") + engine_key(column, facts.outputs[i].type);
  }
  return fmt::format("SELECT DISTINCT ON ({}) * FROM ({}) AS {}", keys, sql, alias);
}

LoweredQuery Lowering::lower_select(QueryIndex index, const SelectFacts& select) {
  const QueryFacts& facts = analysis_.queries[index];
  const std::vector<NamedWindow>* outer_windows =
      std::exchange(named_windows_, &select.node->windows);
  Replacements replacements;
  Source source;
  if (select.is_aggregation) {
    source.sql = lower_aggregation(select, replacements);
    replacements_.push_back(&replacements);
    if (select.node->having) {
      source.condition = lower(*select.node->having).sql;
      source.sql += " WHERE " + source.condition;
    }
  } else {
    source = lower_source(*select.node);
  }
  // The engine may move an outer query's filter below this projection, beside the filter here: what
  // may fail is then computed for rows that this filter drops, unless it waits for it. Nothing is
  // outside the root.
  const std::string condition = index == analysis_.root ? "" : source.condition;
  SelectList items;
  LoweredQuery result;
  for (size_t i = 0; i < select.outputs.size(); ++i) {
    result.outputs.emplace_back();
    for (const FieldPath& path : needs_.of_query[index][i].paths()) {
      result.outputs[i].push_back(
          {path, items.add(lower_output(select.outputs[i], path, condition))});
    }
  }
  const std::vector<std::string> key_columns = lower_sort_keys(facts, select, result, items);
  if (select.is_aggregation) replacements_.pop_back();
  named_windows_ = outer_windows;
  result.sql = fmt::format("SELECT {}{}{}", select.node->distinct ? "DISTINCT " : "", items.text(),
                           source.sql);
  if (select.node->distinct &&
      std::ranges::any_of(facts.outputs, &Type::has_zone, &OutputField::type))
    result.sql = distinct_by_keys(facts, result, "SELECT " + items.text() + source.sql);
  return ordered(facts, std::move(result), key_columns);
}

// ---- windows

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

std::string Lowering::window_text(const WindowSpecification& specification) {
  // A window that extends another adds an order or a frame to it.
  std::string text =
      specification.existing_window ? window_text(find_window(*specification.existing_window)) : "";
  for (const ExpressionPtr& key : specification.partition_by) {
    text += &key == &specification.partition_by.front() ? "PARTITION BY " : ", ";
    text += engine_key(lower_value(*key).sql, analysis_.of(*key).type);
  }
  std::string order;
  for (const SortItem& item : specification.order_by) {
    const SortKey key{std::nullopt, item.key.get(), item.descending,
                      item.nulls_first.value_or(false)};
    order += order.empty() ? " ORDER BY " : ", ";
    order += sort_item(key, analysis_.of(*item.key).type, lower_value(*item.key).sql);
  }
  text += order;
  if (specification.frame) text += window_frame(*specification.frame);
  return text;
}

std::string Lowering::window_frame(const WindowFrame& frame) {
  static constexpr std::string_view kUnits[] = {"ROWS", "RANGE", "GROUPS"};
  const std::string_view unit = kUnits[static_cast<size_t>(frame.unit)];
  if (!frame.end) return fmt::format(" {} {}", unit, window_bound(frame.start));
  return fmt::format(" {} BETWEEN {} AND {}", unit, window_bound(frame.start),
                     window_bound(*frame.end));
}

std::string Lowering::window_bound(const FrameBound& bound) {
  switch (bound.kind) {
    case FrameBound::Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case FrameBound::Kind::kPreceding: return lower(*bound.offset).sql + " PRECEDING";
    case FrameBound::Kind::kCurrentRow: return "CURRENT ROW";
    case FrameBound::Kind::kFollowing: return lower(*bound.offset).sql + " FOLLOWING";
    case FrameBound::Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  return {};
}

}  // namespace trailsql
