#include "analysis/unnest_shape.h"

#include "base/error.h"

namespace trailsql {
namespace {

using Part = UnnestRelation::Column::Part;

bool is_anonymous_single(const Type& element) {
  return element.is(TypeKind::kRow) && element.fields().size() == 1 && !element.fields()[0].name;
}

struct Shape {
  std::vector<UnnestRelation::Column> parts;
  std::vector<RelationColumn> columns;

  void add(Part part, uint32_t array, uint32_t field, std::optional<std::string> name, Type type) {
    parts.push_back({part, array, field});
    columns.push_back({std::move(name), std::move(type), false});
  }
};

Shape make_shape(const Unnest& node, const std::vector<Type>& arguments, bool expand) {
  Shape shape;
  for (uint32_t i = 0; i < arguments.size(); ++i) {
    const Type& argument = arguments[i];
    if (argument.is(TypeKind::kMap)) {
      shape.add(Part::kMapKey, i, 0, std::nullopt, argument.key());
      shape.add(Part::kMapValue, i, 0, std::nullopt, argument.value());
      continue;
    }
    const Type element = argument.is(TypeKind::kArray) ? argument.element() : Type();
    if (element.is(TypeKind::kRow) && (expand || is_anonymous_single(element))) {
      for (uint32_t field = 0; field < element.fields().size(); ++field) {
        shape.add(Part::kElementField, i, field, element.fields()[field].name,
                  element.fields()[field].type);
      }
      continue;
    }
    shape.add(Part::kElement, i, 0, std::nullopt, element);
  }
  if (node.with_ordinality) shape.add(Part::kOrdinality, 0, 0, std::nullopt, TypeKind::kBigint);
  return shape;
}

}  // namespace

RelationFacts unnest_shape(const Unnest& node, const std::vector<Type>& arguments,
                           const std::vector<Identifier>& aliases, const Identifier* alias,
                           Location place) {
  Shape shape;
  if (aliases.empty()) {
    shape = make_shape(node, arguments, true);
    const bool one_row = arguments.size() == 1 && arguments[0].is(TypeKind::kArray) &&
                         arguments[0].element().is(TypeKind::kRow);
    if (one_row) {
      shape.add(Part::kElement, 0, 0, std::nullopt, arguments[0].element());
      shape.columns.back().hidden = true;
    }
  } else {
    shape = make_shape(node, arguments, false);
    if (shape.columns.size() != aliases.size()) shape = make_shape(node, arguments, true);
    if (shape.columns.size() != aliases.size()) {
      throw semantic_error(ErrorCode::kMismatchedColumnAliases, place,
                           "Column alias list has {} entries but '{}' has {} columns available",
                           aliases.size(), alias->value, shape.columns.size());
    }
    for (size_t i = 0; i < aliases.size(); ++i) shape.columns[i].name = aliases[i].value;
  }
  return {UnnestRelation{&node, std::move(shape.parts)}, std::move(shape.columns)};
}

}  // namespace trailsql
