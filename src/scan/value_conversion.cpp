#include "scan/value_conversion.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "scan/column_text.h"
#include "scan/hive_json_scalar.h"
#include "scan/java_number.h"
#include "scan/json_text.h"
#include "scan/map_keys.h"

namespace trailsql {
namespace {

// The names that the reference gives to objects and lists in its messages.
std::string_view container_name(const JsonNode& node) {
  if (node.kind == JsonNode::Kind::kArray) return "UnmodifiableRandomAccessList";
  return node.first_child == JsonNode::kNone ? "EmptyMap" : "UnmodifiableMap";
}

std::string coerced_type(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kInteger: return "an INTEGER";
    case TypeKind::kDecimal:
    case TypeKind::kTimestamp: return "a " + type.display();
    default: return "a " + to_upper_ascii(type.display());
  }
}

}  // namespace

ValueShape make_shape(const Type& type, const OpenXOptions& options) {
  switch (type.kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint:
    case TypeKind::kSmallint:
    case TypeKind::kInteger:
    case TypeKind::kBigint:
    case TypeKind::kReal:
    case TypeKind::kDouble:
    case TypeKind::kDecimal:
    case TypeKind::kVarchar:
    case TypeKind::kChar:
    case TypeKind::kVarbinary:
    case TypeKind::kDate:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kRow: break;
    case TypeKind::kTimestamp:
      if (!type.has_picoseconds()) break;
      [[fallthrough]];
    default:
      throw semantic_error(ErrorCode::kNotSupported, Location{},
                           "A column of type {} cannot be read from JSON", type.display());
  }
  ValueShape shape;
  shape.type = type;
  for (const RowField& field : type.fields()) {
    shape.children.push_back(make_shape(field.type, options));
    if (!type.is(TypeKind::kRow)) continue;
    shape.keys.push_back(options.key_of(to_lower_ascii(field.name.value_or(""))));
    shape.num_values += shape.children.back().num_values;
  }
  return shape;
}

namespace {

// Whether a key is _col0, _col1 …, with the field's position for its number.
bool names_position(std::string_view key, size_t position) {
  if (!key.starts_with(kPositionKey)) return false;
  key.remove_prefix(kPositionKey.size());
  size_t number = 0;
  const auto [stop, problem] = std::from_chars(key.data(), key.data() + key.size(), number);
  return problem == std::errc() && stop == key.data() + key.size() && number == position;
}

}  // namespace

uint32_t find_member(const JsonDocument& document, uint32_t object, const FieldKey& field,
                     const OpenXOptions& options) {
  const uint32_t first = document.node(object).first_child;
  uint32_t found = JsonNode::kNone;
  for (uint32_t i = first; i != JsonNode::kNone; i = document.node(i).next_sibling) {
    const std::string_view key = document.node(i).name;
    if (!same_key(key, field.key, options.keys) &&
        !(options.strict && names_position(key, field.position)))
      continue;
    found = i;
    if (options.keys.merges_by_case) break;  // there is no other
  }
  if (found != JsonNode::kNone) return found;
  if (!options.dots_in_keys || field.name.find('_') == std::string::npos) return JsonNode::kNone;
  for (uint32_t i = first; i != JsonNode::kNone; i = document.node(i).next_sibling) {
    std::string dotted(document.node(i).name);
    if (dotted.find('.') == std::string::npos) continue;
    std::replace(dotted.begin(), dotted.end(), '.', '_');
    if (same_key(dotted, field.name, options.keys)) return i;
  }
  return JsonNode::kNone;
}

// Throws unless use.null.for.invalid.data asks for NULL instead.
void ValueConverter::check_null_allowed(const std::string& reason) const {
  if (!options_.null_for_invalid_data) throw QueryError(ErrorCode::kHiveCursorError, reason);
}

void ValueConverter::fail(const std::string& reason, Column& column) {
  check_null_allowed(reason);
  column.append_null();
}

