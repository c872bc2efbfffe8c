#include "service/delimited_writer.h"

#include <cctype>

#include "service/display_text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  if (text.find('"') == std::string_view::npos) {
    out.append(text);
  } else {
    // JSON has a quote every few bytes: each byte is written as if it were doubled.
    const size_t start = out.size();
    out.resize(start + 2 * text.size());
    char* end = out.data() + start;
    for (const char c : text) {
      end[0] = c;
      end[1] = '"';
      end += c == '"' ? 2 : 1;
    }
    out.resize(static_cast<size_t>(end - out.data()));
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
    values_ = value_texts(columns);
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
    append_rows(style_, values_, batch, out_);
    sink_.write(out_);
  }

  RenderRows renderer(const std::vector<ResultColumn>& columns) const override {
    return
        [style = style_, values = value_texts(columns)](
            const ColumnBatch& batch, std::string& out) { append_rows(style, values, batch, out); };
  }

  void write_text(std::string_view text) override { sink_.write(text); }

  void end() override { sink_.flush(); }

 private:
  static std::vector<ValueText> value_texts(const std::vector<ResultColumn>& columns) {
    std::vector<ValueText> values;
    for (const ResultColumn& column : columns) values.emplace_back(column.type);
    return values;
  }

  static void append_rows(const Style& style, const std::vector<ValueText>& values,
                          const ColumnBatch& batch, std::string& out) {
    std::string text;  // of a value that is none
    for (size_t row = 0; row < batch.num_rows; ++row) {
      out += style.before;
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        const Column& column = batch.columns[i];
        if (i > 0) out += style.separator;
        if (column.is_null(row)) {
          out += style.null_text;
        } else if (column.type().is(TypeKind::kVarchar)) {
          style.append_value(out, column.string_at(row));
        } else {
          text.clear();
          values[i].append(text, column, row);
          style.append_value(out, text);
        }
      }
      out += style.after;
      out.push_back('\n');
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
  std::vector<ValueText> values_;  // by column
  std::string out_;                // the lines of one batch
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
