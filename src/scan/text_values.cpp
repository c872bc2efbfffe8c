#include "scan/text_values.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "scan/column_text.h"
#include "scan/java_number.h"
#include "scan/map_keys.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

// How many separators it takes to write a value of the type.
size_t num_levels(const Type& type) {
  size_t deepest = 0;
  for (const RowField& field : type.fields()) deepest = std::max(deepest, num_levels(field.type));
  if (type.is(TypeKind::kMap)) return deepest + 2;
  const bool nested = type.is(TypeKind::kArray) || type.is(TypeKind::kRow);
  return deepest + (nested ? 1 : 0);
}

bool is_scalar_of_files(const Type& type) {
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
    case TypeKind::kDate:
    case TypeKind::kTimestamp: return true;
    default: return false;
  }
}

void check_types(const ScanSpec& spec, const DelimitedRules& rules) {
  const bool delimited = spec.format.kind == ScanFormat::Kind::kDelimited;
  for (const ScanColumn& wanted : spec.columns) {
    if (wanted.source != ScanColumn::Source::kTable) continue;
    const ScanTableColumn& column = spec.table_columns.at(wanted.table_column);
    if (!delimited && !is_scalar_of_files(column.type)) {
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("Column '{}' of {}: the table's SerDe has no values of type {}",
                                   column.name, spec.table_name, column.type.display()));
    }
    if (delimited && num_levels(column.type) >= rules.separators.size()) {
      throw QueryError(
          ErrorCode::kHiveInvalidMetadata,
          fmt::format("Column '{}' of {}: the number of levels of nesting supported for "
                      "LazySimpleSerDe is {}",
                      column.name, spec.table_name, rules.separators.size() - 1));
    }
  }
}

}  // namespace

TextValues::TextValues(const ScanSpec& spec) : spec_(spec), kind_(spec.format.kind) {
  if (kind_ == ScanFormat::Kind::kDelimited) rules_ = delimited_rules(spec.format);
  check_types(spec, rules_);
}

void TextValues::append(std::string_view field, const ScanColumn& wanted, bool borrow,
                        Column& column) {
  size_t level = 1;
  const Type* type = &spec_.table_columns[wanted.table_column].type;
  for (const uint32_t position : wanted.fields) {
    const auto num_fields = static_cast<uint32_t>(type->fields().size());
    if (!descend(field, position, num_fields, level)) return column.append_null();
    type = &type->fields()[position].type;
    ++level;
  }
  if (kind_ != ScanFormat::Kind::kCsv) return append_value(field, level, borrow, column);
  if (column.type().is_text()) return append_text(field, borrow, column);
  if (append_converted(field, column)) return;
  throw QueryError(ErrorCode::kHiveBadData,
                   fmt::format("Error parsing field value '{}' for field {}: For input string: "
                               "\"{}\"",
                               field, wanted.table_column, field));
}

// Cuts `text`, a row, down to one of its fields. Returns false if that is missing or NULL.
bool TextValues::descend(std::string_view& text, uint32_t field, uint32_t num_fields,
                         size_t level) const {
  size_t start = 0;
  for (uint32_t i = 0;; ++i) {
    const bool takes_rest = rules_.last_column_takes_rest && i + 1 == num_fields;
    const size_t end = takes_rest ? text.size() : rules_.piece_end(text, start, level);
    if (i == field) {
      text = text.substr(start, end - start);
      return text != rules_.null_text;
    }
    if (end >= text.size()) return false;
    start = end + 1;
  }
}

void TextValues::append_value(std::string_view text, size_t level, bool borrow, Column& column) {
  switch (column.type().kind()) {
    case TypeKind::kArray: return append_array(text, level, borrow, column);
    case TypeKind::kMap: return append_map(text, level, column);
    case TypeKind::kRow: return append_row(text, level, borrow, column);
    default: return append_scalar(text, borrow, column);
  }
}

void TextValues::append_element(std::string_view text, size_t level, bool borrow, Column& column) {
  if (text == rules_.null_text) return column.append_null();
  append_value(text, level, borrow, column);
}

void TextValues::append_array(std::string_view text, size_t level, bool borrow, Column& column) {
  size_t start = 0;
  size_t num_elements = 0;
  while (!text.empty()) {
    check_num_elements(++num_elements);
    const size_t end = rules_.piece_end(text, start, level);
    append_element(text.substr(start, end - start), level + 1, borrow, column.children()[0]);
    if (end >= text.size()) break;
    start = end + 1;
  }
  column.append_list();
}

// Of equal keys the first counts; an entry without a key is none.
void TextValues::append_map(std::string_view text, size_t level, Column& column) {
  Column keys(column.type().key());
  std::vector<std::optional<std::string_view>> values;
  size_t start = 0;
  while (!text.empty()) {
    check_num_elements(values.size() + 1);
    const size_t end = rules_.piece_end(text, start, level);
    const std::string_view entry = text.substr(start, end - start);
    const size_t key_end = rules_.piece_end(entry, 0, level + 1);
    append_element(entry.substr(0, key_end), level + 2, false, keys);
    values.emplace_back();
    if (key_end < entry.size()) values.back() = entry.substr(key_end + 1);
    if (end >= text.size()) break;
    start = end + 1;
  }
  const std::vector<uint8_t> repeated = repeated_keys(keys, KeptKey::kFirst);
  for (size_t i = 0; i < values.size(); ++i) {
    if (keys.is_null(i) || repeated[i] != 0) continue;
    column.children()[0].append_from(keys, i);
    Column& target = column.children()[1];
    if (values[i]) {
      append_element(*values[i], level + 2, false, target);
    } else {
      target.append_null();
    }
  }
  column.append_list();
}

