// References and constructors: names, fields, subscripts, ARRAY[…], ROW(…).
#include <fmt/core.h>

#include "analysis/expression_analyzer.h"
#include "analysis/literal_value.h"
#include "analysis/name_chain.h"
#include "analysis/usual_mistakes.h"
#include "base/error.h"
#include "base/text.h"
#include "functions/operators.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

// Spells a field that is not there: the whole chain of names, or only the field when the chain
// begins with another expression.
std::string spell_field(const Expression& expression, const Dereference& node) {
  std::vector<std::string_view> names = names_of_chain(expression);
  if (names.empty()) names = {node.field.value};
  return spell_chain(names);
}

// Names the type of CURRENT_TIME and its like as the errors about their precision do.
std::string_view name_of_clock(SpecialFunction::Name name) {
  switch (name) {
    case SpecialFunction::Name::kCurrentTime: return "TIME WITH TIME ZONE";
    case SpecialFunction::Name::kLocalTime: return "TIME";
    case SpecialFunction::Name::kCurrentTimestamp: return "TIMESTAMP WITH TIME ZONE";
    default: return "TIMESTAMP";
  }
}

}  // namespace

QueryError ExpressionAnalyzer::column_not_found(const std::vector<std::string_view>& parts,
                                                Location place) const {
  // Columns, then the fields of rows, then those of arrays of rows: people forget the row before
  // the field, or the UNNEST that makes the rows. The first of equally near names counts.
  std::vector<std::string> names = scope_.column_names();
  std::vector<std::string> hints;
  for (const std::string& name : names) hints.push_back(fmt::format("did you mean {}?", name));
  for (const TypeKind kind : {TypeKind::kRow, TypeKind::kArray}) {
    for (const Scope* scope = &scope_; scope; scope = scope->parent()) {
      for (const ScopeField& field : scope->fields()) {
        if (!field.name || field.hidden || !field.type.is(kind)) continue;
        const bool of_rows = kind == TypeKind::kArray;
        const Type& row = of_rows ? field.type.element() : field.type;
        for (const RowField& inner : row.fields()) {
          if (!inner.name) continue;
          names.push_back(*inner.name);
          hints.push_back(
              of_rows ? fmt::format("{0} holds rows with {1}: add CROSS JOIN UNNEST({0}) AS t (r) "
                                    "and write r.{1}",
                                    *field.name, *inner.name)
                      : fmt::format("did you mean {}.{}?", *field.name, *inner.name));
        }
      }
    }
  }
  const std::string_view near = nearest_name(parts.back(), names);
  std::string hint;
  for (size_t i = 0; i < names.size() && !near.empty(); ++i) {
    if (near.data() == names[i].data()) hint = hints[i];
  }
  return QueryError(ErrorCode::kColumnNotFound, place,
                    fmt::format("Column '{}' cannot be resolved", spell_chain(parts)), hint);
}

Type ExpressionAnalyzer::column(const Expression& expression, const ColumnReference& node) {
  const ScopeField* field = scope_.resolve({node.name.value}, expression.location);
  if (!field) {
    const QueryError error = column_not_found({node.name.value}, expression.location);
    if (!error.hint().empty()) throw error;
    throw QueryError(error.code(), error.location(), error.what(), foreign_column_hint(node.name));
  }
  if (field->parameter) {
    context_.of(expression).parameter = field->parameter;
  } else {
    context_.of(expression).use = field->use;
  }
  return field->type;
}

Type ExpressionAnalyzer::dereference(const Expression& expression, const Dereference& node) {
  const std::vector<std::string_view> names = names_of_chain(expression);
  if (names.empty()) return field_of(expression, node);
  if (const ScopeField* field = scope_.resolve(names, expression.location);
      field && !field->is_row_value) {
    context_.of(expression).use = field->use;
    return field->type;
  }
  // Not a qualified column. Unless the chain begins with a column, the whole name is what cannot be
  // resolved.
  bool begins_with_column = false;
  for (size_t length = 1; length < names.size() && !begins_with_column; ++length) {
    const std::vector<std::string_view> prefix(names.begin(),
                                               names.begin() + static_cast<std::ptrdiff_t>(length));
    begins_with_column = scope_.resolve(prefix, expression.location) != nullptr;
  }
  if (!begins_with_column) throw column_not_found(names, expression.location);
  return field_of(expression, node);
}

bool ExpressionAnalyzer::may_hold_json(const Expression& base) {
  const Type& type = type_of(base);
  const bool is_literal = std::holds_alternative<StringLiteral>(base.node) ||
                          std::holds_alternative<TypedLiteral>(base.node);
  return (type.is(TypeKind::kVarchar) || type.is(TypeKind::kJson)) && !is_literal;
}

