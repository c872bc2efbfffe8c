#include "scan/record_unwrapper.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "scan/record_envelope.h"
#include "scan/scan_file.h"
#include "scan/utf8_check.h"

namespace trailsql {
namespace {

constexpr std::string_view kOpening = "{\"Records\":[";
constexpr std::string_view kClosing = "]}";
constexpr size_t kLevelsAroundRecords = 2;  // what `document` has
constexpr KeyRules kLenientKeys{true, false};
constexpr std::string_view kInsight = "\"Insight\"";  // values of eventCategory
constexpr std::string_view kNetwork = "\"NetworkActivity\"";

// Whether a line begins with a date as CloudWatch Logs writes it: 2023-07-10T19:00:00.000Z.
bool starts_with_timestamp(std::string_view line) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  if (line.size() < kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == '0' ? !is_digit(line[i]) : line[i] != kForm[i]) return false;
  }
  return true;
}

std::string shown(std::string_view text) {
  constexpr size_t kShownBytes = 60;
  std::string_view front = text.substr(0, kShownBytes);
  // No character is cut apart.
  while (front.size() < text.size() && !front.empty() && (text[front.size()] & 0xC0) == 0x80)
    front.remove_suffix(1);
  return fmt::format("{}{}", front, front.size() < text.size() ? "…" : "");
}

std::string other_text(std::string_view text) {
  // What lies beside logs most often, by what only it has.
  if (text.find("\"digestS3Object\"") != std::string_view::npos)
    return "a digest file, not records";
  if (text.find("\"configurationItems\"") != std::string_view::npos)
    return "a snapshot of AWS Config, not records";
  return "JSON without a CloudTrail record: " + shown(text);
}

}  // namespace

void RecordUnwrapper::start(std::string_view text, uint64_t line, std::optional<TrailKind> only) {
  only_ = only;
  text_ = text;
  position_ = 0;
  line_end_ = 0;
  counted_to_ = 0;
  line_ = line;
  failed_bytes_ = 0;
  num_text_lines_ = 0;
  num_open_ = 0;
  lenient_record_ = JsonNode::kNone;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    note_(ScanNoteKind::kMalformedLine, line,
          [] { return "the text is UTF-16, which is not read: convert it to UTF-8"; });
    text_ = {};
  } else if (!is_clean_utf8(text)) {
    repair(text, line);
  }
}

// Reads a copy of the text instead in which what is no UTF-8 is replaced.
void RecordUnwrapper::repair(std::string_view text, uint64_t line) {
  text_ = repaired_utf8(text, repaired_);
  for (size_t start = 0; start < text.size(); ++line) {
    check_cancellation();
    const size_t end = skip_line_end(text, find_line_end(text, start));
    if (!is_clean_utf8(text.substr(start, end - start)))
      note_(ScanNoteKind::kInvalidUtf8, line, [] { return "replaced by U+FFFD"; });
    start = end;
  }
}

void RecordUnwrapper::shrink() {
  text_ = {};
  lenient_.shrink();
  repaired_ = {};
  decoded_ = {};
  document_ = {};
}

// What may be done millions of times in one call.
void RecordUnwrapper::check_cancellation() {
  constexpr uint64_t kStepsPerCheck = 256;
  if (num_steps_++ % kStepsPerCheck == 0) cancellation_.check();
}

bool RecordUnwrapper::next() {
  document_.assign(kOpening);
  num_records_ = 0;
  while (document_.size() < kUnwrappedBytes && read_piece()) check_cancellation();
  if (num_records_ == 0) return false;
  document_ += kClosing;
  document_size_ = document_.size();
  document_.append(ByteBuffer::kPaddingBytes, '\0');
  return true;
}

// Reads on by one element of what is being taken apart, or by one document. Returns false at the
// end of the text.
bool RecordUnwrapper::read_piece() {
  if (lenient_record_ != JsonNode::kNone) {
    take_lenient_record();
  } else if (num_open_ > 0) {
    read_element();
  } else {
    return read_document();
  }
  return true;
}

bool RecordUnwrapper::read_document() {
  const bool found = skip_to_json();
  note_text_lines();
  if (!found) return false;
  if (take_strict()) return true;
  const std::string_view line = text_.substr(position_, line_end() - position_);
  if (!take_lenient(line)) take_broken(line);
  return true;
}

