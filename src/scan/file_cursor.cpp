#include "scan/file_cursor.h"

#include <fmt/core.h>

#include "scan/table_files.h"

namespace trailsql {

FileCursor::~FileCursor() {
  if (is_open_) close();
}

bool FileCursor::open_next() {
  state_->cancellation.check();
  const size_t index = state_->next_file.fetch_add(1);
  if (index >= state_->files.size()) return false;
  const StoredFile& file = state_->files[index];
  file_.load(local_path_of(state_->spec, file), url_of(state_->spec, file), file, state_->report,
             reads_what_it_can(state_->spec.format.kind));
  is_open_ = true;
  return true;
}

void FileCursor::close() {
  is_open_ = false;
  state_->report.stored_bytes_done += file_.stored().size_bytes;
  ++state_->report.num_files_done;
}

void FileCursor::append_known(const ScanColumn& wanted, size_t num_rows, Column& column) const {
  append_known_value(state_->spec, file_.stored(), wanted, num_rows, column);
}

void FileCursor::note(ScanNoteKind kind, uint64_t line, std::string detail) const {
  state_->report.add_note({kind, file_.url(), line, std::move(detail)});
}

void FileCursor::note(ScanNoteKind kind, uint64_t line, const NoteText& detail) const {
  note(kind, line, report().wants_details() ? detail() : std::string());
}

QueryError FileCursor::with_place(const QueryError& error, uint64_t line) const {
  return QueryError(
      error.code(), Location{},
      fmt::format("Failed to read file at {}, line {}: {}", file_.url(), line, error.what()),
      error.hint());
}

}  // namespace trailsql
