#include "service/delimited_writer.h"

#include <cctype>

#include "service/display_text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

void append_tab_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\\': out += "\\\\"; break;
      default: out.push_back(c);
    }
  }
}

// A bar would end the cell. A backslash before punctuation would be taken for an escape.
void append_markdown_cell(std::string& out, std::string_view text) {
  std::string printable;
  append_printable(printable, text);
  for (size_t i = 0; i < printable.size(); ++i) {
    const char c = printable[i];
    const bool is_escape = c == '\\' && i + 1 < printable.size() &&
                           std::ispunct(static_cast<unsigned char>(printable[i + 1])) != 0;
    if (c == '|' || is_escape) out.push_back('\\');
    out.push_back(c);
  }
}

/// What tells the delimited formats apart.
struct Style {
  std::string_view before;     // the first value of a line
  std::string_view separator;  // between values
  std::string_view after;      // the last value, before the line's end
  std::string_view null_text;
  void (*append_value)(std::string& out, std::string_view text);
  bool has_rule = false;  // Markdown's second line
};

class DelimitedWriter : public ResultWriter {
 public:
  DelimitedWriter(OutputSink& sink, const Style& style) : sink_(sink), style_(style) {}

  void begin(std::vector<ResultColumn> columns) override {
    std::string out;
    out += style_.before;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += style_.separator;
      style_.append_value(out, columns[i].name);
    }
    out += style_.after;
    out.push_back('\n');
    if (style_.has_rule) append_rule(out, columns);
    sink_.write(out);
  }

  void write(const ColumnBatch& batch) override {
    std::string out;
    for (size_t row = 0; row < batch.num_rows; ++row) {
      out += style_.before;
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        if (i > 0) out += style_.separator;
        append_cell(out, batch.columns[i], row);
      }
      out += style_.after;
      out.push_back('\n');
    }
    sink_.write(out);
  }

  void end() override { sink_.flush(); }

 private:
  void append_cell(std::string& out, const Column& column, size_t row) {
    if (column.is_null(row)) {
      out += style_.null_text;
      return;
    }
    text_.clear();
    append_text(text_, column, row);
    style_.append_value(out, text_);
  }

  static void append_rule(std::string& out, const std::vector<ResultColumn>& columns) {
    out += "|";
    for (const ResultColumn& column : columns) {
      out += column.type.is_numeric() ? " ---: |" : " --- |";
    }
    out += "\n";
  }

  OutputSink& sink_;
  Style style_;
  std::string text_;
};

}  // namespace

std::unique_ptr<ResultWriter> make_csv_writer(OutputSink& sink) {
  return std::make_unique<DelimitedWriter>(sink, Style{"", ",", "", "", &append_quoted});
}

std::unique_ptr<ResultWriter> make_tsv_writer(OutputSink& sink) {
  return std::make_unique<DelimitedWriter>(sink, Style{"", "\t", "", "\\N", &append_tab_escaped});
}

std::unique_ptr<ResultWriter> make_markdown_writer(OutputSink& sink) {
  return std::make_unique<DelimitedWriter>(
      sink, Style{"| ", " | ", " |", "NULL", &append_markdown_cell, true});
}

}  // namespace trailsql