Type ExpressionAnalyzer::field_of(const Expression& expression, const Dereference& node) {
  dereferenced_ = node.base.get();
  const Type base = analyze(*node.base);
  if (may_hold_json(*node.base)) {
    context_.of(expression).reads_json = true;
    return Type::varchar();
  }
  if (!base.is(TypeKind::kRow)) {
    const std::string text = print_expression(*node.base);
    const bool of_rows = base.is(TypeKind::kArray) && base.element().is(TypeKind::kRow);
    throw QueryError(
        ErrorCode::kTypeMismatch, node.base->location,
        fmt::format("Expression {} is not of type ROW", text),
        of_rows ? fmt::format("{0} holds rows: write {0}[1].{1} for the first, or add CROSS JOIN "
                              "UNNEST({0}) AS t (r) and write r.{1}",
                              text, node.field.value)
                : "");
  }
  std::optional<uint32_t> found;
  std::vector<std::string> candidates;
  for (uint32_t i = 0; i < base.fields().size(); ++i) {
    const RowField& field = base.fields()[i];
    if (!field.name) continue;
    candidates.push_back(*field.name);
    if (!equals_ignoring_case(*field.name, node.field.value)) continue;
    if (found) {
      throw semantic_error(ErrorCode::kAmbiguousName, node.field.location,
                           "Ambiguous row field reference: {}", node.field.value);
    }
    found = i;
  }
  if (!found) {
    throw QueryError(ErrorCode::kInvalidColumnReference, expression.location,
                     fmt::format("Column reference '{}' is invalid", spell_field(expression, node)),
                     did_you_mean(node.field.value, candidates));
  }
  ExpressionFacts& facts = context_.of(expression);
  facts.field = found;
  if (const std::optional<ColumnUse>& use = context_.of(*node.base).use) {
    facts.use = use;
    facts.use->path.push_back(*found);
  }
  return base.fields()[*found].type;
}

Type ExpressionAnalyzer::subscript(const Expression& expression, const Subscript& node) {
  const bool is_dereferenced = dereferenced_ == &expression;
  const Type base = analyze(*node.base);
  const Type index = analyze(*node.index);
  // `parameters.items[1]`, or `items[1].name`; a text alone has no subscripts, as in Trino.
  const bool in_json = context_.of(*node.base).reads_json || is_dereferenced;
  if (in_json && std::holds_alternative<IntegerLiteral>(node.index->node) &&
      may_hold_json(*node.base)) {
    context_.of(expression).reads_json = true;
    return Type::varchar();
  }
  if (base.is(TypeKind::kRow)) {
    const auto* literal = std::get_if<IntegerLiteral>(&node.index->node);
    if (!literal) {
      throw semantic_error(ErrorCode::kExpressionNotConstant, node.index->location,
                           "Subscript expression on ROW requires a constant index");
    }
    if (!index.is(TypeKind::kInteger)) {
      throw semantic_error(ErrorCode::kTypeMismatch, node.index->location,
                           "Subscript expression on ROW requires integer index, found {}",
                           index.display());
    }
    const int64_t position = integer_value(*literal).value_or(0);
    if (position < 1) {
      throw semantic_error(ErrorCode::kInvalidFunctionArgument, node.index->location,
                           "Invalid subscript index: {}. ROW indices start at 1", position);
    }
    if (static_cast<size_t>(position) > base.fields().size()) {
      throw semantic_error(ErrorCode::kInvalidFunctionArgument, node.index->location,
                           "Subscript index out of bounds: {}, max value is {}", position,
                           base.fields().size());
    }
    context_.of(expression).field = static_cast<uint32_t>(position - 1);
    return base.fields()[static_cast<size_t>(position - 1)].type;
  }
  if (std::optional<Type> type =
          bind(expression, kSubscriptOperator, {node.base.get(), node.index.get()}))
    return *type;
  throw semantic_error(ErrorCode::kTypeMismatch, expression.location,
                       "Cannot use {} for subscript of {}", index.display(), base.display());
}

Type ExpressionAnalyzer::array(const ArrayConstructor& node) {
  if (node.elements.empty()) return Type::array(TypeKind::kUnknown);
  std::vector<const Expression*> elements;
  for (const ExpressionPtr& element : node.elements) elements.push_back(element.get());
  return Type::array(common_type(elements, "All ARRAY elements"));
}

Type ExpressionAnalyzer::row(const RowConstructor& node) {
  std::vector<RowField> fields;
  for (const ExpressionPtr& element : node.elements)
    fields.push_back({std::nullopt, analyze(*element)});
  return Type::row(std::move(fields));
}

Type ExpressionAnalyzer::special_function(const SpecialFunction& node) {
  constexpr uint32_t kDefaultPrecision = 3;
  const auto precision = static_cast<int>(node.precision.value_or(kDefaultPrecision));
  if (precision > Type::kMaxTimePrecision) {
    throw QueryError(ErrorCode::kNumericValueOutOfRange,
                     fmt::format("{} precision must be in range [0, 12]: {}",
                                 name_of_clock(node.name), precision));
  }
  switch (node.name) {
    case SpecialFunction::Name::kCurrentDate: return TypeKind::kDate;
    case SpecialFunction::Name::kCurrentTime: return Type::time_with_time_zone(precision);
    case SpecialFunction::Name::kCurrentTimestamp: return Type::timestamp_with_time_zone(precision);
    case SpecialFunction::Name::kLocalTime: return Type::time(precision);
    case SpecialFunction::Name::kLocalTimestamp: return Type::timestamp(precision);
    case SpecialFunction::Name::kCurrentUser:
    case SpecialFunction::Name::kCurrentCatalog:
    case SpecialFunction::Name::kCurrentSchema:
    case SpecialFunction::Name::kCurrentPath: return Type::varchar();
  }
  return TypeKind::kUnknown;
}

}  // namespace trailsql
