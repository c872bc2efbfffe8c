// JSON values → values of the declared types, by the rules of the OpenX SerDe (see README.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scan/json_document.h"
#include "scan/openx_options.h"
#include "types/column.h"

namespace trailsql {

/// A declared type with the JSON keys of its fields, worked out once a scan.
struct ValueShape {
  Type type;
  std::vector<std::string> keys;     // of a row's fields
  std::vector<ValueShape> children;  // element; key and value; fields
  uint32_t num_values = 1;           // 1, and of a row those of its fields
};
/// Throws NOT_SUPPORTED for types that no SerDe column can have.
ValueShape make_shape(const Type& type, const OpenXOptions& options);

/// What a field may be called in an object.
struct FieldKey {
  std::string_view key;
  std::string_view name;  // for dotted keys
  size_t position;        // among the fields of its row, or the columns of its table
};

/// Hive's SerDe finds fields by their position, too: "_col0" is the first. source: asked from
/// Trino.
inline constexpr std::string_view kPositionKey = "_col";

/// Returns the value in object `object` of a field; kNone when there is none.
uint32_t find_member(const JsonDocument& document, uint32_t object, const FieldKey& field,
                     const OpenXOptions& options);

/// Converts values of one scan; each worker has its own. Errors end the query: QueryError
/// HIVE_CURSOR_ERROR with the reason alone, the caller adds file and line. With
/// use.null.for.invalid.data they become NULL.
class ValueConverter {
 public:
  explicit ValueConverter(const OpenXOptions& options) : options_(options) {}

  /// Appends exactly one value to `column`, whose type is the shape's.
  void append(const JsonDocument& document, uint32_t node, const ValueShape& shape, Column& column);
  /// Appends a scalar: a decoded string (`quoted`) or an unquoted word other than null. With
  /// `borrow`, text may be referred to instead of copied.
  void append_scalar(std::string_view text, bool quoted, const ValueShape& shape, bool borrow,
                     Column& column);
  /// Decides about a scalar where a row is declared: returns true if it is blank, which makes a row
  /// of NULLs, and false if it becomes NULL.
  bool is_row_of_nulls(std::string_view text) const;
  /// Throws, of Hive's SerDe, HIVE_CURSOR_ERROR for a value that is not of the declared kind.
  static void check_kind(JsonNode::Kind kind, const Type& declared);

 private:
  void append_row(const JsonDocument& document, uint32_t node, const ValueShape& shape,
                  Column& column);
  void append_map(const JsonDocument& document, uint32_t node, const ValueShape& shape,
                  Column& column);
  void append_array(const JsonDocument& document, uint32_t node, const ValueShape& shape,
                    Column& column);
  void append_number(std::string_view text, Column& column);
  void append_varbinary(std::string_view text, bool quoted, Column& column);
  void check_null_allowed(const std::string& reason) const;
  void fail(const std::string& reason, Column& column);

  const OpenXOptions& options_;
  std::string scratch_;
};

}  // namespace trailsql
