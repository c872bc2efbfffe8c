// Relations of FROM → engine SQL: tables become scans, UNNEST of a table's column goes into its
// scan.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/canonical_key.h"
#include "analysis/tree_walk.h"
#include "base/error.h"
#include "base/text.h"
#include "plan/lowering.h"
#include "plan/repeated_records.h"
#include "plan/scan_format.h"

namespace trailsql {
namespace {

std::string relation_alias(RelationIndex index) { return fmt::format("r{}", index); }

std::string_view join_words(JoinKind kind) {
  switch (kind) {
    case JoinKind::kInner: return "JOIN";
    case JoinKind::kLeft: return "LEFT JOIN";
    case JoinKind::kRight: return "RIGHT JOIN";
    case JoinKind::kFull: return "FULL JOIN";
    case JoinKind::kCross:
    case JoinKind::kImplicit: return "CROSS JOIN";
  }
  return {};
}

}  // namespace

void Lowering::begin_delivery(RelationIndex index) {
  delivered_[index].assign(analysis_.relations[index].columns.size(), {});
  select_of_relation_[index] = select_depth_;
}

void Lowering::deliver(RelationIndex index, uint32_t column, FieldPath path, std::string sql) {
  delivered_[index][column].push_back({std::move(path), std::move(sql)});
}

std::string Lowering::reference(const ColumnUse& use) const {
  // Above an aggregation a column is visible only as the grouping key it is, or lies in.
  for (auto replacements = replacements_.rbegin(); replacements != replacements_.rend();
       ++replacements) {
    ColumnUse part = use;
    while (true) {
      if (const auto found = (*replacements)->find(canonical_key(part));
          found != (*replacements)->end()) {
        return path_sql(found->second, use.path, part.path.size());
      }
      if (part.path.empty()) break;
      part.path.pop_back();
    }
  }
  for (const DeliveredPart& part : delivered_[use.relation].at(use.column)) {
    if (is_prefix(part.path, use.path)) return path_sql(part.sql, use.path, part.path.size());
  }
  throw QueryError(
      ErrorCode::kGenericInternalError,
      fmt::format("column {} of relation {} is not delivered", use.column, use.relation));
}

std::string Lowering::lower_relation(const Relation& relation) {
  struct Visitor {
    Lowering& self;
    const Relation& relation;
    std::string leaf(bool lateral) {
      return self.lower_leaf(*self.analysis_.relation_of_node[relation.id], lateral);
    }
    std::string operator()(const TableReference&) { return leaf(false); }
    std::string operator()(const SubqueryRelation&) { return leaf(false); }
    std::string operator()(const Lateral&) { return leaf(true); }
    std::string operator()(const Unnest&) { return leaf(true); }
    std::string operator()(const AliasedRelation& node) {
      return self.lower_relation(*node.relation);
    }
    std::string operator()(const Join& node) { return self.lower_join(relation, node); }
    std::string operator()(const TableFunctionCall&) { return unsupported("Table functions are"); }
    std::string operator()(const SampledRelation& node) { return self.lower_sample(node); }
    std::string unsupported(std::string_view what) {
      throw semantic_error(ErrorCode::kNotSupported, relation.location, "{} not supported yet",
                           what);
    }
  };
  return std::visit(Visitor{*this, relation}, relation.node);
}

std::string Lowering::lower_leaf(RelationIndex index, bool lateral) {
  const RelationFacts& facts = analysis_.relations[index];
  begin_delivery(index);
  if (std::holds_alternative<TableRelation>(facts.source)) return lower_table(index);
  if (std::holds_alternative<UnnestRelation>(facts.source)) return lower_unnest(index);
  if (std::holds_alternative<RecursionRelation>(facts.source)) {
    for (uint32_t i = 0; i < facts.columns.size(); ++i) {
      deliver(index, i, {}, fmt::format("{}.c{}", relation_alias(index), i));
    }
    return fmt::format("{} AS {}", recursion_source_, relation_alias(index));
  }
  const auto& source = std::get<QueryRelation>(facts.source);
  next_frame_ = {QueryFrame::Link::kRelation, index};
  const LoweredQuery query = lower_query(source.query);
  for (uint32_t i = 0; i < query.outputs.size(); ++i) {
    for (const DeliveredPart& part : query.outputs[i]) {
      deliver(index, i, part.path, fmt::format("{}.{}", relation_alias(index), part.sql));
    }
  }
  return fmt::format("{}({}) AS {}", lateral ? "LATERAL " : "", query.sql, relation_alias(index));
}

// ---- joins

std::string Lowering::lower_join(const Relation& relation, const Join& join) {
  if (const std::optional<RelationIndex>& index = analysis_.relation_of_node[relation.id])
    return lower_using(*index, join);
  const size_t num_guards = join_guards_.size();
  const std::string left = lower_relation(*join.left);
  const Relation& right_leaf = without_alias(*join.right);
  const bool is_unnest = std::holds_alternative<Unnest>(right_leaf.node);
  if (is_unnest && needs_.is_fused[*analysis_.relation_of_node[right_leaf.id]]) {
    if (join.on) extra_conditions_.push_back(lower(*join.on));
    return left;
  }
  const std::string right = lower_right(*join.right);
  const std::string_view words = join_words(join.kind);
  if (!join.on) return fmt::format("{} {} {}", left, words, right);
  if (join.kind != JoinKind::kInner) {
    join_guards_.resize(num_guards);
    return lower_outer_join(join, left, right);
  }
  std::vector<LoweredExpression> terms;
  add_conditions(*join.on, terms);
  for (const LoweredExpression& term : terms) {
    if (!term.may_fail && !term.has_subquery) join_guards_.push_back(term.sql);
  }
  return fmt::format("{} {} {} ON {}", left, words, right, join_conditions(terms, {}));
}

bool reads_column(const Analysis& analysis, const Expression& expression,
                  const std::function<bool(RelationIndex)>& found) {
  if (const std::optional<ColumnUse>& use = analysis.of(expression).use)
    return found(use->relation);
  bool any = false;
  for_each_child(expression, [&](const Expression& child) {
    any = any || reads_column(analysis, child, found);
  });
  return any;
}

namespace {

// Adds the relations that a tree of FROM delivers.
void collect_relations(const Analysis& analysis, const Relation& relation,
                       std::vector<RelationIndex>& found) {
  const Relation& inner = without_alias(relation);
  if (const auto& index = analysis.relation_of_node[inner.id]) return found.push_back(*index);
  if (const auto* join = std::get_if<Join>(&inner.node)) {
    collect_relations(analysis, *join->left, found);
    collect_relations(analysis, *join->right, found);
  } else if (const auto* sampled = std::get_if<SampledRelation>(&inner.node)) {
    collect_relations(analysis, *sampled->relation, found);
  }
}

// The expressions with a subquery, the outermost of each.
void collect_subqueries(const Expression& expression, std::vector<const Expression*>& found) {
  if (query_of(expression)) return found.push_back(&expression);
  for_each_child(expression, [&](const Expression& child) { collect_subqueries(child, found); });
}

bool names_any(const Analysis& analysis, const Expression& expression,
               const std::vector<RelationIndex>& relations) {
  return reads_column(analysis, expression, [&](RelationIndex relation) {
    return std::find(relations.begin(), relations.end(), relation) != relations.end();
  });
}

bool is_true(const Expression& condition) {
  const auto* literal = std::get_if<BooleanLiteral>(&condition.node);
  return literal && literal->value;
}

bool is_lateral(const Relation& relation) {
  const auto& node = without_alias(relation).node;
  return std::holds_alternative<Lateral>(node) || std::holds_alternative<Unnest>(node);
}

}  // namespace

std::string Lowering::wrapped(const Relation& relation, const std::string& sql,
                              const std::string& condition, std::vector<std::string>& extra) {
  std::vector<RelationIndex> relations;
  collect_relations(analysis_, relation, relations);
  const std::string alias = next_alias();
  SelectList items;
  for (const RelationIndex index : relations) {
    for (std::vector<DeliveredPart>& column : delivered_[index]) {
      for (DeliveredPart& part : column)
        part.sql = fmt::format("{}.{}", alias, items.add(part.sql));
    }
  }
  for (std::string& column : extra) column = fmt::format("{}.{}", alias, items.add(column));
  return fmt::format("(SELECT {} FROM {}{}{}) AS {}", items.text(), sql,
                     condition.empty() ? "" : " WHERE ", condition, alias);
}

// Trino goes over the rows of the left in RIGHT and FULL JOIN too: without any there is no outcome,
// and where the condition of a RIGHT JOIN is not true, the left is NULL.
std::string Lowering::lower_lateral_join(const Join& join, const std::string& left,
                                         const std::string& right) {
  if (join.kind == JoinKind::kFull) return fmt::format("{} LEFT JOIN {} ON TRUE", left, right);
  const std::string crossed = fmt::format("{} CROSS JOIN {}", left, right);
  if (is_true(*join.on)) return crossed;
  const std::string condition = lower(*join.on).sql;
  std::vector<RelationIndex> on_left;
  collect_relations(analysis_, *join.left, on_left);
  for (const RelationIndex index : on_left) {
    for (std::vector<DeliveredPart>& column : delivered_[index]) {
      for (DeliveredPart& part : column)
        part.sql = fmt::format("(CASE WHEN {} THEN {} END)", condition, part.sql);
    }
  }
  return crossed;
}

// An aggregation of all rows, without a condition on its result, is one row. The engine takes
// constants beside its aggregates for NULL in a LEFT JOIN LATERAL.
bool Lowering::is_one_row(const Relation& relation) const {
  const auto& index = analysis_.relation_of_node[without_alias(relation).id];
  const auto* source =
      index ? std::get_if<QueryRelation>(&analysis_.relations[*index].source) : nullptr;
  if (!source) return false;
  const QueryFacts& query = analysis_.queries[source->query];
  const auto* select = std::get_if<SelectFacts>(&query.body);
  return select && select->is_aggregation && select->grouping_sets.empty() &&
         !select->node->having && !query.limit && !query.offset;
}

std::string Lowering::lower_sample(const SampledRelation& node) {
  const std::string sql = lower_relation(*node.relation);
  std::vector<std::string> no_more;
  return wrapped(*node.relation, sql,
                 fmt::format("random() * 100 < {}", lower(*node.percentage).sql), no_more);
}

// The engine takes no subquery in the condition of an outer join: each is computed beneath the
// join, on the side that it depends on. Nothing in RIGHT and FULL JOIN can depend on the left.
std::string Lowering::lower_outer_join(const Join& join, std::string left, std::string right) {
  if (is_lateral(*join.right)) {
    if (join.kind != JoinKind::kLeft) return lower_lateral_join(join, left, right);
    if (is_true(*join.on) && is_one_row(*join.right))
      return fmt::format("{} CROSS JOIN {}", left, right);
  }
  std::vector<const Expression*> subqueries;
  collect_subqueries(*join.on, subqueries);
  std::vector<RelationIndex> on_right;
  std::vector<RelationIndex> on_left;
  collect_relations(analysis_, *join.right, on_right);
  collect_relations(analysis_, *join.left, on_left);
  Replacements replacements;
  for (const bool is_left : {true, false}) {
    std::vector<std::string> keys;
    std::vector<std::string> columns;
    for (const Expression* subquery : subqueries) {
      const bool needs_right = names_any(analysis_, *subquery, on_right);
      if (needs_right && names_any(analysis_, *subquery, on_left)) {
        throw semantic_error(ErrorCode::kNotSupported, subquery->location,
                             "A subquery that compares both sides of an outer join is not "
                             "supported");
      }
      if (needs_right == is_left) continue;
      keys.push_back(canonical_key(analysis_, *subquery));
      columns.push_back(lower_value(*subquery).sql);
    }
    if (columns.empty()) continue;
    std::string& side = is_left ? left : right;
    side = wrapped(is_left ? *join.left : *join.right, side, "", columns);
    for (size_t i = 0; i < keys.size(); ++i) replacements.emplace(keys[i], columns[i]);
  }
  replacements_.push_back(&replacements);
  const std::string condition = lower(*join.on).sql;
  replacements_.pop_back();
  return fmt::format("{} {} {} ON {}", left, join_words(join.kind), right, condition);
}

// A join on the right of a join stands in parentheses.
std::string Lowering::lower_right(const Relation& relation) {
  const std::string sql = lower_relation(relation);
  return std::holds_alternative<Join>(without_alias(relation).node) ? "(" + sql + ")" : sql;
}

std::string Lowering::lower_using(RelationIndex index, const Join& join) {
  const RelationFacts& facts = analysis_.relations[index];
  const auto& source = std::get<UsingRelation>(facts.source);
  const std::string left = lower_relation(*join.left);
  const std::string right = lower_right(*join.right);
  begin_delivery(index);
  const auto type_of = [&](const ColumnUse& use) {
    return type_at(analysis_.relations[use.relation].columns[use.column].type, use.path);
  };
  SelectList items;
  std::string condition;
  const auto add = [&](uint32_t column, const FieldPath& path, const std::string& sql) {
    deliver(index, column, path, fmt::format("{}.{}", relation_alias(index), items.add(sql)));
  };
  for (uint32_t i = 0; i < source.parts.size(); ++i) {
    const UsingRelation::Column& part = source.parts[i];
    if (part.left && part.right) {
      const Type& type = facts.columns[i].type;
      const std::string left_sql = converted(reference(*part.left), type_of(*part.left), type);
      const std::string right_sql = converted(reference(*part.right), type_of(*part.right), type);
      condition += (condition.empty() ? "" : " AND ") +
                   comparison(ComparisonOperator::kEqual, type, left_sql, right_sql).sql;
      add(i, {}, fmt::format("coalesce({}, {})", left_sql, right_sql));
      continue;
    }
    ColumnUse use = part.left ? *part.left : *part.right;
    const size_t base = use.path.size();
    for (const FieldPath& path : needs_.of_relation[index][i].paths()) {
      use.path.resize(base);
      use.path.insert(use.path.end(), path.begin(), path.end());
      add(i, path, reference(use));
    }
  }
  return fmt::format("(SELECT {} FROM {} {} {} ON {}) AS {}", items.text(), left,
                     join_words(join.kind), right, condition, relation_alias(index));
}

// ---- tables

std::string Lowering::lower_table(RelationIndex index) {
  const RelationFacts& facts = analysis_.relations[index];
  const std::shared_ptr<const CatalogTable>& source_table =
      std::get<TableRelation>(facts.source).table;
  const CatalogTable& table = *source_table;
  ScanSpec spec = scan_spec_of(table);
  const auto num_data_columns = static_cast<uint32_t>(table.columns.size());
  const auto add = [&](ScanColumn column, RelationIndex relation, uint32_t position,
                       FieldPath path) {
    deliver(relation, position, std::move(path),
            fmt::format("{}.c{}", relation_alias(index), spec.columns.size()));
    spec.columns.push_back(std::move(column));
  };
  for (uint32_t i = 0; i < facts.columns.size(); ++i) {
    for (const FieldPath& path : needs_.of_relation[index][i].paths()) {
      const Type type = type_at(facts.columns[i].type, path);
      const bool is_data = i < num_data_columns;
      add(is_data ? data_column(table, i, path, type)
                  : known_column(table, i - num_data_columns, type),
          index, i, path);
    }
  }
  if (const std::optional<RelationIndex> fused = needs_.fused_unnest[index]) {
    const RelationFacts& unnest = analysis_.relations[*fused];
    const auto& source = std::get<UnnestRelation>(unnest.source);
    spec.unnest_column = analysis_.of(*source.node->arrays[0]).use->column;
    begin_delivery(*fused);
    for (uint32_t i = 0; i < unnest.columns.size(); ++i) {
      for (const FieldPath& path : needs_.of_relation[*fused][i].paths()) {
        ScanColumn column;
        column.type = type_at(unnest.columns[i].type, path);
        const bool ordinality = source.parts[i].part == UnnestRelation::Column::Part::kOrdinality;
        column.source = ordinality ? ScanColumn::Source::kOrdinality : ScanColumn::Source::kElement;
        if (source.parts[i].part == UnnestRelation::Column::Part::kElementField)
          column.fields.push_back(source.parts[i].field);
        column.fields.insert(column.fields.end(), path.begin(), path.end());
        add(std::move(column), *fused, i, path);
      }
    }
  }
  add_known_conditions(spec, index, needs_.fused_unnest[index]);
  const std::string bound = bound_event_times(spec, index);
  const auto bounded = [&](std::string scan) {
    return bound.empty() ? scan : fmt::format("(SELECT * FROM {} WHERE {})", scan, bound);
  };
  std::string rows;
  if (spec.format.kind == ScanFormat::Kind::kParquet) {
    first_deliveries(spec, table, {});  // which says that it cannot
    parquet_tables_.push_back({std::move(spec), source_table, {}});
    rows = bounded(fmt::format("parquet_{}", parquet_tables_.size() - 1));
  } else {
    const std::string all_rows = fmt::format("trailsql_scan({})", scans_.size());
    const std::string scan = bounded(all_rows);
    rows = first_deliveries(spec, table, scan);
    if (scans_.empty() && rows == all_rows)
      bare_scan_ = fmt::format("{} AS {}", rows, relation_alias(index));
    // Which of two deliveries is the first is asked of all.
    if (rows != scan) spec.text_filters.clear();
    scans_.push_back({std::move(spec), source_table, {}});
  }
  return fmt::format("{} AS {}", rows, relation_alias(index));
}

// ---- UNNEST that is not part of a scan

// Several unnest() in one SELECT run side by side, as Trino's arguments do: shorter ones end in
// NULLs.
std::string Lowering::lower_unnest(RelationIndex index) {
  using Part = UnnestRelation::Column::Part;
  const RelationFacts& facts = analysis_.relations[index];
  const auto& source = std::get<UnnestRelation>(facts.source);
  std::vector<std::string> lists;
  std::vector<size_t> first_list;  // by array: its position in `lists`
  for (const ExpressionPtr& array : source.node->arrays) {
    first_list.push_back(lists.size());
    const std::string sql = lower(*array).sql;
    if (analysis_.of(*array).type.is(TypeKind::kMap)) {
      lists.push_back(fmt::format("map_keys({})", sql));
      lists.push_back(fmt::format("map_values({})", sql));
    } else if (analysis_.of(*array).type.is(TypeKind::kUnknown)) {
      lists.push_back("CAST(NULL AS INTEGER[])");
    } else {
      lists.push_back(sql);
    }
  }
  if (source.node->with_ordinality) {
    std::vector<std::string> lengths;
    for (const std::string& list : lists)
      lengths.push_back(fmt::format("coalesce(len({}), 0)", list));
    lists.push_back(
        fmt::format("range(1, CAST(greatest({}) AS BIGINT) + 1)", fmt::join(lengths, ", ")));
  }
  std::vector<std::string> unnested;
  for (size_t i = 0; i < lists.size(); ++i)
    unnested.push_back(fmt::format("unnest({}) AS u{}", lists[i], i));

  const std::string alias = relation_alias(index);
  SelectList items;
  for (uint32_t i = 0; i < facts.columns.size(); ++i) {
    const UnnestRelation::Column& part = source.parts[i];
    if (needs_.of_relation[index][i].empty()) continue;
    size_t list = part.part == Part::kOrdinality ? lists.size() - 1 : first_list[part.array];
    if (part.part == Part::kMapValue) ++list;
    std::string sql = fmt::format("u{}", list);
    if (part.part == Part::kElementField) sql = field_sql(sql, part.field);
    deliver(index, i, {}, fmt::format("{}.{}", alias, items.add(sql)));
  }
  return fmt::format("LATERAL (SELECT {} FROM (SELECT {}) AS {}) AS {}", items.text(),
                     fmt::join(unnested, ", "), next_alias(), alias);
}

}  // namespace trailsql
