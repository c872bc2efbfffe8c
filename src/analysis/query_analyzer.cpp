// Queries: WITH, the body in all its forms, ORDER BY over a body without insides, OFFSET and LIMIT.
#include <fmt/core.h>

#include <algorithm>

#include "analysis/analysis_context.h"
#include "analysis/expression_analyzer.h"
#include "analysis/literal_value.h"
#include "analysis/query_parts.h"
#include "analysis/select_analyzer.h"
#include "analysis/sort_key_analyzer.h"
#include "base/error.h"
#include "base/text.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

void analyze_with(AnalysisContext& context, const With& with, Scope& scope, QueryFacts& facts) {
  analyze_inline_functions(context, with);
  for (const NamedQuery& named : with.queries) {
    const std::string name = to_lower_ascii(named.name.value);
    if (scope.has_named_query(name)) {
      throw semantic_error(ErrorCode::kDuplicateNamedQuery, named.name.location,
                           "WITH query name '{}' specified more than once", name);
    }
    if (with.recursive && named.columns.empty()) {
      throw semantic_error(ErrorCode::kMissingColumnAliases, named.name.location,
                           "missing column aliases in recursive WITH query");
    }
    std::optional<QueryIndex> recursive;
    if (with.recursive) recursive = analyze_recursion(context, named, scope);
    const QueryIndex index =
        recursive ? *recursive : analyze_query_node(context, *named.query, &scope);
    QueryFacts& query = context.analysis.queries[index];
    query.is_named = true;
    std::vector<std::string> columns;
    for (const Identifier& column : named.columns) {
      const bool duplicate = std::any_of(
          columns.begin(), columns.end(),
          [&](const std::string& other) { return equals_ignoring_case(other, column.value); });
      if (duplicate) {
        throw semantic_error(ErrorCode::kDuplicateColumnName, column.location,
                             "Column name '{}' specified more than once", column.value);
      }
      columns.push_back(column.value);
    }
    if (!columns.empty() && columns.size() != query.outputs.size()) {
      throw semantic_error(ErrorCode::kMismatchedColumnAliases, named.columns.front().location,
                           "Column alias list has {} entries but relation has {} columns",
                           columns.size(), query.outputs.size());
    }
    scope.add_named_query(name, index, std::move(columns));
    facts.with_queries.push_back(index);
  }
}

// ---- VALUES

std::vector<const Expression*> elements_of_row(const Expression& row) {
  std::vector<const Expression*> elements;
  if (const auto* constructor = std::get_if<RowConstructor>(&row.node)) {
    for (const ExpressionPtr& element : constructor->elements) elements.push_back(element.get());
  }
  return elements;
}

Type row_of(const std::vector<Type>& columns) {
  std::vector<RowField> fields;
  for (const Type& column : columns) fields.push_back({std::nullopt, column});
  return Type::row(std::move(fields));
}

void analyze_values(AnalysisContext& context, const Query& query, const Values& node,
                    const Scope& scope, QueryFacts& facts) {
  std::vector<std::vector<Type>> rows;
  for (const ExpressionPtr& row : node.rows) {
    ExpressionAnalyzer analyzer(context, scope);
    const Type type = analyzer.analyze(*row);
    analyzer.refuse_aggregates("VALUES", row->location);
    std::vector<Type> types;
    if (type.is(TypeKind::kRow)) {
      for (const RowField& field : type.fields()) types.push_back(field.type);
    } else {
      types.push_back(type);
    }
    if (!rows.empty() && rows[0].size() != types.size()) {
      throw semantic_error(ErrorCode::kTypeMismatch, query.location,
                           "Values rows have mismatched sizes: {} vs {}", rows[0].size(),
                           types.size());
    }
    rows.push_back(std::move(types));
  }
  std::vector<Type> columns = rows[0];
  for (const std::vector<Type>& row : rows) {
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::optional<Type> common = common_super_type(columns[i], row[i]);
      if (!common) {
        throw semantic_error(ErrorCode::kTypeMismatch, query.location,
                             "Values rows have mismatched types: {} vs {}",
                             row_of(rows[0]).display(), row_of(row).display());
      }
      columns[i] = *common;
    }
  }
  const Type row_type = row_of(columns);
  for (const ExpressionPtr& row : node.rows) {
    ExpressionAnalyzer analyzer(context, scope);
    const std::vector<const Expression*> elements = elements_of_row(*row);
    for (size_t i = 0; i < elements.size(); ++i) analyzer.coerce(*elements[i], columns[i]);
    if (!elements.empty()) continue;
    analyzer.coerce(*row, context.of(*row).type.is(TypeKind::kRow) ? row_type : columns[0]);
  }
  for (const Type& column : columns) facts.outputs.push_back({std::nullopt, column});
  facts.body = ValuesFacts{&node};
}

// ---- what follows a body

// Over VALUES, TABLE, set operations and queries in parentheses, ORDER BY sees the outputs alone.
void analyze_order_by(AnalysisContext& context, const Query& query, const Scope& outer,
                      QueryFacts& facts) {
  if (query.order_by.empty()) return;
  const Scope scope(&outer, add_outputs_relation(context, facts));
  for (const SortItem& item : query.order_by) {
    ExpressionAnalyzer analyzer(context, scope);
    facts.order_by.push_back(analyze_sort_item(context, item, facts, analyzer));
    analyzer.refuse_aggregates("ORDER BY clause", item.key->location);
  }
}

