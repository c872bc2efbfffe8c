// The exact path: rows of one document that was parsed into a tree.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scan/json_document.h"
#include "scan/projection.h"
#include "types/column.h"

namespace trailsql {

/// Turns one document at a time into rows.
class TreeRows {
 public:
  TreeRows(const Projection& projection, ValueConverter& converter)
      : projection_(projection), converter_(converter) {}

  /// Parses the value at the front of `text` (valid UTF-8; must outlive the rows) and prepares its
  /// rows. Returns false when it is malformed. Throws HIVE_CURSOR_ERROR (the reason alone) when a
  /// value on a wanted path cannot be coerced.
  bool read(std::string_view text);
  const JsonDocument& document() const { return document_; }

  size_t num_rows() const { return num_rows_; }
  /// Returns whether the unnested column is absent from the document.
  bool lacks_unnested() const { return lacks_unnested_; }

  /// Appends rows [from, to) to the columns that documents fill; others are left alone.
  void append(size_t from, size_t to, std::vector<Column>& columns);

  /// Frees memory that one huge document took.
  void shrink();

 private:
  void resolve(uint32_t node, const PathNode& path, std::vector<uint32_t>& slots);
  void resolve_children(uint32_t node, const PathNode& path, std::vector<uint32_t>& slots);
  void read_elements(uint32_t node);
  void append_text(uint32_t node, const ValueShape& shape, Column& column);
  void append_value(uint32_t node, const ValueShape& shape, Column& column);

  const Projection& projection_;
  ValueConverter& converter_;
  JsonDocument document_;
  std::vector<uint32_t> table_slots_;  // nodes of the wanted values, by slot
  std::vector<uint32_t> element_slots_;
  std::vector<uint32_t> elements_;
  size_t num_rows_ = 0;
  bool lacks_unnested_ = false;
};

}  // namespace trailsql
