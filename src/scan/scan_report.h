// What a scan tells while it runs and afterwards: progress, and everything that was skipped,
// malformed or odd.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "store/request_counts.h"

namespace trailsql {

/// Names the kinds of things that a scan meets and must not hide.
enum class ScanNoteKind : uint8_t {
  kMalformedLine,  // a row of NULLs, or, where a row is a record, left out or read up to the break
  kMultiLineDocument,     // the whole file is one pretty-printed document and was read as such
  kTrailingData,          // bytes after the first document of a line, or after the last gzip member
  kNotCompressedAsNamed,  // named .gz or the like, holds plain text or another: read by content
  kCompressedByContent,   // not named so, but compressed: read by content
  kEmptyFile,
  kUnreadableFile,  // vanished, permission denied, …
  kArchivedFile,    // of a bucket: it must be restored before it can be read
  kDamagedFile,  // compressed data that break off or are not as they were written: read up to there
  kInvalidUtf8,
  kNoRecords,        // a document without the unnested column, for example a digest file among logs
  kMissingLocation,  // the table's folder does not exist: no rows
};
constexpr size_t kNumScanNoteKinds = static_cast<size_t>(ScanNoteKind::kMissingLocation) + 1;
std::string note_kind_text(ScanNoteKind kind);

/// One thing that was met, at one place.
struct ScanNote {
  ScanNoteKind kind;
  std::string file;    // whole path or URL
  uint64_t line = 0;   // 1-based; 0: the file as a whole
  std::string detail;  // what exactly, one line
};

/// Makes the detail of a note, which costs something only when it is kept.
using NoteText = std::function<std::string()>;

/// Counts what all scans of a query do. Written by scan threads, read by whoever shows progress.
/// Counters only grow, but for totals that a listing of an earlier query has told wrongly.
class ScanReport {
 public:
  static constexpr size_t kMaxNotesKept = 10'000;  // further ones are counted only

  std::atomic<uint64_t> num_files_total{0};  // known files, grows while folders are listed
  std::atomic<uint64_t> num_files_done{0};
  std::atomic<uint64_t> stored_bytes_total{0};  // compressed, as on disk
  std::atomic<uint64_t> stored_bytes_done{0};
  std::atomic<uint64_t> raw_bytes_done{0};  // after decompression
  std::atomic<bool> reads_json{false};      // what they are
  std::atomic<bool> reads_text{false};
  std::atomic<uint64_t> num_records{0};  // rows delivered: documents, or elements when unnested
  std::atomic<uint64_t> num_scans{0};    // of which files are listed
  std::atomic<uint64_t> num_scans_listed{0};  // of these, those whose files are all known
  std::atomic<uint64_t> num_partitions_read{0};
  std::atomic<uint64_t> num_partitions_total{0};    // 0: no table with partitions
  std::atomic<uint64_t> num_folders_remembered{0};  // whose files an earlier query has listed
  RequestCounts requests;                           // to buckets

  /// Whether all files of all scans are known, so that what is left can be told.
  bool listing_done() const { return num_scans > 0 && num_scans_listed == num_scans; }
  /// Counts the note and keeps it. When notes are errors, throws HIVE_BAD_DATA instead, naming the
  /// file.
  void add_note(ScanNote note);
  /// Returns whether the detail of a further note counts: there is room for it, or notes are
  /// errors.
  bool wants_details() const { return notes_are_errors_ || num_kept_ < kMaxNotesKept; }
  /// Makes every further note an error that ends the query: --strict.
  void make_notes_errors() { notes_are_errors_ = true; }
  /// Adds a sentence for people about how the answer came about, which is no sign of trouble.
  void add_remark(std::string remark);
  std::vector<std::string> remarks() const;
  uint64_t num_notes(ScanNoteKind kind) const;
  uint64_t num_notes() const;
  /// Returns the notes kept, in the order met.
  std::vector<ScanNote> notes() const;

 private:
  mutable std::mutex mutex_;
  std::atomic<bool> notes_are_errors_{false};
  std::vector<ScanNote> notes_;
  std::atomic<size_t> num_kept_{0};  // of them, for who holds no lock
  std::vector<std::string> remarks_;
  uint64_t counts_[kNumScanNoteKinds] = {};
};

}  // namespace trailsql
