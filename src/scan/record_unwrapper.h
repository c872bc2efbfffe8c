// Exports of CloudTrail records in other forms than log files → the form of log files. Stands
// before the two paths that read documents: what it writes, they read.
//
// source: the forms are those of `aws cloudtrail lookup-events`, EventBridge, CloudWatch Logs
// (console and S3 exports, subscriptions, `aws logs tail` and `filter-log-events`) and Firehose, as
// AWS documents them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/cancellation.h"
#include "scan/json_document.h"
#include "scan/json_pieces.h"
#include "scan/scan_limits.h"
#include "scan/scan_report.h"
#include "store/byte_buffer.h"
#include "store/trail_layout.h"

namespace trailsql {

/// Takes the records out of a text that holds, one after the other, with line ends between them,
/// other white space, byte order marks or nothing: log files' documents `{"Records":[…]}`; records;
/// arrays of anything named here; answers and events of lookup-events (`CloudTrailEvent`);
/// EventBridge events (`detail`); documents and events of CloudWatch Logs (`logEvents`, `events`,
/// `message`), also behind a timestamp on a line. Whatever else stands there is noted and passed
/// over. Records keep every byte; those that stand inside a JSON string are decoded. Not safe for
/// several threads.
class RecordUnwrapper {
 public:
  /// Takes a note; its text is made only if it is wanted.
  using NoteSink = std::function<void(ScanNoteKind kind, uint64_t line, const NoteText& detail)>;

  /// `cancellation` must outlive it.
  RecordUnwrapper(NoteSink note, const Cancellation& cancellation)
      : note_(std::move(note)), cancellation_(cancellation) {}

  /// Starts at the front of `text`, where line `line` begins or goes on. The text must outlive the
  /// reading; at least ByteBuffer::kPaddingBytes readable bytes must follow. With `only`, records
  /// of another kind, by their eventCategory, are left out.
  void start(std::string_view text, uint64_t line, std::optional<TrailKind> only = {});

  /// Writes the next records as one document of a log file, of about kUnwrappedBytes. Returns false
  /// when there are no more. Throws USER_CANCELED.
  bool next();
  /// Returns what `next` wrote, valid UTF-8, with padding behind it; valid until the next call.
  std::string_view document() const { return {document_.data(), document_size_}; }
  /// Returns the line in which the first of these records begins.
  uint64_t line() const { return document_line_; }

  /// Frees memory that one huge file took.
  void shrink();

 private:
  // An array that is being taken apart.
  struct OpenArray {
    JsonPieces pieces;
    size_t depth = 0;            // envelopes around its elements
    bool holds_records = false;  // whatever object stands there is one
    // Of a document that is malformed somewhere: its elements are looked at before they are taken.
    bool is_doubtful = false;
  };
  // What is to be said of that document.
  struct Doubt {
    uint64_t line = 0;
    std::string problem;
    uint64_t num_complete = 0;     // elements
    bool is_only_too_deep = true;  // so far no element was malformed otherwise
  };

  void repair(std::string_view text, uint64_t line);
  bool read_piece();
  bool read_document();
  bool skip_to_json();
  size_t line_end();
  bool take_strict();
  bool take_lenient(std::string_view line);
  void take_broken(std::string_view line);
  void open_array(std::string_view text, size_t depth, bool holds_records, bool is_doubtful);
  void read_element();
  void take_doubtful(std::string_view element);
  void settle_doubt(bool is_closed);
  void take_value(std::string_view text, size_t depth);
  void take_object(std::string_view object, size_t depth);
  void take_record(std::string_view element, size_t depth);
  void take_encoded(std::string_view text, size_t depth);
  bool take_lenient_object(std::string_view object);
  void take_lenient_record();
  bool are_lenient_members_of_record(uint32_t& records) const;
  void append_record(std::string_view text);
  TrailKind kind_of_record(std::string_view text);
  void note_other(std::string_view text);
  void note_too_deep(std::string_view text);
  uint64_t line_of(std::string_view piece);
  void note_text_lines();
  void check_cancellation();

  NoteSink note_;
  const Cancellation& cancellation_;
  uint64_t num_steps_ = 0;
  std::optional<TrailKind> only_;
  std::string_view text_;
  std::string repaired_;  // the text, if its UTF-8 was not valid
  size_t position_ = 0;
  size_t line_end_ = 0;    // of the line that was looked for last
  size_t counted_to_ = 0;  // `line_` is the line of this position
  uint64_t line_ = 1;
  uint64_t failed_bytes_ = 0;     // visited in vain, for documents over several lines
  uint64_t first_text_line_ = 0;  // lines that are not JSON, to be noted as one
  uint64_t num_text_lines_ = 0;

  JsonPieces pieces_;       // of whatever is looked at for a moment
  JsonPieces kind_pieces_;  // of a record whose kind is looked for
  std::array<OpenArray, kMaxEnvelopeDepth + 2> open_;
  size_t num_open_ = 0;
  Doubt doubt_;
  std::array<std::string, kMaxEnvelopeDepth + 1> decoded_;  // by depth, with padding
  JsonDocument lenient_;
  uint32_t lenient_record_ = JsonNode::kNone;  // the next of a log file's document in `lenient_`

  std::string document_;
  size_t document_size_ = 0;
  uint64_t document_line_ = 0;
  uint64_t num_records_ = 0;  // in the document
};

}  // namespace trailsql
