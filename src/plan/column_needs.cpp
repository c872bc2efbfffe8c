#include "plan/column_needs.h"

#include <algorithm>

#include "analysis/tree_walk.h"
#include "plan/scan_format.h"

namespace trailsql {

bool is_prefix(const FieldPath& prefix, const FieldPath& path) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

void PathSet::add(const FieldPath& path) {
  for (const FieldPath& present : paths_) {
    if (is_prefix(present, path)) return;
  }
  std::erase_if(paths_, [&](const FieldPath& present) { return is_prefix(path, present); });
  paths_.insert(path);
}

void PathSet::add_all(const PathSet& other, const FieldPath& prefix) {
  for (const FieldPath& path : other.paths_) {
    FieldPath whole = prefix;
    whole.insert(whole.end(), path.begin(), path.end());
    add(whole);
  }
}

namespace {

// Walks from the root down. Whatever reads a relation is seen before the relation itself.
class NeedsPass {
 public:
  explicit NeedsPass(const Analysis& analysis) : analysis_(analysis) {
    needs_.of_relation.resize(analysis.relations.size());
    for (size_t i = 0; i < analysis.relations.size(); ++i) {
      needs_.of_relation[i].resize(analysis.relations[i].columns.size());
    }
    needs_.of_query.resize(analysis.queries.size());
    for (size_t i = 0; i < analysis.queries.size(); ++i) {
      needs_.of_query[i].resize(analysis.queries[i].outputs.size());
    }
    needs_.fused_unnest.resize(analysis.relations.size());
    needs_.is_fused.resize(analysis.relations.size());
  }

  ColumnNeeds run() {
    whole_query(analysis_.root);
    return std::move(needs_);
  }

 private:
  // ---- queries

  void whole_query(QueryIndex index) {
    for (PathSet& output : needs_.of_query[index]) output.add({});
    query(index);
  }

  void query(QueryIndex index) {
    const QueryFacts& facts = analysis_.queries[index];
    for (const SortKey& key : facts.order_by) {
      if (key.output) {
        needs_.of_query[index][*key.output].add({});
      } else {
        expression(*key.expression);
      }
    }
    const bool is_select = std::holds_alternative<SelectFacts>(facts.body);
    for (uint32_t i = 0; facts.outputs_relation && !is_select && i < facts.outputs.size(); ++i) {
      needs_.of_query[index][i].add_all(needs_.of_relation[*facts.outputs_relation][i], {});
    }
    std::visit([&](const auto& body) { visit_body(index, facts, body); }, facts.body);
    // References to a WITH query stand in the body and in later WITH queries: all are known by now.
    for (auto named = facts.with_queries.rbegin(); named != facts.with_queries.rend(); ++named)
      query(*named);
  }

  void visit_body(QueryIndex index, const QueryFacts& facts, const SelectFacts& select) {
    const bool all = select.node->distinct || select.is_aggregation;
    for (uint32_t i = 0; i < select.outputs.size(); ++i) {
      PathSet& wanted = needs_.of_query[index][i];
      if (select.node->distinct) wanted.add({});
      output(select.outputs[i], wanted, all);
      if (facts.outputs_relation)
        output(select.outputs[i], needs_.of_relation[*facts.outputs_relation][i], false);
    }
    if (select.node->where) expression(*select.node->where);
    for (const Expression* grouping : select.groupings) expression(*grouping);
    for (const GroupingKey& key : select.grouping_keys) {
      if (key.expression) {
        expression(*key.expression);
      } else {
        need(key.use);
      }
    }
    if (select.node->having) expression(*select.node->having);
    for (const NamedWindow& window : select.node->windows) named_window(window);
    if (select.node->from) relation(*select.node->from);
  }

  void output(const SelectOutput& output, const PathSet& wanted, bool whole) {
    const std::optional<ColumnUse>* use =
        output.expression ? &analysis_.of(*output.expression).use : nullptr;
    if (output.field) {
      if (whole || !wanted.empty()) expression(*output.expression);
      return;
    }
    if (!whole && (!output.expression || *use)) {
      const ColumnUse& column = output.expression ? **use : output.use;
      return needs_.of_relation[column.relation][column.column].add_all(wanted, column.path);
    }
    if (!whole && wanted.empty()) return;
    if (output.expression) {
      expression(*output.expression);
    } else {
      need(output.use);
    }
  }

  void named_window(const NamedWindow& window) {
    for (const ExpressionPtr& key : window.specification.partition_by) expression(*key);
    for (const SortItem& item : window.specification.order_by) expression(*item.key);
    const std::optional<WindowFrame>& frame = window.specification.frame;
    if (frame && frame->start.offset) expression(*frame->start.offset);
    if (frame && frame->end && frame->end->offset) expression(*frame->end->offset);
  }

  void visit_body(QueryIndex index, const QueryFacts& facts, const SetOperationFacts& body) {
    const bool all_rows_stay = body.node->op == SetOperator::kUnion && body.node->all;
    for (const SetOperationFacts::Term& term : body.terms) {
      for (uint32_t i = 0; i < facts.outputs.size(); ++i) {
        // A side of another type is converted as a whole.
        const Type& type = analysis_.queries[term.query].outputs[term.columns[i]].type;
        if (!all_rows_stay || type != facts.outputs[i].type) needs_.of_query[index][i].add({});
      }
    }
    for (const SetOperationFacts::Term& term : body.terms) {
      for (uint32_t i = 0; i < facts.outputs.size(); ++i) {
        needs_.of_query[term.query][term.columns[i]].add_all(needs_.of_query[index][i], {});
      }
      query(term.query);
    }
  }

