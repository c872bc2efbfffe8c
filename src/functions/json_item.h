// Values that SQL/JSON paths work on: JSON's, and scalars of SQL that were passed in.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "types/column.h"

namespace trailsql {

struct JsonItem;
using JsonItems = std::vector<JsonItem>;

/// One value. Copies are cheap: parts are shared and never change.
struct JsonItem {
  enum class Kind : uint8_t { kNull, kScalar, kArray, kObject };
  Kind kind = Kind::kNull;
  std::shared_ptr<const Column> scalar;  // one value, never NULL, of any SQL type
  std::shared_ptr<const JsonItems> elements;
  std::shared_ptr<const std::vector<std::pair<std::string, JsonItem>>> members;  // in their order

  static JsonItem of_scalar(Column value);
  static JsonItem of_text(std::string_view value);
  static JsonItem of_boolean(bool value);
  static JsonItem of_integer(int64_t value);  // integer, or bigint where that is too narrow
  static JsonItem of_double(double value);
  static JsonItem of_array(JsonItems elements);

  bool is_scalar() const { return kind == Kind::kScalar; }
  const Type& type() const { return scalar->type(); }
  bool is_number() const { return is_scalar() && type().is_numeric(); }
  bool is_text() const { return is_scalar() && type().is_text(); }
};

/// Reads a JSON document: integers become integer, bigint or decimal, other numbers double. Text
/// without any value is null, as Trino takes it. Empty when the text is no JSON.
std::optional<JsonItem> read_json_item(std::string_view text);

/// Appends the item as JSON, fields in their order, or sorted by name. False for a scalar that has
/// no JSON form (a date).
bool append_json_item(std::string& out, const JsonItem& item, bool sorted);

/// Returns the text of a scalar text.
std::string item_text(const JsonItem& item);

/// Returns how Trino's messages name what an item is ("NUMBER", "varchar(1)").
std::string item_kind_name(const JsonItem& item);
/// Returns what the path method type() says ("number").
std::string item_type_name(const JsonItem& item);

}  // namespace trailsql
