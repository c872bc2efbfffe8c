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
  DelimitedLines(std::vector<ResultColumn> columns, DelimitedText text)
      : columns_(std::move(columns)), text_(std::move(text)) {
    for (const ResultColumn& column : columns_) {
      if (num_levels(column.type) < DelimitedText::kNumLevels) continue;
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("Column {} is nested too deeply for delimited text: {}",
                                   column.name, column.type.display()));
    }
  }

  void append_row(std::string& out, const ColumnBatch& batch, size_t row) const override {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) out.push_back(text_.separators[0]);
      append_value(out, batch.columns[i], row, 1);
    }
    out.push_back('\n');
  }

 private:
  void append_value(std::string& out, const Column& column, size_t row, size_t level) const {
    if (column.is_null(row)) {
      out += text_.null_text;
      return;
    }
    switch (column.type().kind()) {
      case TypeKind::kArray: return append_elements(out, column, row, level);
      case TypeKind::kMap: return append_entries(out, column, row, level);
      case TypeKind::kRow:
        for (size_t i = 0; i < column.children().size(); ++i) {
          if (i > 0) out.push_back(text_.separators[level]);
          append_value(out, column.children()[i], row, level + 1);
        }
        return;
      case TypeKind::kVarbinary: return append_base64(out, column.string_at(row), kBase64Digits);
      case TypeKind::kVarchar: return append_escaped(out, column.string_at(row), level);
      case TypeKind::kChar: {
        std::string padded;
        append_text(padded, column, row);
        return append_escaped(out, padded, level);
      }
      default: return append_hive_text(out, column, row);
    }
  }

  void append_elements(std::string& out, const Column& column, size_t row, size_t level) const {
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i > column.offset(row)) out.push_back(text_.separators[level]);
      append_value(out, column.children()[0], i, level + 1);
    }
  }

  void append_entries(std::string& out, const Column& column, size_t row, size_t level) const {
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (i > column.offset(row)) out.push_back(text_.separators[level]);
      append_value(out, column.children()[0], i, level + 2);
      out.push_back(text_.separators[level + 1]);
      append_value(out, column.children()[1], i, level + 2);
    }
  }

  // Of the separators only those of the levels above a value can be taken for its end.
  void append_escaped(std::string& out, std::string_view value, size_t level) const {
    const size_t begin = out.size();
    const auto* const end = text_.separators.begin() + level;
    for (const char c : value) {
      const bool is_line_end = c == '\n' || c == '\r';
      const bool is_separator = std::find(text_.separators.begin(), end, c) != end;
      if (is_line_end || is_separator || c == text_.escape) {
        if (!text_.escape) refuse(value);
        out.push_back(*text_.escape);
      }
      out.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : c);
    }
    if (out.compare(begin, std::string::npos, text_.null_text) == 0) refuse(value);
  }

  [[noreturn]] static void refuse(std::string_view value) {
    constexpr size_t kMaxShown = 100;
    throw QueryError(
        ErrorCode::kNotSupported, Location{},
        fmt::format("A value cannot be written as delimited text, as it has a delimiter or a "
                    "line's end in it, or is the text of NULL: {}",
                    json_string(value.substr(0, kMaxShown))),
        "give the table ROW FORMAT DELIMITED … ESCAPED BY '\\\\', or write PARQUET");
  }

  std::vector<ResultColumn> columns_;
  DelimitedText text_;
};

}  // namespace

std::unique_ptr<LineFormat> make_json_line_format(std::vector<ResultColumn> columns) {
  return std::make_unique<JsonLines>(std::move(columns));
}

std::unique_ptr<LineFormat> make_delimited_line_format(std::vector<ResultColumn> columns,
                                                       const DelimitedText& text) {
  return std::make_unique<DelimitedLines>(std::move(columns), text);
}

DelimitedText delimited_text_of(const CatalogProperties& serde_properties) {
  DelimitedText text;
  const auto one_character = [](const std::string& key, const std::string& value) {
    if (value.size() == 1) return value[0];
    throw QueryError(ErrorCode::kNotSupported,
                     fmt::format("Cannot write text with {} = {}: one character of ASCII was "
                                 "expected",
                                 key, json_string(value)));
  };
  for (const auto& [key, value] : serde_properties) {
    if (key == "field.delim") text.separators[0] = one_character(key, value);
    if (key == "collection.delim" || key == "colelction.delim")  // Hive's own misspelling
      text.separators[1] = one_character(key, value);
    if (key == "mapkey.delim") text.separators[2] = one_character(key, value);
    if (key == "escape.delim") text.escape = one_character(key, value);
    if (key == "serialization.null.format") text.null_text = value;
  }
  return text;
}

}  // namespace trailsql
