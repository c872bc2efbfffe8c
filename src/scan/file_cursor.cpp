#include "scan/file_cursor.h"

#include <fmt/core.h>

#include <algorithm>

#include "scan/scan_limits.h"
#include "scan/table_files.h"

namespace trailsql {

void ScanState::set_files(std::vector<StoredFile> all_files) {
  files = std::move(all_files);
  std::ranges::stable_sort(files, std::ranges::greater(), &StoredFile::size_bytes);
  const auto in_buckets = std::ranges::stable_partition(files, [this](const StoredFile& file) {
    return !is_bucket_path(stored_path_of(spec, file));
  });
  num_local_files = files.size() - in_buckets.size();
  if (in_buckets.empty()) return;
  read_ahead = store_of(spec).read_ahead(
      kReadAheadBytes, [this, next = num_local_files]() mutable -> std::optional<ObjectToRead> {
        if (next == files.size()) return std::nullopt;
        const StoredFile& file = files[next];
        return ObjectToRead{next++, *parse_s3_url(stored_path_of(spec, file)), file.size_bytes,
                            file.etag};
      });
}

FileCursor::~FileCursor() {
  if (is_open_) close();
}

bool FileCursor::open_next() {
  state_->cancellation.check();
  const ScanSpec& spec = state_->spec;
  const bool lenient = reads_what_it_can(spec.format.kind);
  const size_t index = state_->next_file.fetch_add(1);
  if (index < state_->num_local_files) {
    const StoredFile& file = state_->files[index];
    file_.load(stored_path_of(spec, file), url_of(spec, file), file, state_->report, lenient);
  } else {
    if (!state_->read_ahead) return false;
    std::optional<ObjectRead> read = state_->read_ahead->take(file_.release_stored());
    if (!read) return false;
    const StoredFile& file = state_->files[read->number];
    file_.load(*std::move(read), url_of(spec, file), file, state_->report, lenient,
               store_of(spec).skips_denied());
  }
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
