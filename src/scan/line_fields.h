// One line → the fields of a row, as texts: what differs between the formats of text.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "scan/scan_spec.h"

namespace trailsql {

/// Cuts lines. Each worker has its own.
class LineFields {
 public:
  /// Texts of a line by column of the table; nothing for a field that is missing or NULL. They
  /// point into the line or into the cutter, until it reads the next.
  using Fields = std::vector<std::optional<std::string_view>>;

  virtual ~LineFields() = default;
  /// Cuts `line` (without its end) into `fields`, which has a place for every column of the table;
  /// further fields of the line are dropped. Returns what is wrong with the line, for a note; empty
  /// if nothing is.
  virtual std::string_view read(std::string_view line, Fields& fields) = 0;
};

/// Makes the cutter of a text format for a table with these columns. Throws HIVE_INVALID_METADATA
/// for properties that make no sense, INVALID_FUNCTION_ARGUMENT for a bad regular expression.
std::unique_ptr<LineFields> new_line_fields(const ScanSpec& spec);

// The formats behind it, one file each.
std::unique_ptr<LineFields> new_delimited_fields(const ScanSpec& spec);
std::unique_ptr<LineFields> new_csv_fields(const ScanSpec& spec);
std::unique_ptr<LineFields> new_regex_fields(const ScanSpec& spec);
std::unique_ptr<LineFields> new_grok_fields(const ScanSpec& spec);

}  // namespace trailsql
