// Relations of FROM: tables, views, subqueries, WITH queries, UNNEST, joins.
#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "analysis/analysis_context.h"
#include "analysis/expression_analyzer.h"
#include "analysis/literal_value.h"
#include "analysis/table_name.h"
#include "analysis/tree_walk.h"
#include "analysis/unnest_shape.h"
#include "analysis/view_analyzer.h"
#include "base/error.h"
#include "base/text.h"
#include "catalog/information_schema.h"
#include "catalog/trail_tables.h"
#include "types/coercion.h"

namespace trailsql {
namespace {

using Fields = std::vector<ScopeField>;

RelationIndex add_relation(AnalysisContext& context, RelationFacts facts) {
  context.analysis.relations.push_back(std::move(facts));
  return static_cast<RelationIndex>(context.analysis.relations.size() - 1);
}

// Every column of a relation as a field that can be called by `qualifier`.
Fields fields_of_relation(const AnalysisContext& context, RelationIndex index,
                          const std::vector<std::string>& qualifier) {
  Fields fields;
  const RelationFacts& relation = context.analysis.relations[index];
  for (uint32_t i = 0; i < relation.columns.size(); ++i) {
    const RelationColumn& column = relation.columns[i];
    fields.push_back({column.name, qualifier, {index, i, {}}, column.type, column.hidden, false});
  }
  return fields;
}

RelationIndex add_query_relation(AnalysisContext& context, QueryIndex query,
                                 const std::vector<std::string>& names) {
  RelationFacts facts{QueryRelation{query}, {}};
  const std::vector<OutputField>& outputs = context.analysis.queries[query].outputs;
  for (size_t i = 0; i < outputs.size(); ++i) {
    std::optional<std::string> name = names.empty() ? outputs[i].name : std::optional(names[i]);
    facts.columns.push_back({std::move(name), outputs[i].type, false});
  }
  return add_relation(context, std::move(facts));
}

void rename(Fields& fields, const Identifier& alias, const std::vector<Identifier>& columns,
            Location place) {
  if (!columns.empty()) {
    std::erase_if(fields, [](const ScopeField& field) { return field.hidden; });
    if (columns.size() != fields.size()) {
      throw semantic_error(ErrorCode::kMismatchedColumnAliases, place,
                           "Column alias list has {} entries but '{}' has {} columns available",
                           columns.size(), alias.value, fields.size());
    }
    for (size_t i = 0; i < columns.size(); ++i) fields[i].name = columns[i].value;
  }
  for (ScopeField& field : fields) field.qualifier = {to_lower_ascii(alias.value)};
}

// ---- tables and views

RelationIndex add_view(AnalysisContext& context, const CatalogTable& view, Location place) {
  const QueryIndex query = analyze_view(context, view, place);
  std::vector<std::string> names;
  for (const CatalogColumn& column : view.columns) names.push_back(column.name);
  return add_query_relation(context, query, names);
}

RelationIndex add_table(AnalysisContext& context, std::shared_ptr<const CatalogTable> table) {
  RelationFacts facts{TableRelation{table}, {}};
  for (const CatalogColumn& column : table->columns)
    facts.columns.push_back({column.name, column.type, false});
  for (const CatalogColumn& column : table->partition_columns)
    facts.columns.push_back({column.name, column.type, false});
  if (is_in_information_schema(*table) || !table->partitions_of.empty())
    return add_relation(context, std::move(facts));
  const Type hidden_types[] = {Type::varchar(), TypeKind::kBigint,
                               Type::timestamp_with_time_zone(3), Type::varchar(),
                               TypeKind::kInteger};
  for (size_t i = 0; i < std::size(hidden_types); ++i)
    facts.columns.push_back({std::string(kHiddenColumnNames[i]), hidden_types[i], true});
  if (is_trail_table(*table))
    facts.columns.push_back({std::string(kRawColumnName), Type::varchar(), true});
  return add_relation(context, std::move(facts));
}

}  // namespace

RelationIndex analyze_table_name(AnalysisContext& context, const QualifiedName& name,
                                 Location place, const Scope* outer,
                                 std::vector<ScopeField>& fields) {
  if (name.parts.size() == 1 && outer) {
    const std::string lower = to_lower_ascii(name.parts[0].value);
    if (const Scope::NamedQueryBinding* binding = outer->find_named_query(lower)) {
      if (binding->recursion) {
        fields = fields_of_relation(context, *binding->recursion, {lower});
        return *binding->recursion;
      }
      ++context.analysis.queries[binding->query].num_references;
      const RelationIndex index = add_query_relation(context, binding->query, binding->columns);
      fields = fields_of_relation(context, index, {lower});
      return index;
    }
  }
  TableName resolved = resolve_table_name(name, context.options.database);
  resolved.in_view = context.options.makes_view || context.view_depth > 0;
  const std::shared_ptr<const CatalogTable> table =
      find_table_or_throw(context.metadata, resolved, place);
  const RelationIndex index = table->kind == TableKind::kView ? add_view(context, *table, place)
                                                              : add_table(context, table);
  fields = fields_of_relation(
      context, index, {std::string(Catalog::kCatalogName), resolved.database, resolved.name});
  return index;
}

namespace {

// ---- UNNEST

Fields analyze_unnest(AnalysisContext& context, const Relation& relation, const Unnest& node,
                      const Identifier* alias, const std::vector<Identifier>& aliases,
                      const Scope* outer, const Fields& left) {
  const Scope scope(outer, left);
  ExpressionAnalyzer analyzer(context, scope);
  std::vector<Type> arguments;
  for (const ExpressionPtr& array : node.arrays) {
    const Type& type = analyzer.analyze(*array);
    if (!type.is(TypeKind::kArray) && !type.is(TypeKind::kMap)) {
      throw QueryError(ErrorCode::kInvalidFunctionArgument,
                       fmt::format("Cannot unnest type: {}", type.display()));
    }
    arguments.push_back(type);
    analyzer.refuse_aggregates("UNNEST", array->location);
  }
  RelationFacts facts = unnest_shape(node, arguments, aliases, alias, relation.location);
  const std::vector<std::string> qualifier =
      alias ? std::vector<std::string>{to_lower_ascii(alias->value)} : std::vector<std::string>{};
  const RelationIndex index = add_relation(context, std::move(facts));
  context.analysis.relation_of_node[relation.id] = index;
  Fields fields = fields_of_relation(context, index, qualifier);
  for (ScopeField& field : fields) field.is_row_value = field.hidden;
  if (!alias) std::erase_if(fields, [](const ScopeField& field) { return field.hidden; });
  return fields;
}

// ---- joins

RelationIndex add_using_relation(AnalysisContext& context, const Join& join, const Fields& left,
                                 const Fields& right, Fields& fields) {
  UsingRelation facts;
  std::vector<RelationColumn> columns;
  std::vector<const ScopeField*> joined;
  const auto find = [](const Fields& side, const Identifier& name,
                       std::string_view which) -> const ScopeField& {
    const ScopeField* found = nullptr;
    for (const ScopeField& field : side) {
      if (!field.name || field.is_row_value || !equals_ignoring_case(*field.name, name.value))
        continue;
      if (found) {
        throw semantic_error(ErrorCode::kAmbiguousName, name.location, "Column '{}' is ambiguous",
                             name.value);
      }
      found = &field;
    }
    if (found) return *found;
    throw semantic_error(ErrorCode::kColumnNotFound, name.location,
                         "Column '{}' is missing from {} side of join", name.value, which);
  };
  std::vector<std::string> names;
  for (const Identifier& name : join.using_columns) {
    if (std::find(names.begin(), names.end(), name.value) != names.end()) {
      throw semantic_error(ErrorCode::kDuplicateColumnName, name.location,
                           "Column '{}' appears multiple times in USING clause", name.value);
    }
    names.push_back(name.value);
    const ScopeField& on_left = find(left, name, "left");
    const ScopeField& on_right = find(right, name, "right");
    const std::optional<Type> common = common_super_type(on_left.type, on_right.type);
    if (!common || !is_comparable(*common)) {
      throw semantic_error(ErrorCode::kTypeMismatch, name.location,
                           "Cannot apply operator: {} = {}", on_left.type.display(),
                           on_right.type.display());
    }
    facts.parts.push_back({on_left.use, on_right.use});
    columns.push_back({name.value, *common, false});
    fields.push_back({name.value, {}, {}, *common, false, false});
    joined.push_back(&on_left);
    joined.push_back(&on_right);
  }
  for (const Fields* side : {&left, &right}) {
    for (const ScopeField& field : *side) {
      if (std::find(joined.begin(), joined.end(), &field) != joined.end()) continue;
      facts.parts.push_back({side == &left ? std::optional(field.use) : std::nullopt,
                             side == &right ? std::optional(field.use) : std::nullopt});
      columns.push_back({field.name, field.type, field.hidden});
      fields.push_back(field);
    }
  }
  const RelationIndex index = add_relation(context, {std::move(facts), std::move(columns)});
  for (uint32_t i = 0; i < fields.size(); ++i) fields[i].use = {index, i, {}};
  return index;
}

std::string_view join_name(JoinKind kind) {
  switch (kind) {
    case JoinKind::kLeft: return "LEFT";
    case JoinKind::kRight: return "RIGHT";
    case JoinKind::kFull: return "FULL";
    default: return "INNER";
  }
}

// What Trino cannot join on any other condition than TRUE.
void check_lateral_condition(const Relation& relation, const Join& join) {
  const auto& right = without_alias(*join.right).node;
  const bool is_unnest = std::holds_alternative<Unnest>(right);
  const bool is_lateral = std::holds_alternative<Lateral>(right) && join.kind == JoinKind::kFull;
  const bool crosses = join.kind == JoinKind::kCross || join.kind == JoinKind::kImplicit;
  if (crosses || (!is_unnest && !is_lateral)) return;
  const auto* literal = join.on ? std::get_if<BooleanLiteral>(&join.on->node) : nullptr;
  if (literal && literal->value) return;
  throw semantic_error(ErrorCode::kNotSupported, join.on ? join.on->location : relation.location,
                       "{} JOIN involving {} is only supported with condition ON TRUE",
                       join_name(join.kind), is_unnest ? "UNNEST" : "LATERAL relation");
}

// TABLESAMPLE's percentage is a constant from 0 to 100.
void check_percentage(AnalysisContext& context, const SampledRelation& node, const Scope* outer) {
  const Expression& percentage = *node.percentage;
  const auto refuse = [&](ErrorCode code, std::string_view text) {
    return semantic_error(code, percentage.location, "Sample percentage {}", text);
  };
  bool names_column = false;
  const std::function<void(const Expression&)> look = [&](const Expression& expression) {
    names_column = names_column || std::holds_alternative<ColumnReference>(expression.node);
    for_each_child(expression, look);
  };
  look(percentage);
  if (names_column)
    throw refuse(ErrorCode::kExpressionNotConstant, "cannot contain column references");
  const Scope scope(outer);
  ExpressionAnalyzer analyzer(context, scope);
  const Type type = analyzer.analyze(percentage);
  if (type.is(TypeKind::kUnknown)) throw refuse(ErrorCode::kInvalidArguments, "cannot be NULL");
  if (!type.is_numeric()) throw refuse(ErrorCode::kTypeMismatch, "should be a numeric expression");
  analyzer.coerce(percentage, TypeKind::kDouble);
  const std::optional<double> value = number_value(percentage);
  if (value && *value < 0)
    throw refuse(ErrorCode::kNumericValueOutOfRange, "must be greater than or equal to 0");
  if (value && *value > 100)
    throw refuse(ErrorCode::kNumericValueOutOfRange, "must be less than or equal to 100");
}

Fields analyze_join(AnalysisContext& context, const Relation& relation, const Join& join,
                    const Scope* outer, const Fields& before) {
  if (join.natural)
    throw semantic_error(ErrorCode::kNotSupported, relation.location, "Natural join not supported");
  Fields left = analyze_relation(context, *join.left, outer, before);
  Fields visible = before;
  visible.insert(visible.end(), left.begin(), left.end());
  if (join.kind == JoinKind::kRight || join.kind == JoinKind::kFull) {
    for (ScopeField& field : visible) field.refused_in = join_name(join.kind);
  }
  Fields right = analyze_relation(context, *join.right, outer, visible);
  check_lateral_condition(relation, join);
  if (!join.using_columns.empty()) {
    Fields fields;
    context.analysis.relation_of_node[relation.id] =
        add_using_relation(context, join, left, right, fields);
    return fields;
  }
  Fields both = std::move(left);
  both.insert(both.end(), right.begin(), right.end());
  if (join.on) {
    Scope scope(outer, both);
    if (join.kind != JoinKind::kInner) scope.make_barrier();
    ExpressionAnalyzer analyzer(context, scope);
    if (join.kind != JoinKind::kInner) analyzer.refuse_correlation();
    analyzer.analyze_condition(*join.on, "JOIN ON clause");
    analyzer.refuse_aggregates("JOIN clause", join.on->location);
  }
  return both;
}

Fields analyze_aliased(AnalysisContext& context, const AliasedRelation& node, const Scope* outer,
                       const Fields& left) {
  if (const auto* unnest = std::get_if<Unnest>(&node.relation->node)) {
    return analyze_unnest(context, *node.relation, *unnest, &node.alias, node.columns, outer, left);
  }
  Fields fields = analyze_relation(context, *node.relation, outer, left);
  rename(fields, node.alias, node.columns, node.relation->location);
  return fields;
}

}  // namespace

std::vector<ScopeField> analyze_relation(AnalysisContext& context, const Relation& relation,
                                         const Scope* outer, const std::vector<ScopeField>& left) {
  struct Visitor {
    AnalysisContext& context;
    const Relation& relation;
    const Scope* outer;
    const Fields& left;

    Fields operator()(const TableReference& node) {
      Fields fields;
      context.analysis.relation_of_node[relation.id] =
          analyze_table_name(context, node.name, relation.location, outer, fields);
      return fields;
    }
    Fields query(const Query& query, const Scope* scope) {
      const QueryIndex index = analyze_query_node(context, query, scope);
      const RelationIndex added = add_query_relation(context, index, {});
      context.analysis.relation_of_node[relation.id] = added;
      return fields_of_relation(context, added, {});
    }
    Fields operator()(const SubqueryRelation& node) { return query(*node.query, outer); }
    Fields operator()(const Lateral& node) {
      const Scope scope(outer, left);
      return query(*node.query, &scope);
    }
    Fields operator()(const Unnest& node) {
      return analyze_unnest(context, relation, node, nullptr, {}, outer, left);
    }
    Fields operator()(const AliasedRelation& node) {
      return analyze_aliased(context, node, outer, left);
    }
    Fields operator()(const Join& node) {
      return analyze_join(context, relation, node, outer, left);
    }
    Fields operator()(const TableFunctionCall&) { return unsupported("Table functions are"); }
    Fields operator()(const SampledRelation& node) {
      check_percentage(context, node, outer);
      return analyze_relation(context, *node.relation, outer, left);
    }
    Fields unsupported(std::string_view what) {
      throw semantic_error(ErrorCode::kNotSupported, relation.location, "{} not supported yet",
                           what);
    }
  };
  return std::visit(Visitor{context, relation, outer, left}, relation.node);
}

}  // namespace trailsql
