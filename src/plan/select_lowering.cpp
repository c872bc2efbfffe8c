// SELECT → engine SQL. An aggregation is two levels: keys and aggregates below, everything built
// from them above.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "analysis/canonical_key.h"
#include "functions/cast.h"
#include "plan/lowering.h"

namespace trailsql {

Lowering::Source Lowering::lower_source(const QuerySpecification& node) {
  std::vector<LoweredExpression> outer_conditions = std::exchange(extra_conditions_, {});
  std::vector<std::string> outer_guards = std::exchange(join_guards_, {});
  Source source;
  if (node.from) source.sql = " FROM " + lower_relation(*node.from);
  std::vector<LoweredExpression> conditions =
      std::exchange(extra_conditions_, std::move(outer_conditions));
  const std::vector<std::string> guards = std::exchange(join_guards_, std::move(outer_guards));
  if (node.where) add_conditions(*node.where, conditions);
  if (!conditions.empty()) {
    source.condition = join_conditions(conditions, guards);
    source.sql += " WHERE " + source.condition;
  }
  return source;
}

std::string Lowering::lower_aggregation(const SelectFacts& select, Replacements& replacements) {
  const std::string source = lower_source(*select.node).sql;
  const std::string alias = next_alias();
  const bool has_sets = select.grouping_sets.size() > 1;
  std::string items;
  const auto add = [&](const std::string& key, const std::string& sql, const std::string& name) {
    if (!replacements.emplace(key, fmt::format("{}.{}", alias, name)).second) return;
    items += fmt::format("{}{} AS {}", items.empty() ? "" : ", ", sql, name);
  };
  std::vector<std::string> keys;  // by grouping key: what the engine groups by
  for (const GroupingKey& key : select.grouping_keys) {
    const std::string text = canonical_key(analysis_, key.expression, key.use, key.field);
    std::string sql = lower_value(key.expression, key.use).sql;
    if (key.field) sql = field_sql(sql, *key.field);
    // Equal instants are one group whatever their zone; any zone of the group is kept.
    const bool zoned = key.type.has_zone();
    const std::string name = fmt::format("g{}", keys.size());
    keys.push_back(engine_key(sql, key.type));
    if (zoned) sql = fmt::format("any_value({})", sql);
    if (zoned && has_sets)
      sql = fmt::format("CASE WHEN grouping({}) = 0 THEN {} END", keys.back(), sql);
    add(text, sql, name);
  }
  size_t num_aggregates = 0;
  for (const Expression* aggregate : select.aggregates) {
    const std::string text = canonical_key(analysis_, *aggregate);
    if (replacements.contains(text)) continue;
    add(text, aggregate_sql(*aggregate, ""), fmt::format("a{}", num_aggregates++));
  }
  lower_groupings(select, keys, replacements, items, alias);
  // GROUP BY with no key and no aggregate is still one row: count(*) forces the engine to see an
  // aggregation.
  if (items.empty()) items = "count(*) AS g0";
  std::string group_by;
  if (has_sets) {
    std::vector<std::string> sets;
    for (const std::vector<uint32_t>& set : select.grouping_sets) {
      std::vector<std::string> members;
      for (const uint32_t key : set) members.push_back(keys[key]);
      sets.push_back(fmt::format("({})", fmt::join(members, ", ")));
    }
    group_by = fmt::format(" GROUP BY GROUPING SETS ({})", fmt::join(sets, ", "));
  } else if (!keys.empty()) {
    group_by = fmt::format(" GROUP BY {}", fmt::join(keys, ", "));
  }
  return fmt::format(" FROM (SELECT {}{}{}) AS {}", items, source, group_by, alias);
}

// GROUPING(a, b): a bit for each key, the last lowest, that is 1 where the key is not grouped by.
void Lowering::lower_groupings(const SelectFacts& select, const std::vector<std::string>& keys,
                               Replacements& replacements, std::string& items,
                               const std::string& alias) {
  for (const Expression* grouping : select.groupings) {
    const std::string name = fmt::format("b{}", replacements.size());
    if (!replacements
             .emplace(canonical_key(analysis_, *grouping), fmt::format("{}.{}", alias, name))
             .second)
      continue;
    std::vector<std::string> columns;
    for (const ExpressionPtr& column : std::get<Grouping>(grouping->node).columns) {
      const std::string text = canonical_key(analysis_, *column);
      for (size_t i = 0; i < keys.size(); ++i) {
        const GroupingKey& key = select.grouping_keys[i];
        if (canonical_key(analysis_, key.expression, key.use, key.field) == text) {
          columns.push_back(keys[i]);
          break;
        }
      }
    }
    const bool grouped_alone = select.grouping_sets.size() == 1 || columns.empty();
    items +=
        fmt::format("{}CAST({} AS {}) AS {}", items.empty() ? "" : ", ",
                    grouped_alone ? "0" : fmt::format("grouping({})", fmt::join(columns, ", ")),
                    engine_type_name(analysis_.of(*grouping).type), name);
  }
}

// Lowers what lies at `path` into an output. `condition` is that of the WHERE beside it, where it
// must be waited for.
std::string Lowering::lower_output(const SelectOutput& output, const FieldPath& path,
                                   const std::string& condition) {
  const std::optional<ColumnUse> use =
      output.expression ? analysis_.of(*output.expression).use : std::optional(output.use);
  if (use && !output.field) {
    ColumnUse part = *use;
    part.path.insert(part.path.end(), path.begin(), path.end());
    return reference(part);
  }
  LoweredExpression value = lower_value(*output.expression);
  if (output.field) value.sql = field_sql(value.sql, *output.field);
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
  begin_delivery(*facts.outputs_relation);
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

void Lowering::find_scan_columns(const QueryFacts& facts, const SelectFacts& select,
                                 const Source& source, const std::vector<std::string>& values) {
  const bool has_all_rows = scans_.size() == 1 && parquet_tables_.empty() && !bare_scan_.empty() &&
                            source.sql == " FROM " + bare_scan_;
  if (!has_all_rows || select.is_aggregation || select.node->distinct || facts.offset ||
      !facts.order_by.empty())
    return;
  const std::string alias = bare_scan_.substr(bare_scan_.rfind(' ') + 1);
  std::vector<uint32_t> columns;
  for (const std::string& value : values) {
    uint32_t column = 0;
    const auto num_columns = static_cast<uint32_t>(scans_[0].spec.columns.size());
    while (column < num_columns && value != fmt::format("{}.c{}", alias, column)) ++column;
    if (column == num_columns || std::ranges::find(columns, column) != columns.end()) return;
    columns.push_back(column);
  }
  scan_columns_ = std::move(columns);
}

LoweredQuery Lowering::lower_select(QueryIndex index, const SelectFacts& select) {
  const QueryFacts& facts = analysis_.queries[index];
  ++select_depth_;
  const std::vector<NamedWindow>* outer_windows =
      std::exchange(named_windows_, &select.node->windows);
  Replacements replacements;
  Source source;
  if (select.is_aggregation) {
    source.sql = lower_aggregation(select, replacements);
    replacements_.push_back(&replacements);
    if (select.node->having) {
      std::vector<LoweredExpression> conditions;
      add_conditions(*select.node->having, conditions);
      source.condition = join_conditions(conditions, {});
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
  std::vector<std::string> values;
  for (size_t i = 0; i < select.outputs.size(); ++i) {
    result.outputs.emplace_back();
    for (const FieldPath& path : needs_.of_query[index][i].paths()) {
      values.push_back(lower_output(select.outputs[i], path, condition));
      result.outputs[i].push_back({path, items.add(values.back())});
    }
  }
  if (index == analysis_.root) find_scan_columns(facts, select, source, values);
  const std::vector<std::string> key_columns = lower_sort_keys(facts, select, result, items);
  if (select.is_aggregation) replacements_.pop_back();
  named_windows_ = outer_windows;
  --select_depth_;
  const bool distinct = select.node->distinct;
  const bool by_keys = distinct && compares_by_keys(facts);
  result.sql = fmt::format("SELECT {}{}{}", distinct && !by_keys ? "DISTINCT " : "", items.text(),
                           source.sql);
  if (by_keys) result.sql = distinct_by_keys(facts, result);
  return ordered(facts, std::move(result), key_columns);
}

}  // namespace trailsql
