#include "service/delimited_writer.h"

#include <cctype>

#include "service/display_text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  // Up to and with each quote, which is then doubled.
  for (size_t quote = text.find('"'); quote != std::string_view::npos; quote = text.find('"')) {
    out.append(text.substr(0, quote + 1));
    out.push_back('"');
    text.remove_prefix(quote + 1);
  }
  out.append(text);
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
    out_.clear();
    for (size_t row = 0; row < batch.num_rows; ++row) {
      out_ += style_.before;
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        if (i > 0) out_ += style_.separator;
        append_cell(batch.columns[i], row);
      }
      out_ += style_.after;
      out_.push_back('\n');
    }
    sink_.write(out_);
  }

  void end() override { sink_.flush(); }

 private:
  void append_cell(const Column& column, size_t row) {
    if (column.is_null(row)) {
      out_ += style_.null_text;
    } else if (column.type().is(TypeKind::kVarchar)) {
      style_.append_value(out_, column.string_at(row));
    } else {
      text_.clear();
      append_text(text_, column, row);
      style_.append_value(out_, text_);
    }
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
  std::string out_;   // the lines of one batch
  std::string text_;  // of one value
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
