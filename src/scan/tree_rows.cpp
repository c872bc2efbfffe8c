#include "scan/tree_rows.h"

namespace trailsql {
namespace {

constexpr uint32_t kNone = JsonNode::kNone;

}  // namespace

bool TreeRows::read(std::string_view text) {
  num_rows_ = 0;
  elements_.clear();
  if (!document_.parse(text, projection_.options.keys)) return false;
  table_slots_.assign(projection_.table.end_slot, kNone);
  lacks_unnested_ = projection_.unnest;
  resolve_children(0, projection_.table, table_slots_);
  num_rows_ = projection_.unnest ? elements_.size() : 1;
  return true;
}

void TreeRows::shrink() {
  document_.shrink();
  elements_ = {};
}

void TreeRows::resolve(uint32_t node, const PathNode& path, std::vector<uint32_t>& slots) {
  if (path.unnested) {
    lacks_unnested_ = node == kNone;
    read_elements(node);
  }
  if (path.slot != PathNode::kNoSlot) slots[static_cast<size_t>(path.slot)] = node;
  if (!path.children.empty()) resolve_children(node, path, slots);
}

void TreeRows::resolve_children(uint32_t node, const PathNode& path, std::vector<uint32_t>& slots) {
  const JsonNode::Kind kind = node == kNone ? JsonNode::Kind::kNull : document_.node(node).kind;
  if (projection_.options.strict && kind != JsonNode::Kind::kNull)
    ValueConverter::check_kind(kind, Type::row({}));
  if (kind == JsonNode::Kind::kObject) {
    for (const PathNode& child : path.children)
      resolve(find_member(document_, node, {child.key, child.name, child.position},
                          projection_.options),
              child, slots);
    return;
  }
  if (kind == JsonNode::Kind::kArray) {
    for (const PathNode& child : path.children) {
      uint32_t element = document_.node(node).first_child;
      for (uint32_t i = 0; i < child.position && element != kNone; ++i)
        element = document_.node(element).next_sibling;
      resolve(element, child, slots);
    }
    return;
  }
  const bool scalar = kind == JsonNode::Kind::kQuoted || kind == JsonNode::Kind::kLiteral;
  // NULLs either way, but not every scalar may become one.
  if (scalar) converter_.is_row_of_nulls(document_.node(node).text);
  for (const PathNode& child : path.children) resolve(kNone, child, slots);
}

// The elements of the array as the declared type makes it: any other value is a list of itself.
void TreeRows::read_elements(uint32_t node) {
  elements_.clear();
  if (node == kNone || document_.node(node).kind == JsonNode::Kind::kNull) return;
  const JsonNode& value = document_.node(node);
  if (projection_.options.strict)
    ValueConverter::check_kind(value.kind, Type::array(Type::row({})));
  if (value.kind == JsonNode::Kind::kArray) {
    for (uint32_t i = value.first_child; i != kNone; i = document_.node(i).next_sibling)
      elements_.push_back(i);
    return;
  }
  const bool scalar =
      value.kind == JsonNode::Kind::kQuoted || value.kind == JsonNode::Kind::kLiteral;
  if (!(scalar && value.text.empty())) elements_.push_back(node);
}

void TreeRows::append_value(uint32_t node, const ValueShape& shape, Column& column) {
  if (node == kNone) return column.append_null();
  converter_.append(document_, node, shape, column);
}

// Scalars are no records; they are told as any column of texts tells them.
void TreeRows::append_text(uint32_t node, const ValueShape& shape, Column& column) {
  const JsonNode& element = document_.node(node);
  const bool container =
      element.kind == JsonNode::Kind::kObject || element.kind == JsonNode::Kind::kArray;
  if (container) return column.append_string(element.text);
  append_value(node, shape, column);
}

void TreeRows::append(size_t from, size_t to, std::vector<Column>& columns) {
  for (size_t row = from; row < to; ++row) {
    if (projection_.unnest) {
      element_slots_.assign(projection_.element.end_slot, kNone);
      resolve(elements_[row], projection_.element, element_slots_);
    }
    for (size_t i = 0; i < projection_.columns.size(); ++i) {
      const Projection::Delivered& delivered = projection_.columns[i];
      if (delivered.wanted->source == ScanColumn::Source::kTable) {
        append_value(table_slots_[delivered.slot], delivered.shape, columns[i]);
      } else if (delivered.wanted->source == ScanColumn::Source::kRecordText) {
        append_text(projection_.unnest ? elements_[row] : 0, delivered.shape, columns[i]);
      } else if (delivered.wanted->source == ScanColumn::Source::kElement) {
        append_value(element_slots_[delivered.slot], delivered.shape, columns[i]);
      }
    }
  }
}

}  // namespace trailsql
