#include "scan/scan_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/text.h"
#include "scan/scan_limits.h"
#include "scan/table_files.h"
#include "store/file_reader.h"

namespace trailsql {
namespace {

QueryError damaged(const std::string& url, const std::string& problem) {
  return QueryError(ErrorCode::kHiveCursorError,
                    fmt::format("Failed to read file at {}: {}", url, problem));
}

}  // namespace

void ScanFile::begin(const std::string& url, const StoredFile& file) {
  url_ = url;
  stored_file_ = file;
  is_read_ = false;
  text_ = {};
  raw_.shrink_to(kKeptBufferBytes);
  for (const auto& [compression, inflater] : inflaters_) inflater->release();
}

void ScanFile::load(const std::string& path, const std::string& url, const StoredFile& file,
                    ScanReport& report, bool reads_what_it_can) {
  begin(url, file);
  stored_.shrink_to(kKeptBufferBytes);
  if (is_read(read_file(path, stored_), path, report, reads_what_it_can))
    open(path, report, reads_what_it_can);
}

void ScanFile::load(FileAhead ahead, const std::string& path, const std::string& url,
                    const StoredFile& file, ScanReport& report, bool reads_what_it_can) {
  begin(url, file);
  stored_ = std::move(ahead.stored);
  if (ahead.is_inflated) raw_ = std::move(ahead.raw);
  if (is_read(std::move(ahead.problem), path, report, reads_what_it_can))
    open(path, report, reads_what_it_can, ahead.is_inflated);
}

void ScanFile::load(ObjectRead read, const std::string& url, const StoredFile& file,
                    ScanReport& report, bool reads_what_it_can, bool skips_denied) {
  begin(url, file);
  stored_ = std::move(read.bytes);
  if (!is_left_out(url, read.problem, reads_what_it_can, skips_denied, report))
    return open(url, report, reads_what_it_can);
  stored_.set_size(0);
}

ByteBuffer ScanFile::release_stored() {
  text_ = {};
  return std::move(stored_);
}

// What was read becomes text. `name` ends as the file's name does.
void ScanFile::open(const std::string& name, ScanReport& report, bool reads_what_it_can,
                    bool is_inflated) {
  is_read_ = true;
  const Compression named = compression_named(name);
  const Compression compression = compression_of(stored_.view(), named);
  text_ = is_inflated ? raw_.view() : stored_.view();
  if (compression != Compression::kNone && !is_inflated &&
      !inflate(compression, report, reads_what_it_can)) {
    text_ = {};
    return;
  }
  if (compression != named && !stored_.view().empty()) {
    const bool promised = named != Compression::kNone;
    report.add_note(
        {promised ? ScanNoteKind::kNotCompressedAsNamed : ScanNoteKind::kCompressedByContent, url_,
         0,
         fmt::format("{}{}, read as such", compression_name(compression),
                     compression == Compression::kNone ? "" : " data")});
  }
  report.raw_bytes_done += text_.size();
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  if (text_.empty()) report.add_note({ScanNoteKind::kEmptyFile, url_, 0, "no data"});
}

void ScanFile::give_up(std::string reason, ScanReport& report) const {
  report.add_note({ScanNoteKind::kUnreadableFile, url_, 0, "not read: " + std::move(reason)});
}

// Returns false when the file is given up, for `problem`.
bool ScanFile::is_read(std::string problem, const std::string& path, ScanReport& report,
                       bool reads_what_it_can) const {
  if (problem.empty()) return true;
  if (!reads_what_it_can) {
    throw QueryError(ErrorCode::kHiveCannotOpenSplit,
                     fmt::format("Error opening {}: {}", path, problem));
  }
  give_up(std::move(problem), report);
  return false;
}

// Returns false when the file is given up.
bool ScanFile::inflate(Compression compression, ScanReport& report, bool reads_what_it_can) {
  if (!can_inflate(compression)) {
    const std::string_view name = compression_name(compression);
    if (!reads_what_it_can) {
      throw QueryError(
          ErrorCode::kNotSupported,
          fmt::format("{} is compressed with {}, which cannot be read. Decompress it, or "
                      "compress it with gzip, zstd, bzip2 or snappy (framed)",
                      url_, name));
    }
    give_up(fmt::format("it is compressed with {}", name), report);
    return false;
  }
  std::unique_ptr<Inflater>& inflater = inflaters_[compression];
  if (!inflater) {
    inflater = new_inflater(compression);
    inflater->share(raw_memory_);
  }
  const InflateResult result = inflater->inflate(stored_.view(), raw_);
  if (result.status != InflateResult::Status::kOk) {
    if (!reads_what_it_can) throw damaged(url_, result.problem);
    if (result.status == InflateResult::Status::kTooLarge) {
      give_up(result.problem, report);
      return false;
    }
    report.add_note({ScanNoteKind::kDamagedFile, url_, 0,
                     fmt::format("{}: only the {} before that were read", result.problem,
                                 human_size(static_cast<double>(raw_.size())))});
  }
  if (result.trailing_bytes > 0)
    report.add_note({ScanNoteKind::kTrailingData, url_, 0,
                     fmt::format("{} bytes after the last {} member are ignored",
                                 result.trailing_bytes, compression_name(compression))});
  text_ = raw_.view();
  return true;
}

size_t skip_between_documents(std::string_view text, size_t position) {
  while (position < text.size()) {
    if (static_cast<uint8_t>(text[position]) <= ' ') {
      ++position;
    } else if (text.substr(position).starts_with(kByteOrderMark)) {
      position += kByteOrderMark.size();
    } else {
      break;
    }
  }
  return position;
}

size_t find_line_end(std::string_view text, size_t start) {
  // In pieces: a search for the one kind of line end must not run far past the other.
  constexpr size_t kPieceBytes = 16 * 1024;
  while (start < text.size()) {
    const std::string_view piece = text.substr(start, kPieceBytes);
    const size_t feed = std::min(piece.find('\n'), piece.size());
    const size_t end = std::min(piece.substr(0, feed).find('\r'), feed);
    if (end < piece.size()) return start + end;
    start += piece.size();
  }
  return text.size();
}

size_t skip_line_end(std::string_view text, size_t end) {
  if (end >= text.size()) return text.size();
  const bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  return end + (pair ? 2 : 1);
}

uint64_t count_line_ends(std::string_view text) {
  auto num_ends = static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
  for (size_t i = text.find('\r'); i != std::string_view::npos; i = text.find('\r', i + 1)) {
    if (!text.substr(i + 1).starts_with('\n')) ++num_ends;
  }
  return num_ends;
}

uint64_t count_lines(std::string_view text) {
  uint64_t num_lines = 0;
  for (size_t start = 0; start < text.size(); ++num_lines)
    start = skip_line_end(text, find_line_end(text, start));
  return num_lines;
}

}  // namespace trailsql
