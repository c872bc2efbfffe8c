// Exports of CloudTrail records in other forms than log files → the form of log files. Stands
// before the two paths that read documents: what it writes, they read.
//
// source: the forms are those of `aws cloudtrail lookup-events`, EventBridge, CloudWatch Logs
// (console and S3 exports, subscriptions, `aws logs tail` and `filter-log-events`) and Firehose, as
// AWS documents them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scan/json_document.h"
#include "scan/json_pieces.h"
#include "scan/scan_report.h"
#include "store/byte_buffer.h"

namespace trailsql {

/// Takes the records out of a text that holds, one after the other, with line ends between them,
/// other white space or nothing: log files' documents `{"Records":[…]}`; records; arrays of
/// anything named here; answers and events of lookup-events (`CloudTrailEvent`); EventBridge events
/// (`detail`); documents and events of CloudWatch Logs (`logEvents`, `events`, `message`), also
/// behind a timestamp on a line. Whatever else stands there is noted and passed over. Records keep
/// every byte; those that stand inside a JSON string are decoded. Not safe for several threads.
class RecordUnwrapper {
 public:
  using NoteSink = std::function<void(ScanNoteKind kind, uint64_t line, std::string detail)>;

  explicit RecordUnwrapper(NoteSink note) : note_(std::move(note)) {}

  /// Starts at the front of `text`, where line `line` begins or goes on. The text must outlive the
  /// reading; at least ByteBuffer::kPaddingBytes readable bytes must follow.
  void start(std::string_view text, uint64_t line);

  /// Writes the next records as one document of a log file, of about kUnwrappedBytes. Returns false
  /// when there are no more.
  bool next();
  /// Returns what `next` wrote, valid UTF-8, with padding behind it; valid until the next call.
  std::string_view document() const { return {document_.data(), document_size_}; }
  /// Returns the line in which the first of these records begins.
  uint64_t line() const { return document_line_; }

  /// Frees memory that one huge file took.
  void shrink();

 private:
  // A piece of the document at hand that is to be written or noted, in the order of the text.
  struct Item {
    enum class Kind : uint8_t {
      kRecord,
      kEncoded,   // a JSON string that should hold a record
      kDocument,  // a log file's document that only the lenient parser reads: stands alone
      kOther,     // no record
    };
    std::string_view text;
    Kind kind = Kind::kRecord;
  };

  bool read_document();
  bool skip_to_json();
  bool take_strict();
  bool take_lenient(std::string_view line);
  bool take_broken(std::string_view line);
  std::string_view with_clean_utf8(std::string_view text);
  void take_value(std::string_view text, size_t depth);
  void take_object(std::string_view object, size_t depth);
  void take_elements(std::string_view array, size_t depth);
  void append_item(const Item& item);
  void append_encoded(const Item& item);
  void append_record(std::string_view text);
  bool has_records() const;
  uint64_t line_of(std::string_view piece);
  void note_text_lines();

  NoteSink note_;
  JsonPieces pieces_;
  std::string_view text_;
  size_t position_ = 0;
  size_t counted_to_ = 0;  // `line_` is the line of this position
  uint64_t line_ = 1;
  ByteBuffer repaired_;           // the document at hand, when its UTF-8 was not valid
  size_t num_failures_ = 0;       // texts that were no documents over several lines
  uint64_t first_text_line_ = 0;  // lines that are not JSON, to be noted as one
  uint64_t num_text_lines_ = 0;
  std::deque<Item> items_;
  std::string decoded_;
  std::string document_;
  size_t document_size_ = 0;
  uint64_t document_line_ = 0;
  JsonDocument lenient_;
};

}  // namespace trailsql
