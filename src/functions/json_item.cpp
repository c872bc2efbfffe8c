#include "functions/json_item.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "functions/decimal.h"
#include "functions/json_reader.h"
#include "functions/parse_value.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

JsonItem number_item(std::string_view word) {
  const bool whole = word.find_first_of(".eE") == std::string_view::npos;
  const std::optional<int64_t> integer = whole ? parse_bigint(word) : std::nullopt;
  if (integer) return JsonItem::of_integer(*integer);
  bool is_number = false;
  const std::optional<int128_t> decimal =
      whole ? parse_decimal(word, Type::kMaxDecimalPrecision, 0, is_number) : std::nullopt;
  if (!decimal) return JsonItem::of_double(parse_double(word).value_or(0));
  Column column(Type::decimal(Type::kMaxDecimalPrecision, 0));
  column.append_int128(*decimal);
  return JsonItem::of_scalar(std::move(column));
}

std::optional<JsonItem> read_item(JsonReader& reader, int depth);

std::optional<JsonItem> read_object(JsonReader& reader, int depth) {
  auto members = std::make_shared<std::vector<std::pair<std::string, JsonItem>>>();
  if (!reader.accept('}')) {
    do {
      const std::optional<std::string> key = reader.read_key();
      std::optional<JsonItem> value = key ? read_item(reader, depth + 1) : std::nullopt;
      if (!value) return std::nullopt;
      const auto known = std::find_if(members->begin(), members->end(),
                                      [&](const auto& member) { return member.first == *key; });
      if (known == members->end()) {
        members->emplace_back(*key, std::move(*value));
      } else {
        known->second = std::move(*value);
      }
    } while (reader.accept(','));
    if (!reader.accept('}')) return std::nullopt;
  }
  JsonItem item;
  item.kind = JsonItem::Kind::kObject;
  item.members = std::move(members);
  return item;
}

std::optional<JsonItem> read_array(JsonReader& reader, int depth) {
  JsonItems elements;
  if (!reader.accept(']')) {
    do {
      std::optional<JsonItem> element = read_item(reader, depth + 1);
      if (!element) return std::nullopt;
      elements.push_back(std::move(*element));
    } while (reader.accept(','));
    if (!reader.accept(']')) return std::nullopt;
  }
  return JsonItem::of_array(std::move(elements));
}

std::optional<JsonItem> read_item(JsonReader& reader, int depth) {
  if (depth > JsonReader::kMaxDepth) return std::nullopt;
  if (reader.accept('{')) return read_object(reader, depth);
  if (reader.accept('[')) return read_array(reader, depth);
  if (reader.peek() == '"') {
    const std::optional<std::string> text = reader.read_text();
    return text ? std::optional(JsonItem::of_text(*text)) : std::nullopt;
  }
  const std::optional<std::string_view> word = reader.read_word();
  if (!word) return std::nullopt;
  if (*word == "null") return JsonItem();
  if (*word == "true" || *word == "false") return JsonItem::of_boolean(*word == "true");
  return number_item(*word);
}

bool append_scalar(std::string& out, const Column& value) {
  const Type& type = value.type();
  if (type.is_text()) {
    std::string text;
    append_text(text, value, 0);
    append_json_text(out, text);
    return true;
  }
  const bool plain = type.is(TypeKind::kBoolean) || type.is_integral() || type.is_floating() ||
                     type.is(TypeKind::kDecimal);
  if (!plain) return false;
  std::string text;
  if (type.is(TypeKind::kReal)) {
    append_java_real(text, static_cast<float>(value.double_at(0)));
  } else if (type.is(TypeKind::kDouble)) {
    append_java_double(text, value.double_at(0));
  } else {
    append_text(text, value, 0);
  }
  const bool quoted = type.is_floating() && !std::isfinite(value.double_at(0));
  out += quoted ? "\"" + text + "\"" : text;
  return true;
}

}  // namespace

