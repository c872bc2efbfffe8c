// What the conditions of a query come to where only that counts which is known before files are
// read: values of partition columns, paths, and the days that a folder's events lie in. A condition
// is followed from the table outwards, through subqueries, views, UNION and joins.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/canonical_key.h"
#include "analysis/tree_walk.h"
#include "base/text.h"
#include "plan/lowering.h"
#include "plan/scan_format.h"

namespace trailsql {
namespace {

using Op = ComparisonOperator;

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

// Functions that keep the order of their first argument, when the others are constants.
bool keeps_order(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "date",       "date_trunc",     "from_iso8601_timestamp", "from_iso8601_date",
      "date_parse", "parse_datetime", "at_timezone",            "with_timezone",
      "substr",     "substring",      "to_unixtime",            "year"};
  return std::ranges::any_of(
      kNames, [&](std::string_view known) { return equals_ignoring_case(known, name); });
}

Op mirrored(Op op) {
  switch (op) {
    case Op::kLess: return Op::kGreater;
    case Op::kLessOrEqual: return Op::kGreaterOrEqual;
    case Op::kGreater: return Op::kLess;
    case Op::kGreaterOrEqual: return Op::kLessOrEqual;
    default: return op;
  }
}

// A condition that cannot be decided is one that may be true.
std::string true_where_unknown(const std::string& sql) {
  return fmt::format("coalesce(TRY({}), true)", sql);
}

}  // namespace

/// Follows the conditions around one table.
class Lowering::KnownConditions {
 public:
  KnownConditions(Lowering& lowering, RelationIndex table, std::optional<RelationIndex> unnest)
      : self_(lowering),
        analysis_(lowering.analysis_),
        table_relation_(table),
        unnest_(unnest),
        table_(*std::get<TableRelation>(analysis_.relations[table].source).table),
        num_partition_columns_(static_cast<uint32_t>(table_.partition_columns.size())),
        has_event_bounds_(event_time_slack_days(table_).has_value()) {}

