// Queries → engine SQL: bodies other than SELECT, WITH, ORDER BY, OFFSET, LIMIT.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "functions/cast.h"
#include "functions/operators.h"
#include "plan/lowering.h"

namespace trailsql {
namespace {

// Returns the names of a SELECT's items: "c0, c1" of "x AS c0, y AS c1", as SelectList makes them.
std::string column_names(size_t num_items) {
  std::string names;
  for (size_t i = 0; i < std::max<size_t>(num_items, 1); ++i) {
    names += fmt::format("{}c{}", i == 0 ? "" : ", ", i);
  }
  return names;
}

}  // namespace

std::string Lowering::lower_root() {
  LoweredQuery query = lower_query(analysis_.root);
  if (query.sql.size() > kMaxEngineSqlBytes) {
    throw QueryError(ErrorCode::kQueryTextTooLarge,
                     "The query is too large once its views and WITH queries are written out");
  }
  return std::move(query.sql);
}

LoweredQuery Lowering::lower_query(QueryIndex index) {
  ++num_lowered_queries_;
  QueryFrame frame = std::exchange(next_frame_, {});
  if (const auto found = materialized_.find(index); found != materialized_.end())
    return found->second;
  frame.query = index;
  frames_.push_back(frame);
  const QueryFacts& facts = analysis_.queries[index];
  const std::string with = with_clause(facts);
  LoweredQuery result = lower_body(index);
  result.sql = with + result.sql;
  frames_.pop_back();
  return result;
}

// A WITH query that is read more than once is computed once; any other is written out where it is
// named.
std::string Lowering::with_clause(const QueryFacts& facts) {
  std::string text;
  for (const QueryIndex index : facts.with_queries) {
    if (analysis_.queries[index].num_references < 2) continue;
    LoweredQuery query = lower_query(index);
    const std::string name = fmt::format("w{}", index);
    text +=
        fmt::format("{}{} AS MATERIALIZED ({})", text.empty() ? "WITH " : ", ", name, query.sql);
    query.sql = fmt::format("SELECT * FROM {}", name);
    materialized_[index] = std::move(query);
  }
  return text.empty() ? text : text + " ";
}

LoweredQuery Lowering::lower_body(QueryIndex index) {
  struct Visitor {
    Lowering& self;
    QueryIndex index;
    LoweredQuery operator()(const SelectFacts& body) { return self.lower_select(index, body); }
    LoweredQuery operator()(const SetOperationFacts& body) {
      return self.lower_set_operation(index, body);
    }
    LoweredQuery operator()(const ValuesFacts& body) { return self.lower_values(index, body); }
    LoweredQuery operator()(const TableBodyFacts& body) {
      return self.lower_table_body(index, body);
    }
    LoweredQuery operator()(const NestedQueryFacts& body) {
      self.next_frame_ = {QueryFrame::Link::kTerm};
      return self.ordered(self.analysis_.queries[index], self.lower_query(body.query));
    }
    LoweredQuery operator()(const RecursionFacts& body) {
      return self.lower_recursion(index, body);
    }
  };
  return std::visit(Visitor{*this, index}, analysis_.queries[index].body);
}

LoweredQuery Lowering::ordered(const QueryFacts& facts, LoweredQuery body,
                               const std::vector<std::string>& key_columns) {
  if (facts.order_by.empty() && !facts.offset && !facts.limit) return body;
  const std::string alias = next_alias();
  SelectList items;
  if (facts.outputs_relation) begin_delivery(*facts.outputs_relation);
  for (uint32_t i = 0; i < body.outputs.size(); ++i) {
    for (DeliveredPart& part : body.outputs[i]) {
      const std::string column = fmt::format("{}.{}", alias, part.sql);
      if (facts.outputs_relation) deliver(*facts.outputs_relation, i, part.path, column);
      part.sql = items.add(column);
    }
  }
  std::vector<std::string> keys;
  for (size_t i = 0; i < facts.order_by.size(); ++i) {
    const SortKey& key = facts.order_by[i];
    const Type& type =
        key.output ? facts.outputs[*key.output].type : analysis_.of(*key.expression).type;
    const std::string sql = !key_columns.empty() ? fmt::format("{}.{}", alias, key_columns[i])
                            : key.output ? reference({*facts.outputs_relation, *key.output, {}})
                                         : lower_value(*key.expression).sql;
    keys.push_back(sort_item(sql, type, key.descending, key.nulls_first));
  }
  std::string tail;
  if (!keys.empty()) tail += fmt::format(" ORDER BY {}", fmt::join(keys, ", "));
  if (facts.with_ties) {
    body.sql = with_ties(facts, items, fmt::format("({}) AS {}", body.sql, alias), tail);
    return body;
  }
  if (facts.limit) tail += fmt::format(" LIMIT {}", *facts.limit);
  if (facts.offset) tail += fmt::format(" OFFSET {}", *facts.offset);
  body.sql = fmt::format("SELECT {} FROM ({}) AS {}{}", items.text(), body.sql, alias, tail);
  return body;
}

// FETCH FIRST n ROWS WITH TIES: rows whose rank by the sort keys is within n, after OFFSET.
std::string Lowering::with_ties(const QueryFacts& facts, const SelectList& items,
                                const std::string& from, const std::string& order) {
  const std::string numbered = next_alias();
  const std::string ranked = next_alias();
  const std::string names = column_names(items.size());
  // Row numbers keep the order; a rank among the rows after OFFSET is that of its first peer.
  const uint64_t offset = facts.offset.value_or(0);
  const std::string rows =
      fmt::format("SELECT {}, row_number() OVER ({}) AS n, rank() OVER ({}) AS k FROM {}",
                  items.text(), order, order, from);
  const std::string peers =
      fmt::format("SELECT *, min(n) OVER (PARTITION BY k) AS f FROM ({}) AS {} WHERE n > {}", rows,
                  numbered, offset);
  return fmt::format("SELECT {} FROM ({}) AS {} WHERE f <= {} ORDER BY n", names, peers, ranked,
                     *facts.limit + offset);
}

// Trino's limit of a recursion; and the text of the error beyond it.
constexpr int kMaxRecursionDepth = 10;

// The steps are written out: each reads what the last one made. A row of the step beyond the limit
// ends the query.
LoweredQuery Lowering::lower_recursion(QueryIndex index, const RecursionFacts& body) {
  const QueryFacts& facts = analysis_.queries[index];
  const std::string outer_source = std::exchange(recursion_source_, {});
  std::string ctes;
  std::string sql;
  for (int step = 0; step <= kMaxRecursionDepth + 1; ++step) {
    const QueryIndex child = step == 0 ? body.base : body.step;
    const LoweredQuery query = lower_query(child);
    const std::string alias = next_alias();
    SelectList items;
    for (size_t i = 0; i < facts.outputs.size(); ++i) {
      items.add(converted(fmt::format("{}.{}", alias, query.outputs[i][0].sql),
                          analysis_.queries[child].outputs[i].type, facts.outputs[i].type));
    }
    recursion_source_ = fmt::format("w{}_{}", index, step);
    ctes += fmt::format("{}{} AS MATERIALIZED (SELECT {} FROM ({}) AS {})", step == 0 ? "" : ", ",
                        recursion_source_, items.text(), query.sql, alias);
    if (step <= kMaxRecursionDepth) {
      sql += fmt::format("{}(SELECT * FROM {})",
                         step == 0       ? ""
                         : body.distinct ? " UNION "
                                         : " UNION ALL ",
                         recursion_source_);
    }
  }
  LoweredQuery result;
  SelectList items;
  for (size_t i = 0; i < facts.outputs.size(); ++i) {
    result.outputs.push_back({{{}, fmt::format("c{}", i)}});
    items.add(fmt::format("c{}", i));
  }
  const std::string limit = internal_call(kRecursionLimitOperator, {TypeKind::kBigint}, {"n"});
  result.sql = fmt::format(
      "WITH {} {} UNION ALL (SELECT {} FROM (SELECT *, row_number() OVER () AS n FROM {}) AS {} "
      "WHERE {})",
      ctes, sql, items.text(), recursion_source_, next_alias(), limit);
  recursion_source_ = outer_source;
  return result;
}

std::string Lowering::sort_item(const std::string& sql, const Type& type, bool descending,
                                bool nulls_first) {
  return fmt::format("{} {} NULLS {}", engine_key(sql, type), descending ? "DESC" : "ASC",
                     nulls_first ? "FIRST" : "LAST");
}

bool compares_by_keys(const QueryFacts& facts) {
  return std::ranges::any_of(facts.outputs, &Type::has_zone, &OutputField::type);
}

namespace {

// What the rows of a query compare by; each output is one column.
std::string output_keys(const QueryFacts& facts, const LoweredQuery& rows,
                        const std::string& alias) {
  std::string keys;
  for (size_t i = 0; i < facts.outputs.size(); ++i) {
    const std::string column = fmt::format("{}.{}", alias, rows.outputs[i][0].sql);
    keys += (keys.empty() ? "" : ", ") + engine_key(column, facts.outputs[i].type);
  }
  return keys;
}

}  // namespace

std::string Lowering::distinct_by_keys(const QueryFacts& facts, const LoweredQuery& rows) {
  const std::string alias = next_alias();
  return fmt::format("SELECT DISTINCT ON ({}) * FROM ({}) AS {}", output_keys(facts, rows, alias),
                     rows.sql, alias);
}

// `rows` are those of all terms, with the term's number as column t. Of the first term's rows with
// equal keys INTERSECT keeps as many as each other term has, EXCEPT those beyond what all others
// have; without ALL the first one alone can stay.
std::string Lowering::set_operation_by_keys(const QueryFacts& facts, const SetOperationFacts& body,
                                            const LoweredQuery& rows) {
  const std::string alias = next_alias();
  const std::string keys = output_keys(facts, rows, alias);
  std::string counts;
  std::vector<std::string> others;
  for (size_t term = 1; term < body.terms.size(); ++term) {
    others.push_back(fmt::format("n{}", term));
    counts += fmt::format(", count(*) FILTER (WHERE t = {0}) OVER (PARTITION BY {1}) AS n{0}", term,
                          keys);
  }
  const bool keeps_common = body.node->op == SetOperator::kIntersect;
  return fmt::format(
      "SELECT {0} FROM (SELECT *, row_number() OVER (PARTITION BY t, {1}) AS n{2} FROM ({3}) AS "
      "{4}) AS {5} WHERE t = 0 AND n {6}({7}){8}",
      column_names(facts.outputs.size()), keys, counts, rows.sql, alias, next_alias(),
      keeps_common ? "<= least" : "> ", fmt::join(others, keeps_common ? ", " : " + "),
      body.node->all ? "" : " AND n = 1");
}

LoweredQuery Lowering::lower_set_operation(QueryIndex index, const SetOperationFacts& body) {
  static constexpr std::string_view kWords[] = {"UNION", "INTERSECT", "EXCEPT"};
  const QueryFacts& facts = analysis_.queries[index];
  const bool is_union = body.node->op == SetOperator::kUnion;
  const bool by_keys = compares_by_keys(facts) && !(is_union && body.node->all);
  const std::string word = by_keys
                               ? " UNION ALL "
                               : fmt::format(" {}{} ", kWords[static_cast<size_t>(body.node->op)],
                                             body.node->all ? " ALL" : "");
  size_t num_terms = 0;
  LoweredQuery result;
  for (const SetOperationFacts::Term& term : body.terms) {
    next_frame_ = {QueryFrame::Link::kTerm, 0, &term.columns};
    const LoweredQuery query = lower_query(term.query);
    const std::string alias = next_alias();
    SelectList items;
    result.outputs.assign(facts.outputs.size(), {});
    for (size_t i = 0; i < facts.outputs.size(); ++i) {
      const uint32_t column = term.columns[i];
      const Type& from = analysis_.queries[term.query].outputs[column].type;
      // All terms deliver the same paths: the needs of one were made the needs of the others.
      for (const FieldPath& path : needs_.of_query[index][i].paths()) {
        std::string sql;
        for (const DeliveredPart& part : query.outputs[column]) {
          if (is_prefix(part.path, path))
            sql = path_sql(fmt::format("{}.{}", alias, part.sql), path, part.path.size());
        }
        if (path.empty()) sql = converted(sql, from, facts.outputs[i].type);
        result.outputs[i].push_back({path, items.add(sql)});
      }
    }
    if (!result.sql.empty()) result.sql += word;
    result.sql += fmt::format("(SELECT {}{} FROM ({}) AS {})", items.text(),
                              by_keys && !is_union ? fmt::format(", {} AS t", num_terms) : "",
                              query.sql, alias);
    ++num_terms;
  }
  if (by_keys)
    result.sql =
        is_union ? distinct_by_keys(facts, result) : set_operation_by_keys(facts, body, result);
  return ordered(facts, std::move(result));
}

LoweredQuery Lowering::lower_values(QueryIndex index, const ValuesFacts& body) {
  const QueryFacts& facts = analysis_.queries[index];
  std::string rows;
  for (const ExpressionPtr& row : body.node->rows) {
    std::string values;
    const auto add = [&](const std::string& sql) { values += (values.empty() ? "" : ", ") + sql; };
    if (const auto* constructor = std::get_if<RowConstructor>(&row->node)) {
      for (const ExpressionPtr& element : constructor->elements) add(lower(*element).sql);
    } else if (analysis_.of(*row).type.is(TypeKind::kRow)) {
      const std::string whole = lower(*row).sql;
      for (uint32_t i = 0; i < facts.outputs.size(); ++i) add(field_sql(whole, i));
    } else {
      add(lower(*row).sql);
    }
    rows += fmt::format("{}({})", rows.empty() ? "" : ", ", values);
  }
  LoweredQuery result;
  std::string names;
  for (size_t i = 0; i < facts.outputs.size(); ++i) {
    const std::string name = fmt::format("c{}", i);
    names += (names.empty() ? "" : ", ") + name;
    result.outputs.push_back({{{}, name}});
  }
  result.sql = fmt::format("SELECT * FROM (VALUES {}) AS {}({})", rows, next_alias(), names);
  return ordered(facts, std::move(result));
}

LoweredQuery Lowering::lower_table_body(QueryIndex index, const TableBodyFacts& body) {
  const QueryFacts& facts = analysis_.queries[index];
  const std::string from = lower_leaf(body.relation, false);
  const std::vector<RelationColumn>& columns = analysis_.relations[body.relation].columns;
  LoweredQuery result;
  SelectList items;
  for (uint32_t i = 0; i < columns.size() && result.outputs.size() < facts.outputs.size(); ++i) {
    if (columns[i].hidden) continue;
    std::vector<DeliveredPart> parts;
    for (const FieldPath& path : needs_.of_query[index][result.outputs.size()].paths()) {
      parts.push_back({path, items.add(reference({body.relation, i, path}))});
    }
    result.outputs.push_back(std::move(parts));
  }
  result.sql = fmt::format("SELECT {} FROM {}", items.text(), from);
  return ordered(facts, std::move(result));
}

}  // namespace trailsql
