#include "service/table_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "service/display_text.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kPlain = "\x1b[0m";

struct Cell {
  std::string text;
  bool is_null = false;
};

Cell cell_of(const Column& column, size_t row) {
  if (column.is_null(row)) return {"NULL", true};
  std::string raw;
  append_text(raw, column, row);
  if (raw == "NULL") return {"'NULL'", false};
  Cell cell;
  append_printable(cell.text, raw);
  return cell;
}

class TableWriter : public ResultWriter {
 public:
  TableWriter(OutputSink& sink, const ResultStyle& style) : sink_(sink), style_(style) {}

  void begin(std::vector<ResultColumn> columns) override {
    for (const ResultColumn& column : columns) {
      is_right_.push_back(column.type.is_numeric());
      std::string& header = headers_.emplace_back();
      append_printable(header, column.name);
      natural_widths_.push_back(display_width(header));
    }
  }

  void write(const ColumnBatch& batch) override {
    std::string out;
    for (size_t row = 0; row < batch.num_rows; ++row) {
      std::vector<Cell> cells;
      for (const Column& column : batch.columns) cells.push_back(cell_of(column, row));
      if (!header_done_) {
        keep(std::move(cells));
      } else {
        append_line(out, cells);
      }
    }
    sink_.write(out);
    if (header_done_) sink_.flush();
  }

  void end() override {
    if (!header_done_) print_kept();
    std::string out;
    append_rule(out, "└", "┴", "┘");
    sink_.write(out);
    sink_.flush();
  }

  std::vector<std::string> notes() const override {
    if (style_.terminal_width == 0) return {};
    if (line_width(widths_) > style_.terminal_width) {
      return {
          fmt::format("{} columns do not fit in a terminal of {} cells; --format vertical "
                      "shows them one a line",
                      widths_.size(), style_.terminal_width)};
    }
    if (num_cut_ == 0) return {};
    return {"values ending in … were cut to fit the terminal; --format vertical shows them whole"};
  }

 private:
  void keep(std::vector<Cell> cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      natural_widths_[i] = std::max(natural_widths_[i], display_width(cells[i].text));
      kept_bytes_ += cells[i].text.size();
    }
    kept_.push_back(std::move(cells));
    if (kept_.size() >= kTableSampleRows || kept_bytes_ >= kTableSampleBytes) print_kept();
  }

  void print_kept() {
    header_done_ = true;
    widths_ = style_.terminal_width == 0 ? natural_widths_
                                         : fit_widths(natural_widths_, style_.terminal_width);
    std::string out;
    append_rule(out, "┌", "┬", "┐");
    append_header(out);
    append_rule(out, "├", "┼", "┤");
    for (const std::vector<Cell>& cells : kept_) {
      append_line(out, cells);
      if (out.size() > kChunkBytes) {
        sink_.write(out);
        out.clear();
      }
    }
    kept_ = {};
    sink_.write(out);
    sink_.flush();
  }

  void append_rule(std::string& out, std::string_view left, std::string_view middle,
                   std::string_view right) {
    if (style_.colors) out += kDim;
    out += left;
    for (size_t i = 0; i < widths_.size(); ++i) {
      if (i > 0) out += middle;
      for (size_t cell = 0; cell < widths_[i] + 2; ++cell) out += "─";
    }
    out += right;
    if (style_.colors) out += kPlain;
    out.push_back('\n');
  }

  void append_bar(std::string& out) const {
    if (style_.colors) out += kDim;
    out += "│";
    if (style_.colors) out += kPlain;
  }

  void append_header(std::string& out) {
    for (size_t i = 0; i < headers_.size(); ++i) {
      append_bar(out);
      append_padded(out, headers_[i], i, style_.colors ? kBold : "");
    }
    append_bar(out);
    out.push_back('\n');
  }

  void append_line(std::string& out, const std::vector<Cell>& cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      append_bar(out);
      append_padded(out, cells[i].text, i, cells[i].is_null && style_.colors ? kDim : "");
    }
    append_bar(out);
    out.push_back('\n');
  }

  void append_padded(std::string& out, const std::string& text, size_t column,
                     std::string_view color) {
    const size_t width = widths_[column];
    std::string cut;
    std::string_view shown = text;
    // Outside a terminal, rows after the sample may be wider than their column: better crooked than
    // cut.
    if (style_.terminal_width != 0 && display_width(text) > width) {
      cut = cut_to_width(text, width);
      shown = cut;
      ++num_cut_;
    }
    const size_t used = display_width(shown);
    const size_t padding = used < width ? width - used : 0;
    out.push_back(' ');
    if (is_right_[column]) out.append(padding, ' ');
    out += color;
    out += shown;
    if (!color.empty()) out += kPlain;
    if (!is_right_[column]) out.append(padding, ' ');
    out.push_back(' ');
  }

  static constexpr size_t kChunkBytes = 64 * 1024;

  OutputSink& sink_;
  ResultStyle style_;
  std::vector<std::string> headers_;
  std::vector<bool> is_right_;
  std::vector<size_t> natural_widths_;
  std::vector<size_t> widths_;
  std::vector<std::vector<Cell>> kept_;
  size_t kept_bytes_ = 0;
  bool header_done_ = false;
  uint64_t num_cut_ = 0;
};

}  // namespace

size_t line_width(const std::vector<size_t>& widths) {
  size_t total = 1;
  for (const size_t width : widths) total += width + 3;
  return total;
}

std::vector<size_t> fit_widths(const std::vector<size_t>& natural, size_t terminal_width) {
  const auto limited = [&](size_t limit) {
    std::vector<size_t> widths = natural;
    for (size_t& width : widths) width = std::min(width, limit);
    return widths;
  };
  if (natural.empty() || line_width(natural) <= terminal_width) return natural;
  size_t good = kMinColumnWidth;
  size_t bad = *std::max_element(natural.begin(), natural.end());
  while (good + 1 < bad) {
    const size_t middle = (good + bad) / 2;
    (line_width(limited(middle)) <= terminal_width ? good : bad) = middle;
  }
  std::vector<size_t> widths = limited(good);
  // What is left of the line goes to the narrowed columns, from the left.
  for (size_t i = 0; i < widths.size() && line_width(widths) < terminal_width; ++i) {
    if (widths[i] < natural[i]) ++widths[i];
  }
  return widths;
}

std::unique_ptr<ResultWriter> make_table_writer(OutputSink& sink, const ResultStyle& style) {
  return std::make_unique<TableWriter>(sink, style);
}

}  // namespace trailsql