JsonItem JsonItem::of_scalar(Column value) {
  JsonItem item;
  item.kind = Kind::kScalar;
  item.scalar = std::make_shared<const Column>(std::move(value));
  return item;
}
JsonItem JsonItem::of_text(std::string_view value) {
  Column column(Type::varchar());
  column.append_string(value);
  return of_scalar(std::move(column));
}
JsonItem JsonItem::of_boolean(bool value) {
  Column column(TypeKind::kBoolean);
  column.append_boolean(value);
  return of_scalar(std::move(column));
}
JsonItem JsonItem::of_integer(int64_t value) {
  const bool narrow =
      value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max();
  Column column(narrow ? TypeKind::kInteger : TypeKind::kBigint);
  column.append_int64(value);
  return of_scalar(std::move(column));
}
JsonItem JsonItem::of_double(double value) {
  Column column(TypeKind::kDouble);
  column.append_double(value);
  return of_scalar(std::move(column));
}
JsonItem JsonItem::of_array(JsonItems elements) {
  JsonItem item;
  item.kind = Kind::kArray;
  item.elements = std::make_shared<const JsonItems>(std::move(elements));
  return item;
}

std::optional<JsonItem> read_json_item(std::string_view text) {
  JsonReader reader(text);
  if (reader.at_end()) return JsonItem();
  std::optional<JsonItem> item = read_item(reader, 0);
  if (!item || !reader.at_end()) return std::nullopt;
  return item;
}

bool append_json_item(std::string& out, const JsonItem& item, bool sorted) {
  switch (item.kind) {
    case JsonItem::Kind::kNull: out += "null"; return true;
    case JsonItem::Kind::kScalar: return append_scalar(out, *item.scalar);
    case JsonItem::Kind::kArray: {
      out += '[';
      for (const JsonItem& element : *item.elements) {
        if (&element != item.elements->data()) out += ',';
        if (!append_json_item(out, element, sorted)) return false;
      }
      out += ']';
      return true;
    }
    case JsonItem::Kind::kObject: break;
  }
  std::vector<const std::pair<std::string, JsonItem>*> members;
  for (const auto& member : *item.members) members.push_back(&member);
  if (sorted) {
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->first < b->first; });
  }
  out += '{';
  for (const auto* member : members) {
    if (member != members.front()) out += ',';
    append_json_text(out, member->first);
    out += ':';
    if (!append_json_item(out, member->second, sorted)) return false;
  }
  out += '}';
  return true;
}

std::string item_text(const JsonItem& item) {
  std::string text;
  append_text(text, *item.scalar, 0);
  return text;
}

std::string item_kind_name(const JsonItem& item) {
  switch (item.kind) {
    case JsonItem::Kind::kNull: return "NULL";
    case JsonItem::Kind::kArray: return "ARRAY";
    case JsonItem::Kind::kObject: return "OBJECT";
    case JsonItem::Kind::kScalar: break;
  }
  if (item.is_number()) return "NUMBER";
  if (item.type().is(TypeKind::kBoolean)) return "BOOLEAN";
  if (item.type().is_unbounded_varchar()) return "STRING";
  return item.type().display();
}

std::string item_type_name(const JsonItem& item) {
  switch (item.kind) {
    case JsonItem::Kind::kNull: return "null";
    case JsonItem::Kind::kArray: return "array";
    case JsonItem::Kind::kObject: return "object";
    case JsonItem::Kind::kScalar: break;
  }
  switch (item.type().kind()) {
    case TypeKind::kBoolean: return "boolean";
    case TypeKind::kVarchar:
    case TypeKind::kChar: return "string";
    case TypeKind::kDate: return "date";
    case TypeKind::kTime: return "time without time zone";
    case TypeKind::kTimeWithTimeZone: return "time with time zone";
    case TypeKind::kTimestamp: return "timestamp without time zone";
    case TypeKind::kTimestampWithTimeZone: return "timestamp with time zone";
    default: return "number";
  }
}

}  // namespace trailsql
