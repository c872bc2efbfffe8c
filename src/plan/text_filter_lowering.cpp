// Conditions that compare a text of each row with constants: what the scan asks before it makes
// anything else of the row. The engine asks all conditions again.
#include <algorithm>

#include "plan/known_conditions.h"

namespace trailsql {
namespace {

const std::string* text_of(const Expression& expression) {
  const auto* literal = std::get_if<StringLiteral>(&expression.node);
  return literal == nullptr ? nullptr : &literal->value;
}

}  // namespace

void Lowering::KnownConditions::add_text_filter(size_t level, const Expression& term,
                                                ScanSpec& spec) {
  ScanTextFilter filter;
  const Expression* column = nullptr;
  if (const auto* node = std::get_if<Comparison>(&term.node)) {
    const bool is_swapped = text_of(*node->left) != nullptr;
    column = is_swapped ? node->right.get() : node->left.get();
    const std::string* text = text_of(is_swapped ? *node->left : *node->right);
    const Op op = is_swapped ? mirrored(node->op) : node->op;
    if (text == nullptr) return;
    switch (op) {
      case Op::kEqual: filter.values = {*text}; break;
      case Op::kLess:
      case Op::kLessOrEqual: filter.last = *text; break;
      case Op::kGreater:
      case Op::kGreaterOrEqual: filter.first = *text; break;
      default: return;
    }
  } else if (const auto* between = std::get_if<Between>(&term.node)) {
    const std::string* low = text_of(*between->low);
    const std::string* high = text_of(*between->high);
    if (between->negated || low == nullptr || high == nullptr) return;
    column = between->operand.get();
    filter.first = *low;
    filter.last = *high;
  } else if (const auto* in = std::get_if<InList>(&term.node)) {
    column = in->operand.get();
    for (const ExpressionPtr& value : in->values) {
      const std::string* text = text_of(*value);
      if (in->negated || text == nullptr) return;
      filter.values.push_back(*text);
    }
    std::ranges::sort(filter.values);
  } else {
    return;
  }
  const std::optional<Type>& compared = analysis_.of(term).operand_type;
  if (!compared || !compared->is_unbounded_varchar()) return;
  if (std::optional<ScanColumn> data = data_column_of(level, *column)) {
    filter.column = *std::move(data);
    spec.text_filters.push_back(std::move(filter));
  }
}

std::optional<ScanColumn> Lowering::KnownConditions::data_column_of(size_t level,
                                                                    const Expression& expression) {
  if (!analysis_.of(expression).use || analysis_.of(expression).type != Type::varchar())
    return std::nullopt;
  data_use_.reset();
  used_.clear();
  column_sql(level, *analysis_.of(expression).use);
  if (!data_use_) return std::nullopt;
  const ColumnUse& use = *data_use_;
  const RelationFacts& relation = analysis_.relations[use.relation];
  if (use.relation == table_relation_)
    return data_column(table_, use.column, use.path, Type::varchar());
  const auto& unnest = std::get<UnnestRelation>(relation.source);
  using Part = UnnestRelation::Column::Part;
  if (unnest.parts[use.column].part == Part::kOrdinality) return std::nullopt;
  ScanColumn column;
  column.type = Type::varchar();
  column.source = ScanColumn::Source::kElement;
  if (unnest.parts[use.column].part == Part::kElementField)
    column.fields.push_back(unnest.parts[use.column].field);
  column.fields.insert(column.fields.end(), use.path.begin(), use.path.end());
  return column;
}

}  // namespace trailsql
