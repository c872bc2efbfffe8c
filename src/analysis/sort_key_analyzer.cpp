#include "analysis/sort_key_analyzer.h"

#include "analysis/literal_value.h"
#include "base/error.h"
#include "syntax/parser.h"
#include "types/coercion.h"

namespace trailsql {

std::vector<ScopeField> add_outputs_relation(AnalysisContext& context, QueryFacts& query) {
  const auto relation = static_cast<RelationIndex>(context.analysis.relations.size());
  query.outputs_relation = relation;
  RelationFacts facts{OutputsRelation{}, {}};
  std::vector<ScopeField> fields;
  for (uint32_t i = 0; i < query.outputs.size(); ++i) {
    const OutputField& output = query.outputs[i];
    facts.columns.push_back({output.name, output.type, false});
    if (output.name)
      fields.push_back({output.name, {}, {relation, i, {}}, output.type, false, false});
  }
  context.analysis.relations.push_back(std::move(facts));
  return fields;
}

uint32_t output_position(const IntegerLiteral& ordinal, Location place, size_t num_outputs,
                         std::string_view clause) {
  const int64_t position = integer_value(ordinal).value_or(0);
  if (position < 1 || static_cast<uint64_t>(position) > num_outputs) {
    throw semantic_error(ErrorCode::kInvalidColumnReference, place,
                         "{} position {} is not in select list", clause, ordinal.text);
  }
  return static_cast<uint32_t>(position - 1);
}

SortKey analyze_sort_item(AnalysisContext& context, const SortItem& item, const QueryFacts& query,
                          ExpressionAnalyzer& analyzer) {
  SortKey key;
  key.descending = item.descending;
  key.nulls_first = item.nulls_first.value_or(false);
  Type type;
  if (const auto* ordinal = std::get_if<IntegerLiteral>(&item.key->node)) {
    key.output = output_position(*ordinal, item.key->location, query.outputs.size(), "ORDER BY");
    type = query.outputs[*key.output].type;
  } else {
    type = analyzer.analyze(*item.key);
    key.expression = item.key.get();
    const std::optional<ColumnUse>& use = context.of(*item.key).use;
    if (use && use->relation == query.outputs_relation && use->path.empty())
      key.output = use->column;
  }
  if (!is_orderable(type)) {
    const bool is_ordinal = std::holds_alternative<IntegerLiteral>(item.key->node);
    throw semantic_error(
        ErrorCode::kTypeMismatch, query.node->location,
        "Type {} is not orderable, and therefore cannot be used in ORDER BY: {}", type.display(),
        is_ordinal ? fmt::format(":input({})", *key.output) : print_expression(*item.key));
  }
  return key;
}

}  // namespace trailsql
