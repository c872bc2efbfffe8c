// One file of a scan: its bytes on disk become text, and the text is cut into lines.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "scan/files_ahead.h"
#include "scan/scan_report.h"
#include "store/byte_buffer.h"
#include "store/file_listing.h"
#include "store/inflater.h"
#include "store/read_ahead.h"

namespace trailsql {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // of UTF-8

/// Loads files one after the other into the same memory.
class ScanFile {
 public:
  /// What files take once they are decompressed is held in `raw_memory`, which must outlive it.
  explicit ScanFile(RawMemory& raw_memory) : raw_memory_(raw_memory) {}

  /// Reads and, if its content is compressed, inflates the file at `path`; `url` names it in notes
  /// and errors. With `reads_what_it_can`, a file that cannot be read is noted and has no text, and
  /// of damaged compressed data what comes before the damage is kept. Otherwise throws
  /// HIVE_CANNOT_OPEN_SPLIT when it cannot be read, HIVE_CURSOR_ERROR when it is damaged,
  /// NOT_SUPPORTED for lz4, xz and lzo.
  void load(const std::string& path, const std::string& url, const StoredFile& file,
            ScanReport& report, bool reads_what_it_can = false);

  /// The same for a file of this machine that was read ahead.
  void load(FileAhead ahead, const std::string& path, const std::string& url,
            const StoredFile& file, ScanReport& report, bool reads_what_it_can);

  /// Takes a file of a bucket that was read ahead, or could not be: does as the other `load`, but
  /// that only what is gone or archived counts as a file that cannot be read; and, with
  /// `skips_denied`, what may not be read. Otherwise throws PERMISSION_DENIED,
  /// HIVE_CANNOT_OPEN_SPLIT.
  void load(ObjectRead read, const std::string& url, const StoredFile& file, ScanReport& report,
            bool reads_what_it_can, bool skips_denied);
  /// Gives away the memory of the file at hand, for the next one of a bucket.
  ByteBuffer release_stored();

  /// Whether the file's bytes could be had.
  bool is_read() const { return is_read_; }
  const std::string& url() const { return url_; }
  const StoredFile& stored() const { return stored_file_; }
  /// Returns the text without its byte order mark. At least ByteBuffer::kPaddingBytes zero bytes
  /// follow it in memory. Valid until the next load.
  std::string_view text() const { return text_; }

 private:
  void begin(const std::string& url, const StoredFile& file);
  void open(const std::string& name, ScanReport& report, bool reads_what_it_can,
            bool is_inflated = false);
  bool is_read(std::string problem, const std::string& path, ScanReport& report,
               bool reads_what_it_can) const;
  bool inflate(Compression compression, ScanReport& report, bool reads_what_it_can);
  void give_up(std::string reason, ScanReport& report) const;

  RawMemory& raw_memory_;
  std::string url_;
  StoredFile stored_file_;
  bool is_read_ = false;
  std::map<Compression, std::unique_ptr<Inflater>> inflaters_;  // those that were needed
  ByteBuffer stored_;
  ByteBuffer raw_;
  std::string_view text_;
};

/// Returns the first place from `position` on where neither a blank stands nor a byte order mark,
/// as where files were put one behind the other; or the text's end.
size_t skip_between_documents(std::string_view text, size_t position);

/// Returns where the line that starts at `start` ends: the place of its CR or LF, or the text's
/// end.
size_t find_line_end(std::string_view text, size_t start);
/// Returns where the next line starts after the one that ends at `end`: CR, LF and CRLF count as
/// one end each.
size_t skip_line_end(std::string_view text, size_t end);
/// Returns the number of lines; what follows the last line end is one only if it is not empty.
uint64_t count_lines(std::string_view text);
/// Returns the number of line ends. The text must not begin or end within a CRLF.
uint64_t count_line_ends(std::string_view text);

}  // namespace trailsql
