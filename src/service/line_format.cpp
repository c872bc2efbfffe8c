#include "service/line_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "types/hive_text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// ---- JSON

[[noreturn]] void refuse_json(const std::string& value) {
  throw QueryError(ErrorCode::kHiveUnserializableJsonValue, "Invalid value to Insert: " + value);
}

class JsonLines : public LineFormat {
 public:
  explicit JsonLines(std::vector<ResultColumn> columns) {
    for (const ResultColumn& column : columns) keys_.push_back(json_string(column.name) + ":");
  }

  void append_row(std::string& out, const ColumnBatch& batch, size_t row) const override {
    for (size_t i = 0; i < keys_.size(); ++i) {
      out.push_back(i == 0 ? '{' : ',');
      out += keys_[i];
      append_value(out, batch.columns[i], row);
    }
    out += "}\n";
  }

 private:
  static void append_value(std::string& out, const Column& column, size_t row) {
    if (column.is_null(row)) {
      out += "null";
      return;
    }
    switch (column.type().kind()) {
      case TypeKind::kArray: return append_array(out, column, row);
      case TypeKind::kMap: return append_map(out, column, row);
      case TypeKind::kRow: return append_object(out, column, row);
      case TypeKind::kReal:
      case TypeKind::kDouble:
        if (!std::isfinite(column.double_at(row))) {
          std::string text;
          append_text(text, column, row);
          refuse_json(text);
        }
        return append_text(out, column, row);
      case TypeKind::kVarbinary:
        if (!is_valid_utf8(column.string_at(row))) {
          std::string text;
          append_text(text, column, row);
          refuse_json("the bytes " + text);
        }
        return append_json_string(out, column.string_at(row));
      case TypeKind::kVarchar:
      case TypeKind::kChar:
      case TypeKind::kDate:
      case TypeKind::kTimestamp: return append_quoted(out, column, row);
      default: return append_text(out, column, row);
    }
  }

  static void append_quoted(std::string& out, const Column& column, size_t row) {
    std::string text;
    append_hive_text(text, column, row);
    append_json_string(out, text);
  }

  static void append_array(std::string& out, const Column& column, size_t row) {
    out.push_back('[');
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i > column.offset(row)) out.push_back(',');
      append_value(out, column.children()[0], i);
    }
    out.push_back(']');
  }

  static void append_map(std::string& out, const Column& column, size_t row) {
    out.push_back('{');
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i > column.offset(row)) out.push_back(',');
      append_quoted(out, column.children()[0], i);
      out.push_back(':');
      append_value(out, column.children()[1], i);
    }
    out.push_back('}');
  }

  static void append_object(std::string& out, const Column& column, size_t row) {
    const std::vector<RowField>& fields = column.type().fields();
    for (size_t i = 0; i < fields.size(); ++i) {
      out.push_back(i == 0 ? '{' : ',');
      append_json_string(out, fields[i].name.value_or(""));
      out.push_back(':');
      append_value(out, column.children()[i], row);
    }
    out.push_back('}');
  }

  std::vector<std::string> keys_;  // with the colon
};

// ---- delimited text

size_t num_levels(const Type& type) {
  if (!type.is_nested()) return 0;
  size_t deepest = 0;
  for (const RowField& part : type.fields()) deepest = std::max(deepest, num_levels(part.type));
  return deepest + (type.is(TypeKind::kMap) ? 2 : 1);
}

