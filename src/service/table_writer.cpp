#include "service/table_writer.h"

#include <fmt/core.h>

#include <algorithm>

#include "service/display_text.h"

namespace trailsql {
namespace {

// Stands for the columns that do not fit.
constexpr std::string_view kEllipsis = "…";

class TableWriter : public ResultWriter {
 public:
  TableWriter(OutputSink& sink, const ResultStyle& style) : sink_(sink), style_(style) {}

  void begin(std::vector<ResultColumn> columns) override {
    for (const ResultColumn& column : columns) {
      is_right_.push_back(column.type.is_numeric());
      std::string& header = headers_.emplace_back().text;
      append_printable(header, column.name);
      natural_widths_.push_back(display_width(header));
    }
  }

  void write(const ColumnBatch& batch) override {
    std::string out;
    for (size_t row = 0; row < batch.num_rows; ++row) {
      std::vector<DisplayValue> cells;
      for (const Column& column : batch.columns) cells.push_back(display_value(column, row));
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
    if (num_hidden() > 0) {
      return {fmt::format(
          "{} of {} columns are not shown, as the terminal has {} cells; --format vertical shows "
          "all",
          num_hidden(), headers_.size(), style_.terminal_width)};
    }
    if (num_cut_ == 0) return {};
    return {"values ending in … were cut to fit the terminal; --format vertical shows them whole"};
  }

 private:
  void keep(std::vector<DisplayValue> cells) {
    for (size_t i = 0; i < cells.size(); ++i) {
      natural_widths_[i] = std::max(natural_widths_[i], display_width(cells[i].text));
      kept_bytes_ += cells[i].text.size();
    }
    kept_.push_back(std::move(cells));
    if (kept_.size() >= kTableSampleRows || kept_bytes_ >= kTableSampleBytes) print_kept();
  }

  void print_kept() {
    header_done_ = true;
    choose_widths();
    std::string out;
    append_rule(out, "┌", "┬", "┐");
    append_line(out, headers_, kBold);
    append_rule(out, "├", "┼", "┤");
    for (const std::vector<DisplayValue>& cells : kept_) {
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

  size_t num_hidden() const { return headers_.size() - num_shown_; }

  void choose_widths() {
    num_shown_ = headers_.size();
    widths_ = natural_widths_;
    if (style_.terminal_width == 0) return;
    num_shown_ = num_columns_that_fit(natural_widths_, style_.terminal_width);
    if (num_hidden() > 0) {
      widths_.resize(num_shown_);
      widths_.push_back(display_width(kEllipsis));
    }
    widths_ = fit_widths(widths_, style_.terminal_width);
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

  void append_line(std::string& out, const std::vector<DisplayValue>& cells,
                   std::string_view color = {}) {
    for (size_t i = 0; i < num_shown_; ++i) {
      append_bar(out);
      append_padded(out, cells[i].text, i, cells[i].is_null ? kDim : color);
    }
    if (num_hidden() > 0) {
      append_bar(out);
      out += fmt::format(" {} ", kEllipsis);
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
    const bool is_colored = style_.colors && !color.empty();
    if (is_colored) out += color;
    out += shown;
    if (is_colored) out += kPlain;
    if (!is_right_[column]) out.append(padding, ' ');
    out.push_back(' ');
  }

  static constexpr size_t kChunkBytes = 64 * 1024;

  OutputSink& sink_;
  ResultStyle style_;
  std::vector<DisplayValue> headers_;
  std::vector<bool> is_right_;
  std::vector<size_t> natural_widths_;
  size_t num_shown_ = 0;        // the first columns; the others do not fit
  std::vector<size_t> widths_;  // of the columns shown, then of `…` if there are others
  std::vector<std::vector<DisplayValue>> kept_;
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

size_t num_columns_that_fit(const std::vector<size_t>& natural, size_t terminal_width) {
  std::vector<size_t> widths = natural;
  for (size_t& width : widths) width = std::min(width, kMinColumnWidth);
  if (line_width(widths) <= terminal_width) return widths.size();
  widths.push_back(display_width(kEllipsis));
  while (widths.size() > 2 && line_width(widths) > terminal_width) widths.erase(widths.end() - 2);
  return widths.size() - 1;
}

std::unique_ptr<ResultWriter> make_table_writer(OutputSink& sink, const ResultStyle& style) {
  return std::make_unique<TableWriter>(sink, style);
}

}  // namespace trailsql
