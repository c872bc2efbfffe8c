#include "scan/scan_worker.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "scan/scan_limits.h"
#include "scan/strict_json.h"
#include "scan/table_files.h"
#include "scan/utf8_check.h"

namespace trailsql {
namespace {

bool starts_document(std::string_view text) {
  return text.starts_with('{') || text.starts_with('[');
}

}  // namespace

JsonScanWorker::JsonScanWorker(std::shared_ptr<JsonScanState> state,
                               const std::vector<uint32_t>& wanted, bool exact_only)
    : files_(state),
      projection_(make_projection(state->spec, state->options, wanted)),
      converter_(projection_.options),
      tree_(projection_, converter_),
      fast_(projection_, converter_),
      filter_(state->spec, state->options, projection_),
      unwrapper_([this](ScanNoteKind kind, uint64_t line,
                        const NoteText& detail) { files_.note(kind, line, detail); },
                 state->cancellation),
      exact_only_(exact_only) {}

size_t JsonScanWorker::next(ColumnBatch& batch, size_t max_rows) {
  batch.clear();
  borrowed_ = false;
  if (batch.columns.size() != projection_.columns.size()) {
    batch.columns.clear();
    for (const Projection::Delivered& column : projection_.columns)
      batch.columns.emplace_back(column.type);
  }
  while (batch.num_rows < max_rows) {
    if (next_row_ < num_rows_) {
      emit(batch, max_rows - batch.num_rows);
      continue;
    }
    if (files_.is_open() && read_next_document()) continue;
    if (files_.is_open()) {
      // The next file would be read into memory that this batch refers to.
      if (borrowed_) break;
      close_file();
    }
    if (batch.num_rows > 0 && files_.may_wait()) break;
    if (!open_next_file()) break;
  }
  files_.report().num_records += batch.num_rows;
  return batch.num_rows;
}

bool JsonScanWorker::open_next_file() {
  if (!files_.open_next()) return false;
  first_document_ = true;
  noted_no_records_ = false;
  is_unwrapping_ = false;
  kind_to_keep_ = kind_to_keep();
  position_ = 0;
  const std::string_view content = trimmed(file().text());
  content_end_ = content.empty()
                     ? 0
                     : static_cast<size_t>(content.data() - file().text().data()) + content.size();
  line_ = 0;
  num_rows_ = 0;
  next_row_ = 0;
  return true;
}

// Of a file whose path says no kind, tables of special kinds have only their own records; the table
// of events has all, so that whoever reads an export misses none.
std::optional<TrailKind> JsonScanWorker::kind_to_keep() const {
  const ScanSpec& spec = files_.state().spec;
  const auto kind = spec.format.properties.find("trailsql.layout");
  if (kind == spec.format.properties.end()) return std::nullopt;
  const TrailKind wanted = trail_kind_of(kind->second);
  const bool has_all =
      wanted == TrailKind::kEvents || trail_kind_of_file(files_.stored_path()).has_value();
  return has_all ? std::nullopt : std::optional(wanted);
}

void JsonScanWorker::close_file() {
  files_.close();
  if (file().text().size() > kKeptBufferBytes) {
    tree_.shrink();
    fast_.shrink();
    repaired_ = {};
    unwrapper_.shrink();
  }
}

// Prepares the rows of the next document of the open file. Returns false at its end.
bool JsonScanWorker::read_next_document() {
  constexpr uint64_t kLinesPerCheck = 256;
  const std::string_view text = file().text();
  if (position_ >= text.size()) return false;
  if (files_.state().spec.format.kind == ScanFormat::Kind::kCloudTrailRecords)
    return read_next_records();
  if (line_ % kLinesPerCheck == 0) files_.state().cancellation.check();
  ++line_;
  num_rows_ = 0;
  next_row_ = 0;
  text_is_copy_ = false;
  if (projection_.counts_only()) {
    count_documents();
    return true;
  }
  const bool by_name_alone = !projection_.options.strict || check_strict_line();
  if (by_name_alone && read_line_fast()) return true;
  const size_t end = find_line_end(text, position_);
  const std::string_view line = text.substr(position_, end - position_);
  position_ = skip_line_end(text, end);
  read_line(line);
  return true;
}

// Reads log files' documents where they stand, one after the other with or without white space
// between them, as long as the fast path is sure of them; the rest of the file goes through the
// unwrapper.
bool JsonScanWorker::read_next_records() {
  files_.state().cancellation.check();
  const std::string_view text = file().text();
  num_rows_ = 0;
  next_row_ = 0;
  text_is_copy_ = false;
  if (!is_unwrapping_) {
    if (line_ == 0) line_ = 1;
    const size_t start =
        std::exchange(position_, skip_between_documents(text.substr(0, content_end_), position_));
    line_ += count_line_ends(text.substr(start, position_ - start));
    if (position_ >= content_end_) return false;
    if (!kind_to_keep_ && read_log_document()) return true;
    is_unwrapping_ = true;
    unwrapper_.start(text.substr(position_), line_, kind_to_keep_);
  }
  if (!unwrapper_.next()) {
    position_ = text.size();
    return false;
  }
  line_ = unwrapper_.line();
  text_is_copy_ = true;
  if (read_document(unwrapper_.document(), false)) {
    accept_document();
  } else {
    set_null_row(tree_.document().problem());
  }
  return true;
}

bool JsonScanWorker::read_log_document() {
  const std::string_view rest = file().text().substr(position_);
  if (exact_only_ || !read_fast(rest, false) || rows_read().lacks_unnested()) return false;
  const std::string_view document = rest.substr(0, rows_read().consumed_bytes());
  if (rows_read().has_non_ascii() && !is_clean_utf8(document)) return false;
  accept_document();
  position_ += document.size();
  // Nobody asks for the lines of what was read when nothing follows.
  if (position_ < content_end_) line_ += count_line_ends(document);
  return true;
}

// Reads a document, or of one that holds no row to keep what tells so.
bool JsonScanWorker::read_fast(std::string_view text, bool one_line) {
  is_filtered_ = filter_.is_worth_it() && filter_.read(text, one_line);
  const bool is_wanted = !is_filtered_ || !filter_.kept().empty();
  if (is_wanted && !fast_.read(text, one_line)) {
    is_filtered_ = false;
    return false;
  }
  source_ = Source::kFast;
  num_rows_ = is_filtered_ ? filter_.kept().size() : fast_.num_rows();
  return true;
}

const FastRows& JsonScanWorker::rows_read() const {
  return is_filtered_ && filter_.kept().empty() ? filter_.rows() : fast_;
}

// Of Hive's own SerDe every line is one object of strict JSON, or the query ends. Returns whether
// none of its keys can be a position, which the fast path does not know.
bool JsonScanWorker::check_strict_line() const {
  const std::string_view text = file().text();
  const size_t end = find_line_end(text, position_);
  const std::string_view line = text.substr(position_, end - position_);
  const std::string problem = strict_object_problem(line);
  if (!problem.empty()) throw with_place(QueryError(ErrorCode::kHiveCursorError, problem));
  return line.find(kPositionKey) == std::string_view::npos;
}

// Nobody asks what the lines hold: each is a row, unless all of them are one document.
void JsonScanWorker::count_documents() {
  const std::string_view text = file().text();
  uint64_t num_rows = count_lines(text);
  if (num_rows > 1 && !projection_.options.strict) {
    size_t start = 0;
    size_t end = find_line_end(text, start);
    while (end < text.size() && trimmed(text.substr(start, end - start)).empty()) {
      start = skip_line_end(text, end);
      end = find_line_end(text, start);
      ++line_;
    }
    position_ = skip_line_end(text, end);
    const std::string_view line = text.substr(start, end - start);
    const std::string_view content = trimmed(line);
    if (starts_document(content) && !tree_.read(content) && read_whole_file(line)) num_rows = line_;
  }
  position_ = text.size();
  num_rows_ = num_rows;
  next_row_ = 0;
  source_ = Source::kNulls;
}

// Reads the document at the front of the next line without looking for the line's end first, if the
// fast path is sure of it.
bool JsonScanWorker::read_line_fast() {
  const std::string_view text = file().text();
  const std::string_view rest = text.substr(position_);
  if (exact_only_ || !read_fast(rest, true)) return false;
  const size_t size = rows_read().consumed_bytes();
  if (rows_read().has_non_ascii() && !is_clean_utf8(rest.substr(0, size))) return false;
  accept_document();
  const size_t document_end = position_ + size;
  const size_t line_end = find_line_end(text, document_end);
  note_rest(text.substr(document_end, line_end - document_end));
  position_ = skip_line_end(text, line_end);
  return true;
}

void JsonScanWorker::read_line(std::string_view line) {
  std::string_view content = line;
  if (!is_clean_utf8(line)) {
    note_repair();
    content = repair(line);
  }
  content = trimmed(content);
  if (!starts_document(content)) {
    const std::string_view what = content.empty() ? "blank line" : "not a JSON object";
    set_null_row(fmt::format("{}: {}", what, projection_.unnest ? "no rows" : "a row of NULLs"));
    if (!content.empty()) first_document_ = false;
    return;
  }
  if (read_document(content, true)) {
    accept_document();
    note_rest(content.substr(consumed_bytes_));
    return;
  }
  const std::string problem = tree_.document().problem();
  if (first_document_ && read_whole_file(line)) return;
  first_document_ = false;
  if (!projection_.options.ignore_malformed)
    throw QueryError(ErrorCode::kHiveCursorError,
                     fmt::format("Row is not a valid JSON Object - {} (file {}, line {})", problem,
                                 file().url(), line_));
  set_null_row(problem);
}

// Reads one document; returns false when it is malformed.
bool JsonScanWorker::read_document(std::string_view text, bool one_line) {
  // A line of the file was tried by read_line_fast already.
  const bool worth_trying = !exact_only_ && (!one_line || text_is_copy_);
  if (worth_trying && read_fast(text, one_line)) {
    consumed_bytes_ = rows_read().consumed_bytes();
    return true;
  }
  try {
    if (!tree_.read(text)) return false;
  } catch (const QueryError& error) {
    throw with_place(error);
  }
  source_ = Source::kTree;
  num_rows_ = tree_.num_rows();
  consumed_bytes_ = tree_.document().consumed_bytes();
  return true;
}

// Takes note of the document that was read, once it is certain that its rows count.
void JsonScanWorker::accept_document() {
  first_document_ = false;
  if (source_ == Source::kFast && is_filtered_)
    files_.report().num_records += rows_read().num_rows() - num_rows_;
  const bool lacks_unnested =
      source_ == Source::kFast ? rows_read().lacks_unnested() : tree_.lacks_unnested();
  if (!lacks_unnested || noted_no_records_) return;
  noted_no_records_ = true;
  const std::string& column =
      files_.state().spec.table_columns[*files_.state().spec.unnest_column].name;
  note(ScanNoteKind::kNoRecords, line_, fmt::format("no '{}' in the document", column));
}

std::string_view JsonScanWorker::repair(std::string_view text) {
  text_is_copy_ = true;
  return repaired_utf8(text, repaired_);
}

// Reads the file from the line at hand to its end as one document, if it is one.
bool JsonScanWorker::read_whole_file(std::string_view line) {
  const std::string_view text = file().text();
  if (position_ >= text.size()) return false;
  const auto start = static_cast<size_t>(line.data() - text.data());
  const bool noted_utf8 = text_is_copy_;
  std::string_view whole = text.substr(start);
  if (!is_clean_utf8(whole)) whole = repair(whole);
  whole = trimmed(whole);
  if (!read_document(whole, false)) return false;
  if (!trimmed(whole.substr(consumed_bytes_)).empty()) return false;
  accept_document();
  position_ = text.size();
  if (text_is_copy_ && !noted_utf8) note_repair();
  note(ScanNoteKind::kMultiLineDocument, line_,
       whole.starts_with('[') ? "read as one document: a list, its items by the columns' positions"
                              : "read as one document");
  return true;
}

void JsonScanWorker::note_repair() {
  note(ScanNoteKind::kInvalidUtf8, line_, "replaced by U+FFFD");
}

void JsonScanWorker::set_null_row(const std::string& detail) {
  note(ScanNoteKind::kMalformedLine, line_, detail);
  source_ = Source::kNulls;
  next_row_ = 0;
  num_rows_ = projection_.unnest ? 0 : 1;
}

void JsonScanWorker::note_rest(std::string_view rest) {
  rest = trimmed(rest);
  if (!rest.empty())
    note(ScanNoteKind::kTrailingData, line_,
         fmt::format("{} bytes after the document are ignored", rest.size()));
}

void JsonScanWorker::emit(ColumnBatch& batch, size_t max_rows) {
  const auto num_rows = static_cast<size_t>(std::min<uint64_t>(num_rows_ - next_row_, max_rows));
  // Small files are copied, so that a batch can hold the rows of many.
  const bool borrow = file().text().size() >= kBorrowFromBytes && !text_is_copy_;
  try {
    switch (source_) {
      case Source::kNulls: append_nulls(batch, num_rows); break;
      case Source::kTree: tree_.append(next_row_, next_row_ + num_rows, batch.columns); break;
      case Source::kFast:
        append_fast(num_rows, borrow, batch);
        borrowed_ = borrowed_ || borrow;
        break;
    }
  } catch (const QueryError& error) {
    throw with_place(error);
  }
  if (source_ != Source::kFast) append_other_columns(batch, num_rows, next_row_);
  next_row_ += num_rows;
  batch.num_rows += num_rows;
}

void JsonScanWorker::append_fast(size_t num_rows, bool borrow, ColumnBatch& batch) {
  const auto append = [&](size_t from, size_t to) {
    fast_.append(from, to, borrow, batch.columns);
    append_other_columns(batch, to - from, from);
  };
  if (!is_filtered_) return append(next_row_, next_row_ + num_rows);
  for (size_t i = next_row_; i < next_row_ + num_rows; ++i)
    append(filter_.kept()[i], filter_.kept()[i] + 1);
}

void JsonScanWorker::append_nulls(ColumnBatch& batch, size_t num_rows) {
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const ScanColumn::Source source = projection_.columns[i].wanted->source;
    if (!is_in_document(source)) continue;
    for (size_t row = 0; row < num_rows; ++row) batch.columns[i].append_null();
  }
}

// What neither the table's columns nor an element gives: what is known of the file, ordinality.
void JsonScanWorker::append_other_columns(ColumnBatch& batch, size_t num_rows, size_t first_row) {
  for (size_t i = 0; i < batch.columns.size(); ++i) {
    const ScanColumn& wanted = *projection_.columns[i].wanted;
    if (is_known_of_file(wanted.source)) {
      files_.append_known(wanted, num_rows, batch.columns[i]);
    } else if (wanted.source == ScanColumn::Source::kOrdinality) {
      for (size_t row = 0; row < num_rows; ++row)
        batch.columns[i].append_int64(static_cast<int64_t>(first_row + row) + 1);
    }
  }
}

void JsonScanWorker::note(ScanNoteKind kind, uint64_t line, std::string detail) const {
  files_.note(kind, line, std::move(detail));
}

QueryError JsonScanWorker::with_place(const QueryError& error) const {
  return files_.with_place(error, line_);
}

}  // namespace trailsql