// Hive's SerDe takes nothing for what it is not.
void ValueConverter::check_kind(JsonNode::Kind kind, const Type& declared) {
  const bool is_container = kind == JsonNode::Kind::kObject || kind == JsonNode::Kind::kArray;
  const bool wants_object = declared.is(TypeKind::kRow) || declared.is(TypeKind::kMap);
  const bool wants_array = declared.is(TypeKind::kArray);
  const bool good = wants_object  ? kind == JsonNode::Kind::kObject
                    : wants_array ? kind == JsonNode::Kind::kArray
                                  : !is_container;
  if (!good) refuse_hive_json_kind(declared);
}

bool ValueConverter::is_row_of_nulls(std::string_view text) const {
  if (trimmed(text).empty()) return true;
  check_null_allowed("Invalid JSON: Primitive can not be coerced to a ROW");
  return false;
}

void ValueConverter::append(const JsonDocument& document, uint32_t node, const ValueShape& shape,
                            Column& column) {
  const JsonNode& value = document.node(node);
  const Type& type = shape.type;
  if (value.kind == JsonNode::Kind::kNull) return column.append_null();
  if (options_.strict) check_kind(value.kind, type);
  if (value.kind == JsonNode::Kind::kQuoted || value.kind == JsonNode::Kind::kLiteral)
    return append_scalar(value.text, value.kind == JsonNode::Kind::kQuoted, shape, false, column);
  if (type.is(TypeKind::kRow)) return append_row(document, node, shape, column);
  if (type.is(TypeKind::kArray)) return append_array(document, node, shape, column);
  if (type.is(TypeKind::kMap)) return append_map(document, node, shape, column);
  if (type.is_text()) {
    scratch_.clear();
    append_json_text(document, node, options_.html_safe_text, scratch_);
    return append_text(scratch_, false, column);
  }
  if (type.is(TypeKind::kBoolean)) return column.append_boolean(false);
  fail(fmt::format("Invalid JSON: {} can not be coerced to {}", container_name(value),
                   coerced_type(type)),
       column);
}

void ValueConverter::append_row(const JsonDocument& document, uint32_t node,
                                const ValueShape& shape, Column& column) {
  const JsonNode& value = document.node(node);
  const size_t num_fields = shape.children.size();
  const auto append_field = [&](size_t field, uint32_t child) {
    Column& target = column.children()[field];
    if (child == JsonNode::kNone) return target.append_null();
    append(document, child, shape.children[field], target);
  };
  if (value.kind == JsonNode::Kind::kObject) {
    for (size_t field = 0; field < num_fields; ++field) {
      const FieldKey key{shape.keys[field], *shape.type.fields()[field].name, field};
      append_field(field, find_member(document, node, key, options_));
    }
  } else {
    uint32_t child = value.first_child;
    for (size_t field = 0; field < num_fields; ++field) {
      append_field(field, child);
      if (child != JsonNode::kNone) child = document.node(child).next_sibling;
    }
  }
  column.append_row();
}

void ValueConverter::append_array(const JsonDocument& document, uint32_t node,
                                  const ValueShape& shape, Column& column) {
  const JsonNode& value = document.node(node);
  Column& elements = column.children()[0];
  if (value.kind == JsonNode::Kind::kArray) {
    size_t num_elements = 0;
    for (uint32_t child = value.first_child; child != JsonNode::kNone;
         child = document.node(child).next_sibling) {
      check_num_elements(++num_elements);
      append(document, child, shape.children[0], elements);
    }
  } else {
    append(document, node, shape.children[0], elements);
  }
  column.append_list();
}

