#include "scan/file_cursor.h"

#include <fmt/core.h>

#include <algorithm>

#include "scan/table_files.h"

namespace trailsql {

void ScanState::set_files(std::vector<StoredFile> all_files, std::unique_ptr<FileSource> more) {
  files = std::move(all_files);
  std::ranges::stable_sort(files, std::ranges::greater(), &StoredFile::size_bytes);
  const auto in_buckets = std::ranges::stable_partition(files, [this](const StoredFile& file) {
    return !is_bucket_path(stored_path_of(spec, spec.partitions.get(), file));
  });
  FoundFiles found{spec.partitions, {in_buckets.begin(), in_buckets.end()}};
  files.erase(in_buckets.begin(), in_buckets.end());
  if (!files.empty()) {
    ahead = std::make_unique<FilesAhead>(files, next_file, [this](const StoredFile& file) {
      return stored_path_of(spec, spec.partitions.get(), file);
    });
  }
  if (found.files.empty() && !more) return;
  bucket = std::make_unique<BucketReader>(spec, std::move(found), std::move(more), report);
}

void ScanState::stop() {
  is_stopped = true;
  if (bucket) bucket->stop();
}

FileCursor::~FileCursor() {
  if (is_open_) close();
}

bool FileCursor::open_next() {
  state_->cancellation.check();
  if (state_->is_stopped) return false;
  const ScanSpec& spec = state_->spec;
  const bool lenient = reads_what_it_can(spec.format.kind);
  std::optional<FileAhead> ahead = state_->ahead ? state_->ahead->take() : std::nullopt;
  const size_t index = ahead ? ahead->index : state_->next_file.fetch_add(1);
  if (index < state_->files.size()) {
    const StoredFile& file = state_->files[index];
    partitions_ = spec.partitions;
    const std::string path = stored_path_of(spec, partitions_.get(), file);
    const std::string url = url_of(spec, partitions_.get(), file);
    if (ahead && !ahead->is_left) {
      file_.load(std::move(*ahead), path, url, file, state_->report, lenient);
    } else {
      file_.load(path, url, file, state_->report, lenient);
    }
  } else {
    if (!state_->bucket) return false;
    std::optional<BucketFile> next = state_->bucket->take(file_.release_stored());
    if (!next) return false;
    partitions_ = std::move(next->partitions);
    file_.load(std::move(next->read), url_of(spec, partitions_.get(), next->file), next->file,
               state_->report, lenient, store_of(spec).skips_denied());
  }
  is_open_ = true;
  return true;
}

std::string FileCursor::stored_path() const {
  return stored_path_of(state_->spec, partitions_.get(), file_.stored());
}

void FileCursor::close() {
  is_open_ = false;
  if (!file_.is_read()) return;
  state_->report.stored_bytes_done += file_.stored().size_bytes;
  ++state_->report.num_files_done;
}

void FileCursor::append_known(const ScanColumn& wanted, size_t num_rows, Column& column) const {
  append_known_value(state_->spec, partitions_.get(), file_.stored(), wanted, num_rows, column);
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
