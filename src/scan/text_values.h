// Fields of lines → values of the declared types: how each format of text reads them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/scan_spec.h"
#include "scan/text_format.h"
#include "types/column.h"

namespace trailsql {

/// Converts the values of one scan; each worker has its own. Bad text is NULL, but of OpenCSVSerde,
/// where it ends the query. source: asked from Trino 476 (TEXTFILE, REGEX); of CSV's types other
/// than string, the Athena user guide on OpenCSVSerDe.
class TextValues {
 public:
  explicit TextValues(const ScanSpec& spec);

  /// Appends the field of `wanted`'s column, or what lies in it at `wanted.fields`. With `borrow`,
  /// text may be referred to instead of copied. Throws HIVE_BAD_DATA for bad text of CSV.
  void append(std::string_view field, const ScanColumn& wanted, bool borrow, Column& column);

 private:
  void append_value(std::string_view text, size_t level, bool borrow, Column& column);
  void append_array(std::string_view text, size_t level, bool borrow, Column& column);
  void append_map(std::string_view text, size_t level, Column& column);
  void append_row(std::string_view text, size_t level, bool borrow, Column& column);
  void append_scalar(std::string_view text, bool borrow, Column& column);
  bool append_converted(std::string_view text, Column& column);
  bool append_boolean(std::string_view text, Column& column) const;
  bool append_integer(std::string_view text, Column& column) const;
  bool append_time(std::string_view text, Column& column) const;
  void append_element(std::string_view text, size_t level, bool borrow, Column& column);
  bool descend(std::string_view& text, uint32_t field, uint32_t num_fields, size_t level) const;
  std::string_view unescaped(std::string_view text);

  const ScanSpec& spec_;
  const ScanFormat::Kind kind_;
  DelimitedRules rules_;  // of kDelimited
  std::string scratch_;
};

}  // namespace trailsql
