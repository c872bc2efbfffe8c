#include "scan/text_scan_worker.h"

#include <algorithm>

#include "base/error.h"
#include "scan/scan_limits.h"
#include "scan/table_files.h"
#include "scan/utf8_check.h"

namespace trailsql {
namespace {

// Cuts one line, with its end, off the end of the text.
void remove_last_line(std::string_view& text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  const size_t end = text.find_last_of("\r\n");
  text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

bool lies_within(std::string_view part, std::string_view whole) {
  const std::less_equal<> not_after;
  return not_after(whole.data(), part.data()) &&
         not_after(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace

TextScanWorker::TextScanWorker(const std::shared_ptr<ScanState>& state,
                               const std::vector<uint32_t>& wanted)
    : files_(state),
      skipped_(skipped_lines(state->spec.format)),
      fields_(new_line_fields(state->spec)),
      values_(state->spec),
      line_fields_(state->spec.table_columns.size()) {
  for (const uint32_t index : wanted) {
    wanted_.push_back(&state->spec.columns.at(index));
    if (!is_known_of_file(wanted_.back()->source)) reads_lines_ = true;
  }
}

size_t TextScanWorker::next(ColumnBatch& batch, size_t max_rows) {
  batch.clear();
  borrowed_ = false;
  if (batch.columns.size() != wanted_.size()) {
    batch.columns.clear();
    for (const ScanColumn* column : wanted_) batch.columns.emplace_back(column->type);
  }
  while (batch.num_rows < max_rows) {
    if (files_.is_open() && !text_.empty()) {
      const size_t wanted_rows = max_rows - batch.num_rows;
      const size_t num_rows =
          reads_lines_ ? append_rows(batch, wanted_rows) : count_rows(wanted_rows);
      for (size_t i = 0; i < wanted_.size(); ++i) {
        if (is_known_of_file(wanted_[i]->source))
          files_.append_known(*wanted_[i], num_rows, batch.columns[i]);
      }
      batch.num_rows += num_rows;
      continue;
    }
    if (files_.is_open()) {
      // The next file would be read into memory that this batch refers to.
      if (borrowed_) break;
      files_.close();
    }
    if (batch.num_rows > 0 && files_.may_wait()) break;
    if (!files_.open_next()) break;
    open_file();
  }
  files_.report().num_records += batch.num_rows;
  return batch.num_rows;
}

void TextScanWorker::open_file() {
  text_ = files_.file().text();
  line_ = 0;
  is_clean_ = !reads_lines_ || is_clean_utf8(text_);
  for (uint64_t i = 0; i < skipped_.header && !text_.empty(); ++i) {
    text_.remove_prefix(skip_line_end(text_, find_line_end(text_, 0)));
    ++line_;
  }
  for (uint64_t i = 0; i < skipped_.footer && !text_.empty(); ++i) remove_last_line(text_);
}

// Nobody asks what the lines hold.
size_t TextScanWorker::count_rows(size_t max_rows) {
  size_t num_rows = 0;
  size_t position = 0;
  for (; num_rows < max_rows && position < text_.size(); ++num_rows)
    position = skip_line_end(text_, find_line_end(text_, position));
  text_.remove_prefix(position);
  return num_rows;
}

size_t TextScanWorker::append_rows(ColumnBatch& batch, size_t max_rows) {
  constexpr uint64_t kLinesPerCheck = 4096;
  size_t num_rows = 0;
  for (; num_rows < max_rows && !text_.empty(); ++num_rows) {
    if (line_ % kLinesPerCheck == 0) files_.state().cancellation.check();
    ++line_;
    const size_t end = find_line_end(text_, 0);
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(skip_line_end(text_, end));
    append_row(line, batch);
  }
  return num_rows;
}

void TextScanWorker::append_row(std::string_view line, ColumnBatch& batch) {
  // Small files are copied, so that a batch can hold the rows of many.
  bool borrow = files_.file().text().size() >= kBorrowFromBytes;
  if (!is_clean_ && !is_clean_utf8(line)) {
    line = repair(line);
    borrow = false;
  }
  const std::string_view problem = fields_->read(line, line_fields_);
  if (!problem.empty()) files_.note(ScanNoteKind::kMalformedLine, line_, std::string(problem));
  for (size_t i = 0; i < wanted_.size(); ++i) {
    if (is_known_of_file(wanted_[i]->source)) continue;
    const std::optional<std::string_view>& field = line_fields_[wanted_[i]->table_column];
    if (!field) {
      batch.columns[i].append_null();
      continue;
    }
    const bool borrow_field = borrow && lies_within(*field, line);
    try {
      values_.append(*field, *wanted_[i], borrow_field, batch.columns[i]);
    } catch (const QueryError& error) {
      throw files_.with_place(error, line_);
    }
    borrowed_ = borrowed_ || borrow_field;
  }
}

std::string_view TextScanWorker::repair(std::string_view line) {
  files_.note(ScanNoteKind::kInvalidUtf8, line_, "replaced by U+FFFD");
  return repaired_utf8(line, repaired_);
}

}  // namespace trailsql