class DelimitedLines : public LineFormat {
 public:
  DelimitedLines(std::vector<ResultColumn> columns, DelimitedRules rules)
      : columns_(std::move(columns)), rules_(std::move(rules)) {
    size_t deepest = 0;
    for (const ResultColumn& column : columns_) {
      deepest = std::max(deepest, num_levels(column.type));
      if (deepest < rules_.separators.size()) continue;
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("Column {} is nested too deeply for delimited text: {}",
                                   column.name, column.type.display()));
    }
    check_separators(deepest + 1);
  }

  void append_row(std::string& out, const ColumnBatch& batch, size_t row) const override {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out.push_back(rules_.separators[0]);
      append_value(out, batch.columns[i], row, 1);
    }
    out.push_back('\n');
  }

 private:
  void check_separators(size_t num_used) const {
    std::string special(rules_.separators.data(), num_used);
    special += "\n\r";
    if (rules_.escape) special += *rules_.escape;
    if (rules_.escapes_line_ends) special += "nr";
    std::sort(special.begin(), special.end());
    if (std::adjacent_find(special.begin(), special.end()) == special.end()) return;
    throw QueryError(ErrorCode::kNotSupported, Location{},
                     "Delimited text cannot be written where two of its delimiters, its escape "
                     "character and its line ends are one character",
                     "choose another delimiter");
  }

  void append_value(std::string& out, const Column& column, size_t row, size_t level) const {
    if (column.is_null(row)) {
      out += rules_.null_text;
      return;
    }
    if (column.type().is_nested()) return append_nested(out, column, row, level);
    switch (column.type().kind()) {
      case TypeKind::kVarchar: return append_escaped(out, column.string_at(row), level);
      case TypeKind::kChar: {
        std::string padded;
        append_text(padded, column, row);
        return append_escaped(out, padded, level);
      }
      default: return append_scalar(out, column, row, level);
    }
  }

  // Such values are never unescaped when they are read.
  void append_scalar(std::string& out, const Column& column, size_t row, size_t level) const {
    const size_t begin = out.size();
    if (column.type().is(TypeKind::kVarbinary)) {
      append_base64(out, column.string_at(row), kBase64Digits);
    } else {
      append_hive_text(out, column, row);
    }
    const bool has_separator =
        std::any_of(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(),
                    [&](char c) { return is_separator(c, level) || c == rules_.escape; });
    if (has_separator || is_null_text(out, begin))
      refuse(out.substr(begin), "choose another delimiter, or write PARQUET");
  }

  void append_nested(std::string& out, const Column& column, size_t row, size_t level) const {
    const size_t begin = out.size();
    bool has_elements = false;
    if (column.type().is(TypeKind::kRow)) {
      for (size_t i = 0; i < column.children().size(); ++i) {
        if (i > 0) out.push_back(rules_.separators[level]);
        append_value(out, column.children()[i], row, level + 1);
      }
    } else {
      has_elements = column.offset(row) < column.offset(row + 1);
      column.type().is(TypeKind::kMap) ? append_entries(out, column, row, level)
                                       : append_elements(out, column, row, level);
    }
    const bool looks_empty = has_elements && out.size() == begin;
    if (looks_empty || is_null_text(out, begin)) refuse_nested(looks_empty);
  }

  void append_elements(std::string& out, const Column& column, size_t row, size_t level) const {
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i > column.offset(row)) out.push_back(rules_.separators[level]);
      append_value(out, column.children()[0], i, level + 1);
    }
  }

  void append_entries(std::string& out, const Column& column, size_t row, size_t level) const {
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i > column.offset(row)) out.push_back(rules_.separators[level]);
      append_value(out, column.children()[0], i, level + 2);
      out.push_back(rules_.separators[level + 1]);
      append_value(out, column.children()[1], i, level + 2);
    }
  }

  // Of the separators only those of the levels above a value can be taken for its end.
  void append_escaped(std::string& out, std::string_view value, size_t level) const {
    constexpr std::string_view kWayOut =
        "give the table the SerDe properties 'escape.delim'='\\\\' and "
        "'serialization.escape.crlf'='true', or write PARQUET";
    const size_t begin = out.size();
    for (const char c : value) {
      const bool is_line_end = c == '\n' || c == '\r';
      if (is_line_end || is_separator(c, level) || c == rules_.escape) {
        if (!rules_.escape || (is_line_end && !rules_.escapes_line_ends)) refuse(value, kWayOut);
        out.push_back(*rules_.escape);
      }
      out.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : c);
    }
    if (is_null_text(out, begin)) refuse(value, kWayOut);
  }

  bool is_separator(char c, size_t level) const {
    const auto end = rules_.separators.begin() + static_cast<std::ptrdiff_t>(level);
    return std::find(rules_.separators.begin(), end, c) != end;
  }

  bool is_null_text(const std::string& out, size_t begin) const {
    return out.compare(begin, std::string::npos, rules_.null_text) == 0;
  }

  [[noreturn]] static void refuse_nested(bool looks_empty) {
    throw QueryError(
        ErrorCode::kNotSupported, Location{},
        fmt::format("A value whose only part is {} cannot be written as delimited "
                    "text, where it would be {}",
                    looks_empty ? "empty" : "NULL", looks_empty ? "an empty array" : "NULL itself"),
        "write PARQUET or JSON");
  }

  [[noreturn]] static void refuse(std::string_view value, std::string_view way_out) {
    constexpr size_t kMaxShown = 100;
    throw QueryError(
        ErrorCode::kNotSupported, Location{},
        fmt::format("A value cannot be written as delimited text, as it has a delimiter or a "
                    "line's end in it, or is the text of NULL: {}",
                    json_string(value.substr(0, kMaxShown))),
        std::string(way_out));
  }

  std::vector<ResultColumn> columns_;
  DelimitedRules rules_;
};

}  // namespace

std::unique_ptr<LineFormat> make_json_line_format(std::vector<ResultColumn> columns) {
  return std::make_unique<JsonLines>(std::move(columns));
}

std::unique_ptr<LineFormat> make_delimited_line_format(std::vector<ResultColumn> columns,
                                                       DelimitedRules rules) {
  return std::make_unique<DelimitedLines>(std::move(columns), std::move(rules));
}

}  // namespace trailsql
