#include "scan/projection.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

QueryError bad_path(const ScanSpec& spec) {
  return QueryError(
      ErrorCode::kGenericInternalError,
      fmt::format("Scan of {}: a wanted path does not fit the table", spec.table_name));
}

// Returns the child at a position, or nullptr.
template <typename Node>
Node* find_child(Node& parent, uint32_t position) {
  for (auto& child : parent.children) {
    if (child.position == position) return &child;
  }
  return nullptr;
}

// Returns the child at a position, made when needed.
PathNode& child_of(PathNode& parent, uint32_t position, const std::string& name,
                   const OpenXOptions& options) {
  if (PathNode* child = find_child(parent, position)) return *child;
  PathNode child;
  child.name = to_lower_ascii(name);
  child.key = options.key_of(child.name);
  child.position = position;
  parent.children.push_back(std::move(child));
  return parent.children.back();
}

// Marks the end of the path from `start` as wanted, making the nodes between.
void add_path(PathNode& start, const Type& start_type, const ScanColumn& column,
              const ScanSpec& spec, const OpenXOptions& options) {
  PathNode* node = &start;
  const Type* type = &start_type;
  for (const uint32_t field : column.fields) {
    if (!type->is(TypeKind::kRow) || field >= type->fields().size()) throw bad_path(spec);
    const RowField& declared = type->fields()[field];
    node = &child_of(*node, field, declared.name.value_or(""), options);
    type = &declared.type;
  }
  node->slot = 0;  // numbered later
}

// Numbers the slots of a tree from `next` on.
void number_from(PathNode& node, uint32_t next) {
  node.first_slot = next;
  if (node.slot != PathNode::kNoSlot) node.slot = static_cast<int32_t>(next++);
  for (PathNode& child : node.children) {
    number_from(child, node.is_list ? 0 : next);
    if (!node.is_list) next = child.end_slot;
  }
  node.end_slot = next;
}

// Returns the node at the end of a path that add_path has made.
PathNode& node_at(PathNode& start, const std::vector<uint32_t>& fields) {
  PathNode* node = &start;
  for (const uint32_t field : fields) node = find_child(*node, field);
  return *node;
}

// Makes paths of the fields of a wanted value.
void take_apart(PathNode& node, const ValueShape& shape, bool is_in_list,
                const OpenXOptions& options) {
  node.slot = 0;  // numbered later
  if (shape.type.is(TypeKind::kRow)) {
    for (uint32_t i = 0; i < shape.children.size(); ++i) {
      const std::string& name = *shape.type.fields()[i].name;
      take_apart(child_of(node, i, name, options), shape.children[i], is_in_list, options);
    }
    // Wanted before by themselves, some may stand elsewhere than their slots shall.
    std::ranges::sort(node.children, {}, &PathNode::position);
  } else if (shape.type.is(TypeKind::kArray) && !is_in_list && !node.unnested) {
    node.is_list = true;
    node.children.emplace_back();
    take_apart(node.children.back(), shape.children[0], true, options);
  }
}

}  // namespace

Projection make_projection(const ScanSpec& spec, const OpenXOptions& options,
                           const std::vector<uint32_t>& wanted) {
  Projection projection;
  projection.options = options;
  projection.unnest = spec.unnest_column.has_value();
  const auto table_column = [&](uint32_t index) -> const ScanTableColumn& {
    if (index >= spec.table_columns.size()) throw bad_path(spec);
    return spec.table_columns[index];
  };
  Type element_type;
  if (projection.unnest) {
    const ScanTableColumn& column = table_column(*spec.unnest_column);
    if (!column.type.is(TypeKind::kArray)) throw bad_path(spec);
    element_type = column.type.element();
    child_of(projection.table, *spec.unnest_column, column.name, options).unnested = true;
  }
  for (const uint32_t index : wanted) {
    const ScanColumn& column = spec.columns.at(index);
    if (column.source == ScanColumn::Source::kTable) {
      const ScanTableColumn& start = table_column(column.table_column);
      add_path(child_of(projection.table, column.table_column, start.name, options), start.type,
               column, spec, options);
    } else if (column.source == ScanColumn::Source::kRecordText) {
      (projection.unnest ? projection.element : projection.table).slot = 0;  // numbered later
    } else if (column.source == ScanColumn::Source::kElement) {
      if (!projection.unnest) throw bad_path(spec);
      add_path(projection.element, element_type, column, spec, options);
    }
  }
  for (const uint32_t index : wanted) {
    const ScanColumn& column = spec.columns[index];
    Projection::Delivered delivered{&column, 0, column.type, {}};
    if (is_in_document(column.source)) delivered.shape = make_shape(column.type, options);
    projection.columns.push_back(std::move(delivered));
  }
  projection.number_slots();
  return projection;
}

PathNode& Projection::node_of(const ScanColumn& column) {
  if (column.source == ScanColumn::Source::kTable)
    return node_at(*find_child(table, column.table_column), column.fields);
  return node_at(unnest ? element : table, column.fields);
}

void Projection::number_slots() {
  number_from(table, 0);
  number_from(element, 0);
  for (Delivered& delivered : columns) {
    if (is_in_document(delivered.wanted->source))
      delivered.slot = static_cast<uint32_t>(node_of(*delivered.wanted).slot);
  }
}

Projection Projection::taken_apart() const {
  Projection apart = *this;
  for (const Delivered& delivered : columns) {
    const ScanColumn::Source source = delivered.wanted->source;
    if (source == ScanColumn::Source::kTable || source == ScanColumn::Source::kElement)
      take_apart(apart.node_of(*delivered.wanted), delivered.shape, false, options);
  }
  apart.number_slots();
  return apart;
}

}  // namespace trailsql
