#include "scan/scan_report.h"

#include <fmt/core.h>

#include <numeric>

#include "base/error.h"

namespace trailsql {

std::string note_kind_text(ScanNoteKind kind) {
  switch (kind) {
    case ScanNoteKind::kMalformedLine: return "malformed line";
    case ScanNoteKind::kMultiLineDocument: return "document over several lines";
    case ScanNoteKind::kTrailingData: return "trailing data";
    case ScanNoteKind::kNotCompressedAsNamed: return "not compressed as named";
    case ScanNoteKind::kCompressedByContent: return "compressed by content";
    case ScanNoteKind::kEmptyFile: return "empty file";
    case ScanNoteKind::kUnreadableFile: return "unreadable file";
    case ScanNoteKind::kArchivedFile: return "archived file";
    case ScanNoteKind::kDamagedFile: return "damaged file";
    case ScanNoteKind::kInvalidUtf8: return "invalid UTF-8";
    case ScanNoteKind::kNoRecords: return "document without records";
    case ScanNoteKind::kMissingLocation: return "missing location";
  }
  return "note";
}

void ScanReport::add_note(ScanNote note) {
  if (notes_are_errors_) {
    const std::string place =
        note.line == 0 ? note.file : fmt::format("{}:{}", note.file, note.line);
    throw QueryError(ErrorCode::kHiveBadData, Location{},
                     fmt::format("{}: {}{}{}", place, note_kind_text(note.kind),
                                 note.detail.empty() ? "" : ": ", note.detail),
                     "without --strict the query goes on, and tells of it afterwards");
  }
  const std::lock_guard lock(mutex_);
  ++counts_[static_cast<size_t>(note.kind)];
  if (notes_.size() >= kMaxNotesKept) return;
  notes_.push_back(std::move(note));
  num_kept_ = notes_.size();
}

uint64_t ScanReport::num_notes(ScanNoteKind kind) const {
  const std::lock_guard lock(mutex_);
  return counts_[static_cast<size_t>(kind)];
}

uint64_t ScanReport::num_notes() const {
  const std::lock_guard lock(mutex_);
  return std::accumulate(std::begin(counts_), std::end(counts_), uint64_t{0});
}

std::vector<ScanNote> ScanReport::notes() const {
  const std::lock_guard lock(mutex_);
  return notes_;
}

void ScanReport::add_remark(std::string remark) {
  const std::lock_guard lock(mutex_);
  remarks_.push_back(std::move(remark));
}

std::vector<std::string> ScanReport::remarks() const {
  const std::lock_guard lock(mutex_);
  return remarks_;
}

}  // namespace trailsql
