// SELECT → engine SQL. An aggregation is two levels: keys and aggregates below, everything built
// from them above.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "analysis/canonical_key.h"
#include "analysis/scope.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/cast.h"
#include "plan/lowering.h"

namespace trailsql {

namespace {

// Whether there are sort keys, all of them outputs as they stand.
bool sorts_outputs_only(const QueryFacts& facts) {
  const auto is_output = [](const SortKey& key) { return key.output.has_value(); };
  return !facts.order_by.empty() && std::ranges::all_of(facts.order_by, is_output);
}

// Whether a sort key is output `index`, or names it inside an expression.
bool sort_keys_read(const Analysis& analysis, const QueryFacts& facts, size_t index) {
  const std::function<bool(const Expression&)> names = [&](const Expression& expression) {
    const std::optional<ColumnUse>& use = analysis.of(expression).use;
    bool found = use && use->relation == kOutputRelation && use->column == index;
    for_each_child(expression, [&](const Expression& child) { found = found || names(child); });
    return found;
  };
  return std::any_of(facts.order_by.begin(), facts.order_by.end(), [&](const SortKey& key) {
    return key.output ? *key.output == index : key.expression && names(*key.expression);
  });
}

}  // namespace

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
    const std::string text =
        key.expression ? canonical_key(analysis_, *key.expression) : canonical_key(key.use);
    const std::string sql = key.expression ? lower_value(*key.expression).sql : reference(key.use);
    // Equal instants are one group whatever their zone; any zone of the group is kept.
    const bool zoned = key.type.is(TypeKind::kTimestampWithTimeZone);
    if (!add(text, zoned ? fmt::format("any_value({})", sql) : sql, fmt::format("g{}", num_keys++)))
      continue;
    group_by += fmt::format("{}{}", group_by.empty() ? " GROUP BY " : ", ",
                            zoned ? field_sql(sql, 0) : sql);
  }
  size_t num_aggregates = 0;
  for (const Expression* aggregate : select.aggregates) {
    const std::string text = canonical_key(analysis_, *aggregate);
    if (replacements.contains(text)) continue;
    add(text, aggregate_sql(*aggregate, ""), fmt::format("a{}", num_aggregates++));
  }
  if (items.empty()) items = "1 AS g0";
  // GROUP BY with no key and no aggregate is still one row: count(*) forces the engine to see an
  // aggregation.
  if (group_by.empty() && num_aggregates == 0) items = "count(*) AS g0";
  return fmt::format(" FROM (SELECT {}{}{}) AS {}", items, source, group_by, alias);
}

// Lowers what is delivered of each output; returns the SQL of each output as a whole where there is
// such, for ORDER BY.
std::vector<std::string> Lowering::lower_outputs(QueryIndex index, const SelectFacts& select,
                                                 const std::string& condition,
                                                 LoweredQuery& lowered, std::string& items) {
  std::vector<std::string> whole(select.outputs.size());
  size_t num_columns = 0;
  for (size_t i = 0; i < select.outputs.size(); ++i) {
    const SelectOutput& output = select.outputs[i];
    const std::optional<ColumnUse> use =
        output.expression ? analysis_.of(*output.expression).use : std::optional(output.use);
    std::vector<DeliveredPart> parts;
    for (const FieldPath& path : needs_.of_query[index][i].paths()) {
      std::string sql;
      if (use) {
        ColumnUse part = *use;
        part.path.insert(part.path.end(), path.begin(), path.end());
        sql = reference(part);
      } else {
        const LoweredExpression value = lower_value(*output.expression);
        // The engine may move an outer query's filter below this projection, beside the filter
        // here: what may fail is then computed for rows that this filter drops, unless it waits for
        // it.
        const bool guarded = value.may_fail && !condition.empty() && index != analysis_.root;
        sql = guarded ? fmt::format("(CASE WHEN {} THEN {} END)", condition, value.sql) : value.sql;
        for (const uint32_t field : path) sql = field_sql(sql, field);
      }
      const std::string name = fmt::format("c{}", num_columns++);
      items += fmt::format("{}{} AS {}", items.empty() ? "" : ", ", sql, name);
      if (path.empty()) whole[i] = name;
      parts.push_back({path, name});
    }
    lowered.outputs.push_back(std::move(parts));
  }
  if (items.empty()) items = "1 AS c0";
  return whole;
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

  LoweredQuery result;
  std::string items;
  std::vector<std::string> whole = lower_outputs(index, select, source.condition, result, items);
  // Sort keys may read outputs that nothing above wants.
  std::vector<std::string> expressions(whole.size());
  for (size_t i = 0; i < whole.size() && !facts.order_by.empty(); ++i) {
    const SelectOutput& output = select.outputs[i];
    if (!sort_keys_read(analysis_, facts, i)) continue;
    expressions[i] =
        output.expression ? lower_value(*output.expression).sql : reference(output.use);
    // The engine reads a name inside a sort key's expression as a column of the source, not as an
    // output: keys that are taken apart are spelled out.
    const bool taken_apart = facts.outputs[i].type.is(TypeKind::kTimestampWithTimeZone);
    if (whole[i].empty() || (taken_apart && !select.node->distinct)) whole[i] = expressions[i];
  }
  if (select.node->distinct && sorts_outputs_only(facts)) {
    const std::string alias = next_alias();
    for (std::string& name : whole) name = fmt::format("{}.{}", alias, name);
    if (select.is_aggregation) replacements_.pop_back();
    named_windows_ = outer_windows;
    result.sql = fmt::format("SELECT * FROM (SELECT DISTINCT {}{}) AS {}{}", items, source.sql,
                             alias, order_and_limit(facts, whole, whole));
    return result;
  }
  const std::string tail = order_and_limit(facts, whole, expressions);
  if (select.is_aggregation) replacements_.pop_back();
  named_windows_ = outer_windows;
  result.sql = fmt::format("SELECT {}{}{}{}", select.node->distinct ? "DISTINCT " : "", items,
                           source.sql, tail);
  return result;
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
    const std::string sql = lower_value(*key).sql;
    text += analysis_.of(*key).type.is(TypeKind::kTimestampWithTimeZone) ? field_sql(sql, 0) : sql;
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
