// Follows a condition of a query to what is known before files are read.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/canonical_key.h"
#include "analysis/tree_walk.h"
#include "plan/known_conditions.h"

namespace trailsql {
namespace {

bool has_window(const Analysis& analysis, const Expression& expression) {
  if (analysis.of(expression).is_window) return true;
  bool found = false;
  for_each_child(expression,
                 [&](const Expression& child) { found = found || has_window(analysis, child); });
  return found;
}

// Whether rows that are dropped by what a query delivers could as well be dropped before it: not
// where it cuts its rows, or where a window tells one row of others.
bool lets_conditions_pass(const Analysis& analysis, const QueryFacts& facts) {
  if (facts.limit || facts.offset) return false;
  const auto* select = std::get_if<SelectFacts>(&facts.body);
  if (!select) return true;
  return select->grouping_sets.size() < 2 &&
         std::ranges::none_of(select->outputs, [&](const SelectOutput& output) {
           return output.expression && has_window(analysis, *output.expression);
         });
}

void add_terms(const Expression& condition, std::vector<const Expression*>& terms) {
  const auto* logical = std::get_if<Logical>(&condition.node);
  if (!logical || !logical->is_and) return terms.push_back(&condition);
  for (const ExpressionPtr& term : logical->terms) add_terms(*term, terms);
}

}  // namespace

void Lowering::KnownConditions::add_to(ScanSpec& spec) {
  for (size_t level = self_.frames_.size(); level-- > 0;) {
    const QueryFacts& facts = facts_of(level);
    if (const auto* select = std::get_if<SelectFacts>(&facts.body)) {
      std::vector<const Expression*> terms;
      if (select->node->from && collect(*select->node->from, leaf_of(level), terms).open) {
        if (select->node->where) add_terms(*select->node->where, terms);
        // Of HAVING, what speaks of the keys of groups; one group of all rows stays without rows.
        if (select->node->having && select->grouping_sets.size() == 1 &&
            !select->grouping_keys.empty())
          add_terms(*select->node->having, terms);
      }
      for (const Expression* term : terms) add_condition(level, *term, spec);
    }
    const QueryFrame& frame = self_.frames_[level];
    if (frame.link == QueryFrame::Link::kBarrier || !lets_conditions_pass(analysis_, facts)) break;
  }
}

const QueryFacts& Lowering::KnownConditions::facts_of(size_t level) const {
  return analysis_.queries[self_.frames_[level].query];
}

RelationIndex Lowering::KnownConditions::leaf_of(size_t level) const {
  const bool is_innermost = level + 1 == self_.frames_.size();
  return is_innermost ? table_relation_ : self_.frames_[level + 1].relation;
}

Lowering::KnownConditions::Found Lowering::KnownConditions::collect(
    const Relation& node, RelationIndex leaf, std::vector<const Expression*>& terms) {
  const Relation& inner = without_alias(node);
  if (const auto* sampled = std::get_if<SampledRelation>(&inner.node))
    return collect(*sampled->relation, leaf, terms);
  const auto* join = std::get_if<Join>(&inner.node);
  if (!join) {
    const bool found = analysis_.relation_of_node[inner.id] == leaf;
    return {found, found};
  }
  const Found left = collect(*join->left, leaf, terms);
  const Found right = left.found ? Found() : collect(*join->right, leaf, terms);
  if (!left.found && !right.found) return {};
  const bool keeps_left = join->kind == JoinKind::kLeft || join->kind == JoinKind::kFull;
  const bool keeps_right = join->kind == JoinKind::kRight || join->kind == JoinKind::kFull;
  // Rows of the side that an outer join keeps are kept without regard to ON; to drop rows of the
  // other side makes NULLs of them.
  const bool is_kept = left.found ? keeps_left : keeps_right;
  const bool becomes_null = left.found ? keeps_right : keeps_left;
  const bool was_open = left.open || right.open;
  if (join->on && was_open && !is_kept) add_terms(*join->on, terms);
  return {true, was_open && !becomes_null};
}

void Lowering::KnownConditions::add_condition(size_t level, const Expression& term,
                                              ScanSpec& spec) {
  used_.clear();
  if (const std::optional<std::string> sql = possible(level, term)) {
    spec.conditions.push_back({*sql, {used_.begin(), used_.end()}});
  }
  add_equal_values(level, term, spec);
  add_text_filter(level, term, spec);
  if (std::optional<PathRanges> ranges = path_ranges(level, term))
    spec.path_ranges.push_back(std::move(*ranges));
}

std::optional<std::string> Lowering::KnownConditions::column_sql(size_t level,
                                                                 const ColumnUse& use) {
  const RelationFacts& relation = analysis_.relations[use.relation];
  if (const auto* joined = std::get_if<UsingRelation>(&relation.source)) {
    const UsingRelation::Column& part = joined->parts[use.column];
    if (part.left && part.right) return std::nullopt;
    ColumnUse inner = part.left ? *part.left : *part.right;
    inner.path.insert(inner.path.end(), use.path.begin(), use.path.end());
    return column_sql(level, inner);
  }
  if (level + 1 == self_.frames_.size()) return table_column_sql(use);
  if (use.relation != self_.frames_[level + 1].relation) return std::nullopt;
  return output_sql(level + 1, use.column, use.path);
}

std::optional<std::string> Lowering::KnownConditions::table_column_sql(const ColumnUse& use) {
  const auto num_data_columns = static_cast<uint32_t>(table_.columns.size());
  if (use.relation == table_relation_ && use.column >= num_data_columns && use.path.empty())
    return known(use.column - num_data_columns);
  if (use.relation == table_relation_ || use.relation == unnest_) data_use_ = use;
  if (bound_ == Bound::kNone || !is_event_time(use)) return std::nullopt;
  const auto first = num_partition_columns_ + static_cast<uint32_t>(kNumHiddenColumns);
  return known(bound_ == Bound::kFirst ? first : first + 1);
}

std::string Lowering::KnownConditions::known(uint32_t position) {
  used_.insert(position);
  return fmt::format("k.c{}", position);
}

bool Lowering::KnownConditions::is_event_time(const ColumnUse& use) const {
  if (!has_event_bounds_) return false;
  const RelationFacts& relation = analysis_.relations[use.relation];
  if (use.relation == table_relation_) {
    return use.path.empty() && use.column < table_.columns.size() &&
           is_event_time_name(table_.columns[use.column].name);
  }
  if (use.relation != unnest_) return false;
  if (use.path.empty()) return is_event_time_name(relation.columns[use.column].name.value_or(""));
  if (use.path.size() != 1 || !relation.columns[use.column].type.is(TypeKind::kRow)) return false;
  return is_event_time_name(
      relation.columns[use.column].type.fields()[use.path[0]].name.value_or(""));
}

std::optional<std::string> Lowering::KnownConditions::output_sql(size_t level, uint32_t output,
                                                                 const FieldPath& path) {
  const QueryFacts& facts = facts_of(level);
  if (const auto* select = std::get_if<SelectFacts>(&facts.body))
    return select_output_sql(level, select->outputs[output], path);
  if (const auto* table = std::get_if<TableBodyFacts>(&facts.body)) {
    const std::vector<RelationColumn>& columns = analysis_.relations[table->relation].columns;
    for (uint32_t i = 0; i < columns.size(); ++i) {
      if (!columns[i].hidden && output-- == 0) return column_sql(level, {table->relation, i, path});
    }
    return std::nullopt;
  }
  if (level + 1 == self_.frames_.size()) return std::nullopt;
  const QueryFrame& inner = self_.frames_[level + 1];
  if (inner.link == QueryFrame::Link::kBarrier) return std::nullopt;
  const uint32_t column = inner.columns ? (*inner.columns)[output] : output;
  const bool same_type = facts_of(level + 1).outputs[column].type == facts.outputs[output].type;
  return same_type ? output_sql(level + 1, column, path) : std::nullopt;
}

std::optional<std::string> Lowering::KnownConditions::select_output_sql(size_t level,
                                                                        const SelectOutput& output,
                                                                        const FieldPath& path) {
  if (output.field) return std::nullopt;
  std::optional<ColumnUse> use =
      output.expression ? analysis_.of(*output.expression).use : std::optional(output.use);
  if (use) {
    use->path.insert(use->path.end(), path.begin(), path.end());
    return column_sql(level, *use);
  }
  if (!path.empty()) return std::nullopt;
  const std::optional<LoweredExpression> value = lowered(level, *output.expression, false);
  data_use_.reset();  // what an expression reads is not what it is
  return value ? std::optional(value->sql) : std::nullopt;
}

bool Lowering::KnownConditions::gather(size_t level, const Expression& expression,
                                       Replacements& replacements) {
  const ExpressionFacts& facts = analysis_.of(expression);
  if (facts.use) {
    const std::optional<std::string> sql = column_sql(level, *facts.use);
    if (sql) replacements.emplace(canonical_key(*facts.use), *sql);
    return sql.has_value();
  }
  if (query_of(expression) || facts.is_aggregate || facts.is_window || facts.inline_function)
    return false;
  if (facts.function && !facts.function->entry->deterministic) return false;
  bool all_known = true;
  for_each_child(expression, [&](const Expression& child) {
    all_known = all_known && gather(level, child, replacements);
  });
  return all_known;
}

std::optional<LoweredExpression> Lowering::KnownConditions::lowered(size_t level,
                                                                    const Expression& expression,
                                                                    bool is_converted) {
  Replacements replacements;
  if (!gather(level, expression, replacements)) return std::nullopt;
  const std::vector<const Replacements*> outer =
      std::exchange(self_.replacements_, {&replacements});
  LoweredExpression result = is_converted ? self_.lower(expression) : self_.lower_value(expression);
  self_.replacements_ = outer;
  return result;
}

bool Lowering::KnownConditions::is_constant(size_t level, const Expression& expression) {
  const std::set<uint32_t> used = std::exchange(used_, {});
  Replacements replacements;
  const bool constant = gather(level, expression, replacements) && used_.empty();
  used_ = used;
  return constant;
}

std::string Lowering::KnownConditions::true_where_unknown(const std::string& sql) {
  return fmt::format("coalesce(TRY({}), true)", sql);
}

std::optional<std::string> Lowering::KnownConditions::possible(size_t level,
                                                               const Expression& condition) {
  const std::set<uint32_t> used = used_;
  if (const std::optional<LoweredExpression> whole = lowered(level, condition))
    return whole->may_fail ? true_where_unknown(whole->sql) : whole->sql;
  used_ = used;
  if (const auto* logical = std::get_if<Logical>(&condition.node)) {
    std::vector<std::string> parts;
    for (const ExpressionPtr& term : logical->terms) {
      if (const std::optional<std::string> part = possible(level, *term)) {
        parts.push_back(*part);
      } else if (!logical->is_and) {
        used_ = used;
        return std::nullopt;
      }
    }
    if (parts.empty()) return std::nullopt;
    return fmt::format("({})", fmt::join(parts, logical->is_and ? " AND " : " OR "));
  }
  if (!has_event_bounds_) return std::nullopt;
  return possible_time(level, condition);
}

void Lowering::add_known_conditions(ScanSpec& spec, RelationIndex table,
                                    std::optional<RelationIndex> unnest) {
  KnownConditions(*this, table, unnest).add_to(spec);
}

}  // namespace trailsql
