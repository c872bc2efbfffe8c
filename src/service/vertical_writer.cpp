#include "service/vertical_writer.h"

#include <fmt/core.h>

#include <algorithm>

#include "service/display_text.h"

namespace trailsql {
namespace {

class VerticalWriter : public ResultWriter {
 public:
  VerticalWriter(OutputSink& sink, const ResultStyle& style) : sink_(sink), style_(style) {}

  void begin(std::vector<ResultColumn> columns) override {
    size_t width = 0;
    for (const ResultColumn& column : columns) {
      append_printable(labels_.emplace_back(), column.name);
      width = std::max(width, display_width(labels_.back()));
    }
    for (std::string& label : labels_) {
      label.append(width - display_width(label), ' ');
      label = (style_.colors ? fmt::format("{}{}{}", kBold, label, kPlain) : label) + " │ ";
    }
  }

  void write(const ColumnBatch& batch) override {
    std::string out;
    for (size_t row = 0; row < batch.num_rows; ++row) {
      fmt::format_to(std::back_inserter(out), "──── row {} ────\n", ++num_rows_);
      for (size_t i = 0; i < batch.columns.size(); ++i) {
        out += labels_[i];
        const DisplayValue value = display_value(batch.columns[i], row);
        out += value.is_null && style_.colors ? fmt::format("{}NULL{}", kDim, kPlain) : value.text;
        out.push_back('\n');
      }
    }
    sink_.write(out);
    sink_.flush();
  }

  void end() override { sink_.flush(); }

 private:
  OutputSink& sink_;
  ResultStyle style_;
  std::vector<std::string> labels_;
  uint64_t num_rows_ = 0;
};

class TextWriter : public ResultWriter {
 public:
  TextWriter(OutputSink& sink, const ResultStyle& style) : sink_(sink), style_(style) {}

  void begin(std::vector<ResultColumn>) override {}

  void write(const ColumnBatch& batch) override {
    std::string out;
    for (size_t row = 0; row < batch.num_rows; ++row) {
      const std::string_view line = batch.columns[0].string_at(row);
      if (style_.terminal_width == 0) {
        out += line;
      } else {
        append_printable(out, line);
      }
      out.push_back('\n');
    }
    sink_.write(out);
  }

  void end() override { sink_.flush(); }

 private:
  OutputSink& sink_;
  ResultStyle style_;
};

}  // namespace

std::unique_ptr<ResultWriter> make_text_writer(OutputSink& sink, const ResultStyle& style) {
  return std::make_unique<TextWriter>(sink, style);
}

std::unique_ptr<ResultWriter> make_vertical_writer(OutputSink& sink, const ResultStyle& style) {
  return std::make_unique<VerticalWriter>(sink, style);
}

}  // namespace trailsql
