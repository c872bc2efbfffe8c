// What a scan has to find in each document: the wanted paths as two small trees, and where each
// delivered column comes from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scan/openx_options.h"
#include "scan/scan_spec.h"
#include "scan/value_conversion.h"

namespace trailsql {

/// One step of wanted paths. Slots number the wanted values of one tree in depth-first order, so
/// those below a node are [first_slot, end_slot).
struct PathNode {
  static constexpr int32_t kNoSlot = -1;
  std::string key;         // the JSON key
  std::string name;        // the declared name, lower case
  uint32_t position = 0;   // among the fields of the row above
  int32_t slot = kNoSlot;  // where the whole value goes
  bool unnested = false;   // of the table's tree: this is the column whose elements become rows
  bool is_list = false;    // an array; its only child is one element, with slots of its own
  uint32_t first_slot = 0;
  uint32_t end_slot = 0;
  std::vector<PathNode> children;
};

/// The wanted paths of one scan worker.
struct Projection {
  struct Delivered {
    const ScanColumn* wanted;  // of the scan's spec
    uint32_t slot = 0;  // of kTable in `table`, of kElement in `element`; of kRecordText in either
    Type type;
    ValueShape shape;  // how the slot's value becomes one of the type
  };
  OpenXOptions options;
  PathNode table;    // its root is the document, the row of the table's columns
  PathNode element;  // its root is one element of the unnested column
  bool unnest = false;
  std::vector<Delivered> columns;  // in the order wanted; several may share a slot

  /// Returns the same with the fields of wanted rows, and of the rows in wanted arrays, as paths of
  /// their own. Every value in a wanted row has a slot then, depth first: those of its fields
  /// follow the row's own. What lies within an array that is part of another one's elements, or in
  /// a map, is left whole.
  Projection taken_apart() const;

  /// Returns whether documents need not be looked into: only the number of rows counts, and what
  /// is known about files.
  bool counts_only() const { return !unnest && table.end_slot == 0; }

  /// Numbers the slots of both trees, and tells the columns.
  void number_slots();
  /// Returns where the path of a wanted column ends.
  PathNode& node_of(const ScanColumn& column);
};

/// Works out the projection of `wanted` (indexes into spec.columns). Throws GENERIC_INTERNAL_ERROR
/// for paths that do not fit the table's types.
Projection make_projection(const ScanSpec& spec, const OpenXOptions& options,
                           const std::vector<uint32_t>& wanted);

}  // namespace trailsql