void TextValues::append_row(std::string_view text, size_t level, bool borrow, Column& column) {
  const size_t num_fields = column.children().size();
  size_t start = 0;
  bool at_end = false;
  for (size_t i = 0; i < num_fields; ++i) {
    Column& child = column.children()[i];
    if (at_end) {
      child.append_null();
      continue;
    }
    const bool takes_rest = rules_.last_column_takes_rest && i + 1 == num_fields;
    const size_t end = takes_rest ? text.size() : rules_.piece_end(text, start, level);
    append_element(text.substr(start, end - start), level + 1, borrow, child);
    at_end = end >= text.size();
    start = end + 1;
  }
  column.append_row();
}

// Takes the escape characters out; the last of a text stands for itself.
std::string_view TextValues::unescaped(std::string_view text) {
  scratch_.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_escaped = text[i] == *rules_.escape && i + 1 < text.size();
    if (is_escaped) ++i;
    const bool is_line_end =
        is_escaped && rules_.escapes_line_ends && (text[i] == 'n' || text[i] == 'r');
    scratch_ += !is_line_end ? text[i] : text[i] == 'n' ? '\n' : '\r';
  }
  return scratch_;
}

void TextValues::append_scalar(std::string_view text, bool borrow, Column& column) {
  switch (column.type().kind()) {
    case TypeKind::kVarchar:
    case TypeKind::kChar:
      if (rules_.escape && text.find(*rules_.escape) != std::string_view::npos)
        return append_text(unescaped(text), false, column);
      return append_text(text, borrow, column);
    case TypeKind::kVarbinary:
      // What is no base64 is taken as it stands.
      return column.append_string(decode_base64(text, scratch_).empty() ? scratch_ : text);
    default:
      if (!append_converted(text, column)) column.append_null();
  }
}

// Appends what is neither text nor bytes; returns false, without a value, for bad text.
bool TextValues::append_converted(std::string_view text, Column& column) {
  const Type& type = column.type();
  switch (type.kind()) {
    case TypeKind::kBoolean: return append_boolean(text, column);
    case TypeKind::kReal:
    case TypeKind::kDouble: {
      const auto value = parse_java_double(text, type.is(TypeKind::kReal));
      if (value) column.append_double(*value);
      return value.has_value();
    }
    case TypeKind::kDecimal: {
      const auto value = parse_scaled_decimal(text, type.precision(), type.scale());
      if (value) column.append_int128(*value);
      return value.has_value();
    }
    case TypeKind::kDate:
    case TypeKind::kTimestamp: return append_time(text, column);
    default: return append_integer(text, column);
  }
}

// RegexSerDe and GrokSerDe know no bad text here: what is not true is false.
bool TextValues::append_boolean(std::string_view text, Column& column) const {
  const bool value = equals_ignoring_case(text, "true");
  const bool lenient = kind_ == ScanFormat::Kind::kRegex || kind_ == ScanFormat::Kind::kGrok;
  if (!value && !lenient && !equals_ignoring_case(text, "false")) return false;
  column.append_boolean(value);
  return true;
}

bool TextValues::append_integer(std::string_view text, Column& column) const {
  const std::optional<int64_t> value =
      kind_ == ScanFormat::Kind::kDelimited ? parse_lazy_long(text) : parse_plain_long(text);
  if (!value || !fits_integer(*value, column.type().kind())) return false;
  column.append_int64(*value);
  return true;
}

// OpenCSVSerde has days and milliseconds since 1970, the others have texts.
bool TextValues::append_time(std::string_view text, Column& column) const {
  const Type& type = column.type();
  std::optional<int64_t> value;
  if (kind_ == ScanFormat::Kind::kCsv) {
    value = parse_plain_long(text);
    constexpr int64_t kMaxMillis =
        std::numeric_limits<int64_t>::max() / kMicrosecondsPerMillisecond;
    if (value && type.is(TypeKind::kDate) && !fits_integer(*value, TypeKind::kInteger))
      return false;
    if (value && type.is(TypeKind::kTimestamp)) {
      if (*value > kMaxMillis || *value < -kMaxMillis) return false;
      *value *= kMicrosecondsPerMillisecond;
    }
  } else if (type.is(TypeKind::kDate)) {
    value = parse_hive_date(text);
  } else if (const auto timestamp = parse_hive_timestamp(text, rules_.timestamp_patterns)) {
    value = timestamp_micros(*timestamp, type.precision());
  }
  if (!value) return false;
  column.append_int64(*value);
  return true;
}

}  // namespace trailsql