// Goes to the next bracket that may open a document: the first thing on its line, or behind a
// document or a timestamp. Returns false when there is none.
bool RecordUnwrapper::skip_to_json() {
  while (true) {
    check_cancellation();
    position_ = skip_between_documents(text_, position_);
    if (position_ >= text_.size()) return false;
    if (text_[position_] == '{' || text_[position_] == '[') return true;
    const std::string_view line = text_.substr(position_, line_end() - position_);
    const size_t bracket = starts_with_timestamp(line) ? line.find('{') : std::string_view::npos;
    if (bracket != std::string_view::npos) {
      position_ += bracket;
      return true;
    }
    if (num_text_lines_++ == 0) first_text_line_ = line_of(line);
    position_ = line_end();
  }
}

// Returns where the line at hand ends, which is looked for once: many documents may stand on it.
size_t RecordUnwrapper::line_end() {
  if (line_end_ <= position_) line_end_ = find_line_end(text_, position_);
  return line_end_;
}

// Takes the strictly written document at hand, if it is one.
bool RecordUnwrapper::take_strict() {
  const std::string_view rest = text_.substr(position_);
  size_t size = pieces_.measure(rest, true);
  if (size == 0 && failed_bytes_ / kMaxFailedPasses <= text_.size()) {
    size = pieces_.measure(rest, false);
    if (size == 0) failed_bytes_ += pieces_.visited_bytes();
  }
  if (size == 0) return false;
  position_ += size;
  take_value(rest.substr(0, size), 0);
  return true;
}

// Takes the document at hand, on one line, if the lenient parser reads it: as log files' SerDes do,
// log files and records only.
bool RecordUnwrapper::take_lenient(std::string_view line) {
  if (!lenient_.parse(line, kLenientKeys)) return false;
  const std::string_view document = line.substr(0, lenient_.consumed_bytes());
  position_ += document.size();
  uint32_t records = JsonNode::kNone;
  const bool is_record = are_lenient_members_of_record(records);
  if (records == JsonNode::kNone) {
    if (!is_record) {
      note_other(document);
    } else if (lenient_.depth() + kLevelsAroundRecords > kMaxNestingDepth) {
      note_too_deep(document);
    } else {
      append_record(document);
    }
    return true;
  }
  const JsonNode& node = lenient_.node(records);
  if (node.kind == JsonNode::Kind::kArray) {
    lenient_record_ = node.first_child;
  } else if (node.kind != JsonNode::Kind::kNull) {
    lenient_record_ = records;
  }
  return true;
}

// Returns whether the lenient document has members of a record. `records` is the value of the last
// member that holds records of a log file, if there is one.
bool RecordUnwrapper::are_lenient_members_of_record(uint32_t& records) const {
  std::vector<std::string_view> names;
  const JsonNode& root = lenient_.node(0);
  if (root.kind != JsonNode::Kind::kObject) return false;
  for (uint32_t i = root.first_child; i != JsonNode::kNone; i = lenient_.node(i).next_sibling) {
    names.push_back(lenient_.node(i).name);
    if (is_records_key(names.back())) records = i;
  }
  return are_of_record(names);
}

void RecordUnwrapper::take_lenient_record() {
  const JsonNode& node = lenient_.node(lenient_record_);
  lenient_record_ = node.next_sibling;
  switch (node.kind) {
    case JsonNode::Kind::kNull: return append_record("null");
    case JsonNode::Kind::kObject:
    case JsonNode::Kind::kArray: return append_record(node.text);
    case JsonNode::Kind::kQuoted:
    case JsonNode::Kind::kLiteral: return note_other(node.text);
  }
}

// Takes what can be read of the document at hand, on one line, which is malformed, breaks off or is
// too deep. One over several lines is read line by line anyway.
void RecordUnwrapper::take_broken(std::string_view line) {
  doubt_ = {line_of(line), lenient_.problem(), 0, lenient_.is_too_deep()};
  size_t size = line.size();
  if (lenient_.is_too_deep()) {
    pieces_.measure(line, false);
    if (pieces_.enclosed_bytes() != 0) size = pieces_.enclosed_bytes();
  }
  position_ += size;
  const std::string_view text = line.substr(0, size);
  if (text.starts_with('[')) return open_array(text, 1, false, true);
  std::string_view array;
  std::string_view key;
  std::string_view value;
  bool holds_records = false;
  pieces_.start(text);
  while (pieces_.next_key(key)) {
    if (pieces_.rest().starts_with('[') && is_envelope_key(key)) {
      array = pieces_.rest();
      holds_records = is_records_key(key);
    }
    if (!pieces_.pass_value(value)) break;
  }
  if (array.empty()) return settle_doubt(false);
  open_array(array, 1, holds_records, true);
}

