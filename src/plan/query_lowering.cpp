// Queries → engine SQL: bodies other than SELECT, WITH, ORDER BY, OFFSET, LIMIT.
#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "functions/cast.h"
#include "plan/lowering.h"

namespace trailsql {

std::string Lowering::lower_root() {
  LoweredQuery query = lower_query(analysis_.root);
  if (query.sql.size() > kMaxEngineSqlBytes) {
    throw QueryError(ErrorCode::kQueryTextTooLarge,
                     "The query is too large once its views and WITH queries are written out");
  }
  return std::move(query.sql);
}

LoweredQuery Lowering::lower_query(QueryIndex index) {
  if (const auto found = materialized_.find(index); found != materialized_.end())
    return found->second;
  const QueryFacts& facts = analysis_.queries[index];
  const std::string with = with_clause(facts);
  LoweredQuery result = lower_body(index);
  result.sql = with + result.sql;
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
      return self.ordered(self.analysis_.queries[index], self.lower_query(body.query));
    }
  };
  return std::visit(Visitor{*this, index}, analysis_.queries[index].body);
}

LoweredQuery Lowering::ordered(const QueryFacts& facts, LoweredQuery body,
                               const std::vector<std::string>& key_columns) {
  if (facts.order_by.empty() && !facts.offset && !facts.limit) return body;
  const std::string alias = next_alias();
  SelectList items;
  if (facts.outputs_relation) delivered_[*facts.outputs_relation].assign(facts.outputs.size(), {});
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
    keys.push_back(sort_item(key, type, sql));
  }
  std::string tail;
  if (!keys.empty()) tail += fmt::format(" ORDER BY {}", fmt::join(keys, ", "));
  if (facts.limit) tail += fmt::format(" LIMIT {}", *facts.limit);
  if (facts.offset) tail += fmt::format(" OFFSET {}", *facts.offset);
  body.sql = fmt::format("SELECT {} FROM ({}) AS {}{}", items.text(), body.sql, alias, tail);
  return body;
}

std::string Lowering::sort_item(const SortKey& key, const Type& type,
                                const std::string& sql) const {
  return fmt::format("{} {} NULLS {}", engine_key(sql, type), key.descending ? "DESC" : "ASC",
                     key.nulls_first ? "FIRST" : "LAST");
}

LoweredQuery Lowering::lower_set_operation(QueryIndex index, const SetOperationFacts& body) {
  static constexpr std::string_view kWords[] = {"UNION", "INTERSECT", "EXCEPT"};
  const QueryFacts& facts = analysis_.queries[index];
  LoweredQuery result;
  std::string sides[2];
  for (size_t side = 0; side < 2; ++side) {
    const QueryIndex child = side == 0 ? body.left : body.right;
    const LoweredQuery query = lower_query(child);
    const std::string alias = next_alias();
    SelectList items;
    result.outputs.assign(facts.outputs.size(), {});
    for (size_t i = 0; i < facts.outputs.size(); ++i) {
      const Type& from = analysis_.queries[child].outputs[i].type;
      // Both sides deliver the same paths: the needs of one were made the needs of the other.
      for (const FieldPath& path : needs_.of_query[index][i].paths()) {
        std::string sql;
        for (const DeliveredPart& part : query.outputs[i]) {
          if (part.path == path) sql = fmt::format("{}.{}", alias, part.sql);
        }
        if (path.empty()) sql = converted(sql, from, facts.outputs[i].type);
        result.outputs[i].push_back({path, items.add(sql)});
      }
    }
    sides[side] = fmt::format("SELECT {} FROM ({}) AS {}", items.text(), query.sql, alias);
  }
  result.sql = fmt::format("({}) {}{} ({})", sides[0], kWords[static_cast<size_t>(body.node->op)],
                           body.node->all ? " ALL" : "", sides[1]);
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
