// The worker of one thread over files of text, a line a row.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scan/file_cursor.h"
#include "scan/line_fields.h"
#include "scan/scan.h"
#include "scan/text_values.h"

namespace trailsql {

/// The worker of a table in one of the formats of text.
class TextScanWorker : public ScanWorker {
 public:
  /// Throws as new_line_fields and TextValues do.
  TextScanWorker(const std::shared_ptr<ScanState>& state, const std::vector<uint32_t>& wanted);
  size_t next(ColumnBatch& batch, size_t max_rows) override;

 private:
  void open_file();
  size_t count_rows(size_t max_rows);
  size_t append_rows(ColumnBatch& batch, size_t max_rows);
  void append_row(std::string_view line, ColumnBatch& batch);
  std::string_view repair(std::string_view line);

  FileCursor files_;
  std::vector<const ScanColumn*> wanted_;
  SkippedLines skipped_;
  std::unique_ptr<LineFields> fields_;
  TextValues values_;
  LineFields::Fields line_fields_;  // by column of the table
  bool reads_lines_ = false;        // a wanted column stands in the lines

  // Of the open file.
  std::string_view text_;  // what is left of its rows
  uint64_t line_ = 0;      // 1-based, of the line at hand
  bool is_clean_ = true;   // all of it is valid UTF-8
  std::string repaired_;   // a line whose UTF-8 was not valid
  bool borrowed_ = false;  // the batch refers to the file's text
};

}  // namespace trailsql
