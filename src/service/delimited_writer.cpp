#include "service/delimited_writer.h"

#include <bit>
#include <cctype>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "service/display_text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// Copies up to 16 bytes, at least one, up to and with the first quote. Both places have room
// for 16. Returns how many.
#if defined(__x86_64__)
size_t copy_up_to_quote(char* to, const char* from) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
  const int quotes = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
  return quotes == 0 ? sizeof(bytes)
                     : static_cast<size_t>(std::countr_zero(static_cast<uint32_t>(quotes))) + 1;
}
#else
size_t copy_up_to_quote(char* to, const char* from) {
  *to = *from;
  return 1;
}
#endif

// JSON has a quote every few bytes, other texts seldom have one: there is room for each to be one.
void append_quoted(std::string& out, std::string_view text) {
  constexpr size_t kRoom = 16;
  const size_t start = out.size();
  out.resize(start + 2 * text.size() + 2 + kRoom);
  char* to = out.data() + start;
  const char* from = text.data();
  const char* const end = from + text.size();
  *to++ = '"';
  while (from < end) {
    size_t size = 1;
    if (end - from >= static_cast<ptrdiff_t>(kRoom)) {
      size = copy_up_to_quote(to, from);
    } else {
      *to = *from;
    }
    to += size;
    from += size;
    if (from[-1] == '"') *to++ = '"';
  }
  *to++ = '"';
  out.resize(static_cast<size_t>(to - out.data()));
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
    render_ = renderer(columns);
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
    render_(batch, out_);
    sink_.write(out_);
  }

  RenderRows renderer(const std::vector<ResultColumn>& columns) const override {
    std::vector<ValueText> values;
    for (const ResultColumn& column : columns) values.emplace_back(column.type);
    return
        [style = style_, values = std::move(values)](const ColumnBatch& batch, std::string& out) {
          append_rows(style, values, batch, out);
        };
  }

  void write_text(std::string_view text) override { sink_.write(text); }

  void end() override { sink_.flush(); }

 private:
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
  RenderRows render_;
  std::string out_;  // the lines of one batch
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