  void visit_body(QueryIndex, const QueryFacts&, const ValuesFacts& body) {
    for (const ExpressionPtr& row : body.node->rows) expression(*row);
  }

  void visit_body(QueryIndex index, const QueryFacts& facts, const TableBodyFacts& body) {
    const std::vector<RelationColumn>& columns = analysis_.relations[body.relation].columns;
    uint32_t output = 0;
    for (uint32_t i = 0; i < columns.size() && output < facts.outputs.size(); ++i) {
      if (columns[i].hidden) continue;
      needs_.of_relation[body.relation][i].add_all(needs_.of_query[index][output++], {});
    }
    leaf(body.relation);
  }

  void visit_body(QueryIndex index, const QueryFacts& facts, const NestedQueryFacts& body) {
    for (uint32_t i = 0; i < facts.outputs.size(); ++i) {
      needs_.of_query[body.query][i].add_all(needs_.of_query[index][i], {});
    }
    query(body.query);
  }

  // Every step reads what the last one made, so all columns are needed whole.
  void visit_body(QueryIndex index, const QueryFacts&, const RecursionFacts& body) {
    for (PathSet& output : needs_.of_query[index]) output.add({});
    whole_query(body.base);
    whole_query(body.step);
  }

  // ---- expressions

  void need(const ColumnUse& use) { needs_.of_relation[use.relation][use.column].add(use.path); }

  // Notes what `node` reads.
  void expression(const Expression& node) {
    const ExpressionFacts& found = analysis_.of(node);
    if (found.use) return need(*found.use);
    for_each_child(node, [&](const Expression& child) { expression(child); });
    if (found.query) whole_query(*found.query);
  }

  // ---- relations

  void relation(const Relation& node) {
    if (const auto* aliased = std::get_if<AliasedRelation>(&node.node))
      return relation(*aliased->relation);
    if (const auto* sampled = std::get_if<SampledRelation>(&node.node))
      return relation(*sampled->relation);
    if (const auto* joined = std::get_if<Join>(&node.node)) return join(node, *joined);
    if (const std::optional<RelationIndex>& index = analysis_.relation_of_node[node.id])
      leaf(*index);
  }

  void join(const Relation& node, const Join& joined) {
    if (const std::optional<RelationIndex>& index = analysis_.relation_of_node[node.id])
      using_relation(*index);
    if (joined.on) expression(*joined.on);
    if (!fuse(joined)) relation(*joined.right);
    relation(*joined.left);
  }

  void using_relation(RelationIndex index) {
    const auto& facts = std::get<UsingRelation>(analysis_.relations[index].source);
    for (uint32_t i = 0; i < facts.parts.size(); ++i) {
      const UsingRelation::Column& part = facts.parts[i];
      if (part.left && part.right) {
        need(*part.left);
        need(*part.right);
        continue;
      }
      const ColumnUse& use = part.left ? *part.left : *part.right;
      needs_.of_relation[use.relation][use.column].add_all(needs_.of_relation[index][i], use.path);
    }
  }

  void leaf(RelationIndex index) {
    const RelationFacts& facts = analysis_.relations[index];
    if (const auto* source = std::get_if<QueryRelation>(&facts.source)) {
      for (uint32_t i = 0; i < facts.columns.size(); ++i) {
        needs_.of_query[source->query][i].add_all(needs_.of_relation[index][i], {});
      }
      if (!analysis_.queries[source->query].is_named) query(source->query);
    } else if (const auto* unnest = std::get_if<UnnestRelation>(&facts.source)) {
      for (const ExpressionPtr& array : unnest->node->arrays) expression(*array);
    }
  }

  // ---- fusion of UNNEST into the scan

  // Whether each row of the table reaches the join unchanged: only joins that keep or drop rows
  // stand between.
  bool reaches(const Relation& node, RelationIndex table) const {
    const Relation& inner = without_alias(node);
    if (const auto* joined = std::get_if<Join>(&inner.node)) {
      const bool plain = joined->using_columns.empty() && joined->kind != JoinKind::kLeft &&
                         joined->kind != JoinKind::kRight && joined->kind != JoinKind::kFull;
      return plain && (reaches(*joined->left, table) || reaches(*joined->right, table));
    }
    return analysis_.relation_of_node[inner.id] == table;
  }

  bool fuse(const Join& joined) {
    const bool keeps_rows = joined.kind == JoinKind::kCross || joined.kind == JoinKind::kImplicit ||
                            joined.kind == JoinKind::kInner;
    const Relation& right = without_alias(*joined.right);
    const auto* unnest = std::get_if<Unnest>(&right.node);
    if (!keeps_rows || !unnest || unnest->arrays.size() != 1) return false;
    const ExpressionFacts& array = analysis_.of(*unnest->arrays[0]);
    if (!array.use || !array.use->path.empty() || !array.type.is(TypeKind::kArray)) return false;
    const RelationIndex table = array.use->relation;
    if (needs_.fused_unnest[table]) return false;
    const auto* source = std::get_if<TableRelation>(&analysis_.relations[table].source);
    if (!source || array.use->column >= source->table->columns.size() ||
        !can_unnest(*source->table) || !reaches(*joined.left, table))
      return false;
    const RelationIndex index = *analysis_.relation_of_node[right.id];
    needs_.fused_unnest[table] = index;
    needs_.is_fused[index] = true;
    return true;
  }

  const Analysis& analysis_;
  ColumnNeeds needs_;
};

}  // namespace

ColumnNeeds compute_column_needs(const Analysis& analysis) { return NeedsPass(analysis).run(); }

}  // namespace trailsql
