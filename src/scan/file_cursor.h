// Hands the files of a table to one worker, one after the other, and knows of each what needs no
// look inside: its hidden and partition columns. Every format's worker reads through it.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "base/error.h"
#include "scan/bucket_reader.h"
#include "scan/files_ahead.h"
#include "scan/scan_file.h"
#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/raw_memory.h"
#include "store/store_limits.h"

namespace trailsql {

/// What the workers of one scan share.
struct ScanState {
  ScanSpec spec;
  std::vector<StoredFile> files;  // of this machine, in the order in which they are read
  std::atomic<size_t> next_file{0};
  std::unique_ptr<FilesAhead> ahead;     // the first of `files`, if there are any
  std::unique_ptr<BucketReader> bucket;  // of those in buckets, if there may be any
  ScanReport& report;
  const Cancellation& cancellation;
  RawMemory raw_memory{usable_memory_bytes() / kMaxRawTogetherShare};

  /// Sets the files, of the spec's partitions, and begins to read them; `more` are found later, all
  /// in buckets.
  void set_files(std::vector<StoredFile> all_files, std::unique_ptr<FileSource> more = nullptr);

  /// Lets workers find no other file. Safe from any thread.
  void stop();
  std::atomic<bool> is_stopped{false};

  ScanState(ScanSpec scan_spec, ScanReport& scan_report, const Cancellation& scan_cancellation)
      : spec(std::move(scan_spec)), report(scan_report), cancellation(scan_cancellation) {}
};

/// One worker's place in the files that all workers share. Not safe for several threads.
class FileCursor {
 public:
  explicit FileCursor(std::shared_ptr<ScanState> state)
      : state_(std::move(state)), file_(state_->raw_memory) {}
  /// A file that LIMIT left early was read all the same.
  ~FileCursor();
  FileCursor(const FileCursor&) = delete;
  FileCursor& operator=(const FileCursor&) = delete;

  /// Loads the next file; false when there is none. Throws as ScanFile::load does, USER_CANCELED.
  bool open_next();
  /// Counts the file as done, if it could be read.
  void close();
  bool is_open() const { return is_open_; }
  /// Whether the next file may have to be waited for: rows at hand had better be delivered first,
  /// and may be all that is wanted.
  bool may_wait() const { return state_->bucket && state_->next_file >= state_->files.size(); }

  const ScanFile& file() const { return file_; }
  /// Returns where the file lies, as the store of the scan has it.
  std::string stored_path() const;
  const ScanState& state() const { return *state_; }
  ScanReport& report() const { return state_->report; }

  /// Appends what is known of the file to `column`, which `wanted` describes, for `num_rows` rows.
  /// Precondition: is_known_of_file(wanted.source).
  void append_known(const ScanColumn& wanted, size_t num_rows, Column& column) const;

  /// Takes note of something in the file at hand; `line` counts from 1, 0: the file as a whole.
  void note(ScanNoteKind kind, uint64_t line, std::string detail) const;
  void note(ScanNoteKind kind, uint64_t line, const NoteText& detail) const;
  /// Returns the error with the place in its text.
  QueryError with_place(const QueryError& error, uint64_t line) const;

 private:
  std::shared_ptr<ScanState> state_;
  ScanFile file_;
  std::shared_ptr<const ScanPartitions> partitions_;  // that the file's folder counts
  bool is_open_ = false;
};

}  // namespace trailsql