void RecordUnwrapper::open_array(std::string_view text, size_t depth, bool holds_records,
                                 bool is_doubtful) {
  OpenArray& array = open_.at(num_open_++);
  array.pieces.start(text);
  array.depth = depth;
  array.holds_records = holds_records;
  array.is_doubtful = is_doubtful;
}

void RecordUnwrapper::read_element() {
  OpenArray& array = open_[num_open_ - 1];
  std::string_view element;
  if (!array.pieces.next_element(element)) {
    --num_open_;
    if (array.is_doubtful) settle_doubt(array.pieces.is_closed());
  } else if (array.is_doubtful) {
    take_doubtful(element);
  } else if (array.holds_records) {
    take_record(element, array.depth);
  } else {
    take_value(element, array.depth);
  }
}

// What is wrong inside an element shows late: each is looked at by itself. What is only too deep is
// left out; nothing is believed behind what is malformed.
void RecordUnwrapper::take_doubtful(std::string_view element) {
  const OpenArray& array = open_[num_open_ - 1];
  const bool is_container = element.front() == '{' || element.front() == '[';
  if (!is_container || pieces_.measure(element, false) == element.size()) {
    ++doubt_.num_complete;
    if (array.holds_records) return take_record(element, array.depth);
    return take_value(element, array.depth);
  }
  if (take_lenient_object(element)) {
    ++doubt_.num_complete;
  } else if (!lenient_.is_too_deep()) {
    --num_open_;
    settle_doubt(false);
  }
}

// Says what was not read of a doubtful document, once all of it that can be read was.
void RecordUnwrapper::settle_doubt(bool is_closed) {
  // Each record that was too deep was told by itself.
  if (is_closed && doubt_.is_only_too_deep) return;
  note_(ScanNoteKind::kMalformedLine, doubt_.line, [&] {
    if (doubt_.num_complete == 0) return doubt_.problem;
    return fmt::format("breaks off, read up to there: {} complete record{}. {}",
                       doubt_.num_complete, doubt_.num_complete == 1 ? "" : "s", doubt_.problem);
  });
}

// Takes an object that the strict way does not read. Returns false when the lenient parser does not
// read it either; what is too deep is noted.
bool RecordUnwrapper::take_lenient_object(std::string_view object) {
  const bool is_read = lenient_.parse(object, kLenientKeys);
  if (is_read ? lenient_.depth() + kLevelsAroundRecords > kMaxNestingDepth
              : lenient_.is_too_deep()) {
    note_too_deep(object);
    return is_read;
  }
  if (!is_read || lenient_.consumed_bytes() != object.size()) return false;
  uint32_t records = JsonNode::kNone;
  if (are_lenient_members_of_record(records)) {
    append_record(object);
  } else {
    note_other(object);
  }
  return true;
}

void RecordUnwrapper::take_value(std::string_view text, size_t depth) {
  if (depth > kMaxEnvelopeDepth || text.empty()) {
    note_other(text);
  } else if (text.front() == '{') {
    take_object(text, depth);
  } else if (text.front() == '[') {
    open_array(text, depth + 1, false, false);
  } else if (text.front() == '"') {
    take_encoded(text, depth);
  } else {
    note_other(text);
  }
}

void RecordUnwrapper::take_object(std::string_view object, size_t depth) {
  const RecordEnvelope envelope = read_envelope(object, pieces_);
  if (envelope.records.starts_with('['))
    return open_array(envelope.records, depth + 1, true, false);
  if (envelope.records == "null") return;
  if (!envelope.records.empty()) return take_record(envelope.records, depth + 1);
  // An event of lookup-events repeats some of the record's fields beside its text.
  if (!envelope.event_text.empty()) return take_value(envelope.event_text, depth + 1);
  if (envelope.is_record) return append_record(object);
  const bool is_bridged = !envelope.detail_type.empty();
  if (is_bridged && !envelope.detail.empty()) return take_value(envelope.detail, depth + 1);
  if (!envelope.message.empty()) return take_value(envelope.message, depth + 1);
  for (const std::string_view events : envelope.events) {
    if (events.starts_with('[')) return open_array(events, depth + 1, false, false);
  }
  note_other(object);
}