// What LIMIT ? stands for. Trino computes constant expressions; here a number must be written.
const Expression& parameter_value(AnalysisContext& context, const Expression& expression,
                                  std::string_view clause) {
  const Scope nothing(nullptr);
  const Type type = ExpressionAnalyzer(context, nothing).analyze(expression);
  if (!can_coerce(type, TypeKind::kBigint)) {
    throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                         "Cannot cast type {} to bigint", type.display());
  }
  const Expression& value =
      *context.analysis.parameters[std::get<Parameter>(expression.node).index];
  if (std::holds_alternative<NullLiteral>(value.node)) {
    throw semantic_error(ErrorCode::kInvalidArguments, expression.location,
                         "Parameter value provided for {} is NULL: null", clause);
  }
  return value;
}

std::optional<uint64_t> row_count(AnalysisContext& context, const ExpressionPtr& expression,
                                  std::string_view clause, Location place, int64_t least = 0) {
  if (!expression) return std::nullopt;
  const bool is_parameter = std::holds_alternative<Parameter>(expression->node);
  const Expression& value =
      is_parameter ? parameter_value(context, *expression, clause) : *expression;
  const auto* untyped = std::get_if<IntegerLiteral>(&value.node);
  const auto* typed = std::get_if<TypedLiteral>(&value.node);  // BIGINT '1'
  if (!untyped && !typed) {
    throw semantic_error(ErrorCode::kNotSupported, expression->location, "{} must be a number here",
                         clause);
  }
  const std::string& text = untyped ? untyped->text : typed->text;
  const std::optional<int64_t> count = integer_value(IntegerLiteral{text});
  if (!count) {
    throw semantic_error(ErrorCode::kSyntaxError, expression->location,
                         "Invalid numeric literal: {}", text);
  }
  if (*count < least) {
    throw semantic_error(ErrorCode::kNumericValueOutOfRange, place,
                         "{} row count must be {} (actual value: {})", clause,
                         least > 0 ? "positive" : "greater or equal to 0", *count);
  }
  return static_cast<uint64_t>(*count);
}

void analyze_limit(AnalysisContext& context, const Query& query, QueryFacts& facts) {
  facts.offset = row_count(context, query.offset, "OFFSET", query.offset_location);
  if (!query.limit) return;
  const Limit& limit = *query.limit;
  facts.limit = limit.fetch_first
                    ? row_count(context, limit.count, "FETCH FIRST", limit.location, 1)
                    : row_count(context, limit.count, "LIMIT", limit.location);
  if (limit.with_ties && query.order_by.empty()) {
    throw semantic_error(ErrorCode::kMissingOrderBy, limit.location,
                         "FETCH FIRST WITH TIES clause requires ORDER BY");
  }
  facts.with_ties = limit.with_ties;
  // Trino and Athena keep the rows that ORDER BY puts first in memory.
  constexpr uint64_t kMaxOrderedRows = 2'147'483'647;
  const bool keeps_first = !query.order_by.empty() && facts.limit && !facts.with_ties;
  if (keeps_first && *facts.limit + facts.offset.value_or(0) > kMaxOrderedRows) {
    throw QueryError(ErrorCode::kNotSupported, "ORDER BY LIMIT > 2147483647 is not supported");
  }
}

}  // namespace

QueryIndex analyze_query_node(AnalysisContext& context, const Query& query, const Scope* outer) {
  if (context.analysis.queries.size() >= kMaxQueries) {
    throw semantic_error(ErrorCode::kQueryHasTooManyStages, query.location,
                         "More than {} queries in one statement", kMaxQueries);
  }
  QueryFacts facts;
  facts.node = &query;
  Scope scope(outer);
  if (query.with) analyze_with(context, *query.with, scope, facts);

  struct Visitor {
    AnalysisContext& context;
    const Query& query;
    const Scope& scope;
    QueryFacts& facts;

    bool operator()(const QuerySpecification& node) {
      analyze_select(context, query, node, &scope, facts);
      return true;
    }
    bool operator()(const SetOperation& node) {
      analyze_set_operation(context, node, scope, facts);
      return false;
    }
    bool operator()(const Values& node) {
      analyze_values(context, query, node, scope, facts);
      return false;
    }
    bool operator()(const TableBody& node) {
      std::vector<ScopeField> fields;
      const RelationIndex relation =
          analyze_table_name(context, node.name, query.location, &scope, fields);
      for (const ScopeField& field : fields) {
        if (!field.hidden) facts.outputs.push_back({field.name, field.type});
      }
      facts.body = TableBodyFacts{relation};
      return false;
    }
    bool operator()(const NestedQuery& node) {
      const QueryIndex inner = analyze_query_node(context, *node.query, &scope);
      facts.outputs = context.analysis.queries[inner].outputs;
      facts.body = NestedQueryFacts{inner};
      return false;
    }
  };
  const bool order_by_done = std::visit(Visitor{context, query, scope, facts}, query.body);
  if (!order_by_done) analyze_order_by(context, query, scope, facts);
  analyze_limit(context, query, facts);
  context.analysis.queries.push_back(std::move(facts));
  return static_cast<QueryIndex>(context.analysis.queries.size() - 1);
}

}  // namespace trailsql