void ValueConverter::append_map(const JsonDocument& document, uint32_t node,
                                const ValueShape& shape, Column& column) {
  const JsonNode& value = document.node(node);
  if (value.kind == JsonNode::Kind::kArray)
    return fail("UnmodifiableRandomAccessList can not be coerced to a MAP", column);
  // Keys that differ as text may be equal as values (1 and 01): the last one counts.
  Column keys(shape.children[0].type);
  std::vector<uint32_t> members;
  for (uint32_t child = value.first_child; child != JsonNode::kNone;
       child = document.node(child).next_sibling) {
    check_num_elements(members.size() + 1);
    append_scalar(document.node(child).name, !options_.strict, shape.children[0], false, keys);
    members.push_back(child);
  }
  // Text was compared already when the document was parsed, but not text that was cut since.
  std::vector<uint8_t> repeated(keys.size(), 0);
  if (!keys.type().is_unbounded_varchar()) repeated = repeated_keys(keys, KeptKey::kLast);
  for (size_t i = 0; i < members.size(); ++i) {
    if (keys.is_null(i) || repeated[i] != 0) continue;
    column.children()[0].append_from(keys, i);
    append(document, members[i], shape.children[1], column.children()[1]);
  }
  column.append_list();
}

void ValueConverter::append_scalar(std::string_view text, bool quoted, const ValueShape& shape,
                                   bool borrow, Column& column) {
  if (options_.strict) {
    check_kind(quoted ? JsonNode::Kind::kQuoted : JsonNode::Kind::kLiteral, shape.type);
    return append_hive_json_scalar(text, quoted, borrow, options_.timestamp_patterns, column);
  }
  switch (shape.type.kind()) {
    case TypeKind::kVarchar:
    case TypeKind::kChar:
      if (!quoted && !is_canonical_literal(text)) {
        scratch_.clear();
        if (append_canonical_literal(text, scratch_)) return append_text(scratch_, false, column);
      }
      return append_text(text, borrow, column);
    case TypeKind::kBoolean: return column.append_boolean(equals_ignoring_case(text, "true"));
    case TypeKind::kVarbinary: return append_varbinary(text, quoted, column);
    case TypeKind::kArray:
      if (text.empty()) return column.append_null();
      append_scalar(text, quoted, shape.children[0], borrow, column.children()[0]);
      return column.append_list();
    case TypeKind::kRow:
      if (!is_row_of_nulls(text)) return column.append_null();
      for (Column& child : column.children()) child.append_null();
      return column.append_row();
    case TypeKind::kMap:
      if (!trimmed(text).empty())
        return fail("Invalid JSON: Primitive can not be coerced to a MAP", column);
      return column.append_null();
    default: return append_number(text, column);
  }
}

void ValueConverter::append_number(std::string_view text, Column& column) {
  const Type& type = column.type();
  const auto append_optional = [&](const std::optional<int64_t>& value) {
    if (value) return column.append_int64(*value);
    column.append_null();
  };
  switch (type.kind()) {
    case TypeKind::kDate: {
      std::optional<int64_t> days = parse_text_date(text);
      if (!days || !fits_integer(*days, TypeKind::kInteger)) days = parse_decimal_hex_octal(text);
      if (days && !fits_integer(*days, TypeKind::kInteger)) days.reset();
      return append_optional(days);
    }
    case TypeKind::kTimestamp: {
      const auto timestamp = parse_text_timestamp(text, options_.timestamp_patterns);
      return append_optional(timestamp ? timestamp_micros(*timestamp, type.precision())
                                       : std::nullopt);
    }
    case TypeKind::kReal:
    case TypeKind::kDouble: {
      const auto value = parse_java_double(text, type.is(TypeKind::kReal));
      return value ? column.append_double(*value) : column.append_null();
    }
    case TypeKind::kDecimal: {
      const auto value = parse_scaled_decimal(text, type.precision(), type.scale());
      return value ? column.append_int128(*value) : column.append_null();
    }
    default: {
      std::optional<int64_t> value = parse_java_long(text);
      if (value && !fits_integer(*value, type.kind())) value.reset();
      return append_optional(value);
    }
  }
}

void ValueConverter::append_varbinary(std::string_view text, bool quoted, Column& column) {
  if (!quoted)
    return fail("Invalid JSON: Unquoted JSON string is not allowed for VARBINARY: JsonString",
                column);
  std::string bytes;
  const std::string problem = decode_base64(text, bytes);
  if (!problem.empty()) return fail(problem, column);
  column.append_string(bytes);
}

}  // namespace trailsql
