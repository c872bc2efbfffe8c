// The worker of one thread: takes files from the shared list, cuts them into documents and delivers
// their rows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scan/fast_rows.h"
#include "scan/file_cursor.h"
#include "scan/projection.h"
#include "scan/record_unwrapper.h"
#include "scan/row_filter.h"
#include "scan/scan.h"
#include "scan/tree_rows.h"

namespace trailsql {

/// What the workers of one scan of JSON share.
struct JsonScanState : ScanState {
  using ScanState::ScanState;
  OpenXOptions options;
};

/// The worker of a table of JSON documents. With `exact_only`, the fast path is never taken:
/// for tests that compare both.
class JsonScanWorker : public ScanWorker {
 public:
  JsonScanWorker(std::shared_ptr<JsonScanState> state, const std::vector<uint32_t>& wanted,
                 bool exact_only = false);
  size_t next(ColumnBatch& batch, size_t max_rows) override;

 private:
  // How the rows of the document at hand are made.
  enum class Source : uint8_t { kNulls, kTree, kFast };

  bool open_next_file();
  std::optional<TrailKind> kind_to_keep() const;
  void close_file();
  bool read_next_document();
  void count_documents();
  bool check_strict_line() const;
  bool read_line_fast();
  bool read_next_records();
  bool read_log_document();
  void read_line(std::string_view line);
  bool read_document(std::string_view text, bool one_line);
  bool read_fast(std::string_view text, bool one_line);
  void accept_document();
  bool read_whole_file(std::string_view line);
  std::string_view repair(std::string_view text);
  void set_null_row(const std::string& detail);
  void note_repair();
  void note_rest(std::string_view rest);
  void emit(ColumnBatch& batch, size_t max_rows);
  void append_other_columns(ColumnBatch& batch, size_t num_rows, size_t first_row);
  void append_fast(size_t num_rows, bool borrow, ColumnBatch& batch);
  void append_nulls(ColumnBatch& batch, size_t num_rows);
  void note(ScanNoteKind kind, uint64_t line, std::string detail) const;
  QueryError with_place(const QueryError& error) const;
  // What read_fast read of the document.
  const FastRows& rows_read() const;
  const ScanFile& file() const { return files_.file(); }

  FileCursor files_;
  Projection projection_;
  ValueConverter converter_;
  TreeRows tree_;
  FastRows fast_;
  RowFilter filter_;
  RecordUnwrapper unwrapper_;
  std::optional<TrailKind> kind_to_keep_;  // of the open file: its records of another are left out
  bool is_unwrapping_ = false;  // the rest of the file is not, or not surely, log files' documents
  bool exact_only_ = false;
  bool first_document_ = true;  // no line with content was read yet
  bool noted_no_records_ = false;
  size_t position_ = 0;        // in the file's text
  size_t content_end_ = 0;     // where nothing but blanks follows
  uint64_t line_ = 0;          // 1-based, of the document at hand
  std::string repaired_;       // a text whose UTF-8 was not valid
  bool text_is_copy_ = false;  // the document at hand lies in `repaired_` or in the unwrapper
  bool borrowed_ = false;      // the batch refers to the file's text
  size_t consumed_bytes_ = 0;  // by the document at hand
  Source source_ = Source::kNulls;
  uint64_t num_rows_ = 0;  // of the document at hand
  uint64_t next_row_ = 0;
  bool is_filtered_ = false;  // those rows are the ones that `filter_` keeps
};

}  // namespace trailsql