  void add_to(ScanSpec& spec) {
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

 private:
  enum class Bound : uint8_t { kNone, kFirst, kLast };  // what stands for the time of an event

  const QueryFacts& facts_of(size_t level) const {
    return analysis_.queries[self_.frames_[level].query];
  }
  // The relation in this level's FROM that the table is, or lies in.
  RelationIndex leaf_of(size_t level) const {
    const bool is_innermost = level + 1 == self_.frames_.size();
    return is_innermost ? table_relation_ : self_.frames_[level + 1].relation;
  }

  struct Found {
    bool found = false;
    bool open = false;  // every row that is dropped there is dropped by the conditions around, too
  };

  // Looks for a leaf in FROM and gathers the terms of ON that must be true of its rows.
  Found collect(const Relation& node, RelationIndex leaf, std::vector<const Expression*>& terms) {
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

  void add_condition(size_t level, const Expression& term, ScanSpec& spec) {
    used_.clear();
    if (const std::optional<std::string> sql = possible(level, term)) {
      spec.conditions.push_back({*sql, {used_.begin(), used_.end()}});
    }
    add_equal_values(level, term, spec);
  }

  // ---- what is known of a column

  std::optional<std::string> column_sql(size_t level, const ColumnUse& use) {
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

  std::optional<std::string> table_column_sql(const ColumnUse& use) {
    const auto num_data_columns = static_cast<uint32_t>(table_.columns.size());
    if (use.relation == table_relation_ && use.column >= num_data_columns && use.path.empty())
      return known(use.column - num_data_columns);
    if (bound_ == Bound::kNone || !is_event_time(use)) return std::nullopt;
    const auto first = num_partition_columns_ + static_cast<uint32_t>(kNumHiddenColumns);
    return known(bound_ == Bound::kFirst ? first : first + 1);
  }

  std::string known(uint32_t position) {
    used_.insert(position);
    return fmt::format("k.c{}", position);
  }

  bool is_event_time(const ColumnUse& use) const {
    if (!has_event_bounds_) return false;
    const RelationFacts& relation = analysis_.relations[use.relation];
    if (use.relation == table_relation_) {
      return use.path.empty() && use.column < table_.columns.size() &&
             is_event_time_name(table_.columns[use.column].name);
    }
    if (use.relation != unnest_) return false;
    if (use.path.empty())
      return is_event_time_name(relation.columns[use.column].name.value_or(""));
    if (use.path.size() != 1 || !relation.columns[use.column].type.is(TypeKind::kRow)) return false;
    return is_event_time_name(
        relation.columns[use.column].type.fields()[use.path[0]].name.value_or(""));
  }

  std::optional<std::string> output_sql(size_t level, uint32_t output, const FieldPath& path) {
    const QueryFacts& facts = facts_of(level);
    if (const auto* select = std::get_if<SelectFacts>(&facts.body))
      return select_output_sql(level, select->outputs[output], path);
    if (const auto* table = std::get_if<TableBodyFacts>(&facts.body)) {
      const std::vector<RelationColumn>& columns = analysis_.relations[table->relation].columns;
      for (uint32_t i = 0; i < columns.size(); ++i) {
        if (!columns[i].hidden && output-- == 0)
          return column_sql(level, {table->relation, i, path});
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

  std::optional<std::string> select_output_sql(size_t level, const SelectOutput& output,
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
    return value ? std::optional(value->sql) : std::nullopt;
  }

  // ---- expressions

  // Gathers what stands for the columns of an expression; false when something in it is not known.
  bool gather(size_t level, const Expression& expression, Replacements& replacements) {
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

  // Lowers an expression over what is known; nothing when it reads more. `converted`: to the type
  // that its place wants.
  std::optional<LoweredExpression> lowered(size_t level, const Expression& expression,
                                           bool is_converted = true) {
    Replacements replacements;
    if (!gather(level, expression, replacements)) return std::nullopt;
    const std::vector<const Replacements*> outer =
        std::exchange(self_.replacements_, {&replacements});
    LoweredExpression result =
        is_converted ? self_.lower(expression) : self_.lower_value(expression);
    self_.replacements_ = outer;
    return result;
  }

  bool is_constant(size_t level, const Expression& expression) {
    const std::set<uint32_t> used = std::exchange(used_, {});
    Replacements replacements;
    const bool constant = gather(level, expression, replacements) && used_.empty();
    used_ = used;
    return constant;
  }

  // ---- conditions

  // Returns SQL that is true wherever the condition can be; nothing when nothing speaks against it.
  std::optional<std::string> possible(size_t level, const Expression& condition) {
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

  // A condition on the time of an event, for a folder whose events lie between two times.
  std::optional<std::string> possible_time(size_t level, const Expression& condition) {
    const Type* type = analysis_.of(condition).operand_type ? &*analysis_.of(condition).operand_type
                                                            : nullptr;
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

  std::optional<std::string> possible_like(size_t level, const Like& like) {
    const auto* pattern = std::get_if<StringLiteral>(&like.pattern->node);
    const bool plain =
        !like.negated && !like.escape && pattern && analysis_.of(*like.operand).use;
    if (!plain || !keeps_event_order(level, *like.operand)) return std::nullopt;
    const std::string prefix = pattern->value.substr(0, pattern->value.find_first_of("%_"));
    return fmt::format("coalesce({} >= {} AND {} <= {}, true)",
                       bound(level, *like.operand, Bound::kLast)->sql, quoted_text(prefix),
                       bound(level, *like.operand, Bound::kFirst)->sql, quoted_text(prefix + "~"));
  }

  // Whether the expression is the time of an event, or grows with it.
  bool keeps_event_order(size_t level, const Expression& expression) {
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
    if (!call || !facts.function || !keeps_order(facts.function->entry->name)) return false;
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

  std::optional<LoweredExpression> bound(size_t level, const Expression& expression, Bound bound) {
    const Bound outer = std::exchange(bound_, bound);
    std::optional<LoweredExpression> result = lowered(level, expression);
    bound_ = outer;
    return result;
  }

  std::optional<std::string> compared(size_t level, Op op, const Type& type,
                                      const Expression& event, const Expression& constant) {
    if (!is_constant(level, constant)) return std::nullopt;
    const std::string right = lowered(level, constant)->sql;
    const auto side = [&](Op by, Bound of) {
      return true_where_unknown(
          self_.comparison(by, type, bound(level, event, of)->sql, right).sql);
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

  // ---- the only values that a partition column can have

  void add_equal_values(size_t level, const Expression& term, ScanSpec& spec) {
    ScanEqualValues found;
    found.partition_column = num_partition_columns_;
    const auto* logical = std::get_if<Logical>(&term.node);
    if (logical && !logical->is_and) {
      for (const ExpressionPtr& part : logical->terms) {
        if (!add_values(level, *part, found)) return;
      }
    } else if (!add_values(level, term, found)) {
      return;
    }
    spec.equal_values.push_back(std::move(found));
  }

  bool add_values(size_t level, const Expression& term, ScanEqualValues& found) {
    if (const auto* node = std::get_if<Comparison>(&term.node)) {
      return node->op == Op::kEqual && (add_value(level, term, *node->left, *node->right, found) ||
                                        add_value(level, term, *node->right, *node->left, found));
    }
    const auto* in = std::get_if<InList>(&term.node);
    if (!in || in->negated) return false;
    return std::ranges::all_of(in->values, [&](const ExpressionPtr& value) {
      return add_value(level, term, *in->operand, *value, found);
    });
  }

  bool add_value(size_t level, const Expression& term, const Expression& column,
                 const Expression& value, ScanEqualValues& found) {
    if (!analysis_.of(column).use || !is_constant(level, value)) return false;
    used_.clear();
    if (!column_sql(level, *analysis_.of(column).use) || used_.size() != 1) return false;
    const uint32_t position = *used_.begin();
    const bool is_first = found.values_sql.empty();
    if (position >= num_partition_columns_ || (!is_first && found.partition_column != position))
      return false;
    found.partition_column = position;
    found.values_sql.push_back(self_.converted(lowered(level, value)->sql,
                                               *analysis_.of(term).operand_type, Type::varchar()));
    return true;
  }

  Lowering& self_;
  const Analysis& analysis_;
  RelationIndex table_relation_;
  std::optional<RelationIndex> unnest_;
  const CatalogTable& table_;
  uint32_t num_partition_columns_;
  bool has_event_bounds_;
  Bound bound_ = Bound::kNone;
  std::set<uint32_t> used_;  // positions of what is known that the SQL at hand reads
};

void Lowering::add_known_conditions(ScanSpec& spec, RelationIndex table,
                                    std::optional<RelationIndex> unnest) {
  KnownConditions(*this, table, unnest).add_to(spec);
}

}  // namespace trailsql