// Takes an element of a log file's records, whatever members it has.
void RecordUnwrapper::take_record(std::string_view element, size_t depth) {
  if (element.front() == '{' || element.front() == '[' || element == "null")
    return append_record(element);
  take_value(element, depth);
}

// Takes what stands inside a JSON string: a record, or anything around some.
void RecordUnwrapper::take_encoded(std::string_view text, size_t depth) {
  const std::string_view raw = text.substr(1, text.size() - 2);
  std::string& decoded = decoded_.at(depth);
  decoded.resize(raw.size() + ByteBuffer::kPaddingBytes);
  const auto size = static_cast<size_t>(std::max<int64_t>(decode_escapes(raw, decoded.data()), 0));
  std::fill(decoded.begin() + static_cast<ptrdiff_t>(size), decoded.end(), '\0');
  const std::string_view inner = trimmed(std::string_view(decoded).substr(0, size));
  line_of(text);
  if (!inner.empty() && pieces_.measure(inner, false) == inner.size())
    return take_value(inner, depth + 1);
  if (inner.starts_with('{') && (take_lenient_object(inner) || lenient_.is_too_deep())) return;
  note_(ScanNoteKind::kNoRecords, line_of(text),
        [&] { return "text without a CloudTrail record: " + shown(inner); });
}

TrailKind RecordUnwrapper::kind_of_record(std::string_view text) {
  // Most are events, and say neither anywhere.
  const bool may_be_other = text.find(kInsight) != std::string_view::npos ||
                            text.find(kNetwork) != std::string_view::npos;
  std::string_view key;
  std::string_view value;
  if (may_be_other) kind_pieces_.start(text);
  while (may_be_other && kind_pieces_.next_key(key) && kind_pieces_.pass_value(value)) {
    if (!equals_ignoring_case(key, "eventCategory")) continue;
    if (value == kInsight) return TrailKind::kInsights;
    if (value == kNetwork) return TrailKind::kNetworkActivity;
  }
  return TrailKind::kEvents;
}

void RecordUnwrapper::append_record(std::string_view text) {
  if (only_ && kind_of_record(text) != *only_) return;
  if (num_records_++ == 0) {
    document_line_ = line_of(text);
  } else {
    document_ += ',';
  }
  document_ += text;
}

void RecordUnwrapper::note_other(std::string_view text) {
  note_(ScanNoteKind::kNoRecords, line_of(text), [&] { return other_text(text); });
}

void RecordUnwrapper::note_too_deep(std::string_view text) {
  note_(ScanNoteKind::kMalformedLine, line_of(text), [&] {
    return fmt::format("a record of more than {} nested objects and arrays is left out: {}",
                       kMaxNestingDepth - kLevelsAroundRecords, shown(text));
  });
}

// Returns the line of a piece of the text, which must not lie before an earlier one; of what was
// decoded, that of the last piece.
uint64_t RecordUnwrapper::line_of(std::string_view piece) {
  const std::less_equal<> not_after;
  const bool is_inside =
      not_after(text_.data(), piece.data()) && not_after(piece.data(), text_.data() + text_.size());
  const size_t place = is_inside ? static_cast<size_t>(piece.data() - text_.data()) : counted_to_;
  if (place > counted_to_) {
    line_ += count_line_ends(text_.substr(counted_to_, place - counted_to_));
    counted_to_ = place;
  }
  return line_;
}

void RecordUnwrapper::note_text_lines() {
  if (num_text_lines_ == 0) return;
  note_(ScanNoteKind::kMalformedLine, first_text_line_, [&]() -> std::string {
    if (num_text_lines_ == 1) return "not JSON: skipped";
    return fmt::format("not JSON: {} lines skipped", num_text_lines_);
  });
  num_text_lines_ = 0;
}

}  // namespace trailsql
