#include "scan/record_unwrapper.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "scan/characters.h"
#include "scan/scan_file.h"
#include "scan/scan_limits.h"
#include "scan/utf8_check.h"

namespace trailsql {
namespace {

constexpr std::string_view kOpening = "{\"Records\":[";
constexpr std::string_view kClosing = "]}";
constexpr KeyRules kLenientKeys{true, false};

// Fields that make an object a record: the first alone, or two of the others.
constexpr std::string_view kVersionField = "eventVersion";
constexpr std::string_view kRecordFields[] = {"eventName", "eventSource", "eventTime",   "eventID",
                                              "eventType", "awsRegion",   "userIdentity"};

// Whose value is an array of records, and of what holds a record each.
constexpr std::string_view kLogKey = "Records";
constexpr std::string_view kEnvelopeKeys[] = {"Events", "events", "logEvents"};

template <typename Names>
bool are_of_record(const Names& names) {
  size_t num_fields = 0;
  for (const std::string_view name : names) {
    if (equals_ignoring_case(name, kVersionField)) return true;
    for (const std::string_view field : kRecordFields)
      num_fields += equals_ignoring_case(name, field) ? 1 : 0;
  }
  return num_fields >= 2;
}

bool is_record(const std::vector<JsonMember>& members) {
  std::vector<std::string_view> names;
  for (const JsonMember& member : members) names.push_back(member.key);
  return are_of_record(names);
}

// Returns the value of the last member of that name, or an empty text. Names of envelopes are
// compared as they are written, but for that of log files, which the SerDes find in any case.
std::string_view find_value(const std::vector<JsonMember>& members, std::string_view key,
                            bool any_case = false) {
  for (size_t i = members.size(); i > 0; --i) {
    const JsonMember& member = members[i - 1];
    if (member.key == key || (any_case && equals_ignoring_case(member.key, key)))
      return member.value;
  }
  return {};
}

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
  return fmt::format("{}{}", text.substr(0, kShownBytes), text.size() > kShownBytes ? "…" : "");
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

void RecordUnwrapper::start(std::string_view text, uint64_t line) {
  text_ = text;
  position_ = 0;
  counted_to_ = 0;
  line_ = line;
  num_failures_ = 0;
  num_text_lines_ = 0;
  items_.clear();
}

void RecordUnwrapper::shrink() {
  repaired_.shrink_to(kKeptBufferBytes);
  items_.shrink_to_fit();
  lenient_.shrink();
  decoded_ = {};
  document_ = {};
}

bool RecordUnwrapper::next() {
  document_.assign(kOpening);
  bool stands_alone = false;
  while (!stands_alone && document_.size() < kUnwrappedBytes) {
    if (items_.empty() && !read_document()) break;
    if (items_.empty()) continue;
    const Item item = items_.front();
    stands_alone = item.kind == Item::Kind::kDocument;
    if (stands_alone && has_records()) {
      stands_alone = false;
      break;
    }
    items_.pop_front();
    append_item(item);
  }
  if (!has_records()) return false;
  if (!stands_alone) document_ += kClosing;
  document_size_ = document_.size();
  document_.append(ByteBuffer::kPaddingBytes, '\0');
  return true;
}

bool RecordUnwrapper::has_records() const { return document_.size() > kOpening.size(); }

// Finds the next document and its items. Returns false at the end of the text.
bool RecordUnwrapper::read_document() {
  if (!skip_to_json()) {
    note_text_lines();
    return false;
  }
  note_text_lines();
  if (take_strict()) return true;
  const size_t end = find_line_end(text_, position_);
  const std::string_view line = text_.substr(position_, end - position_);
  if (take_lenient(line) || take_broken(line)) return true;
  note_(ScanNoteKind::kMalformedLine, line_of(line), lenient_.problem());
  position_ = end;
  return true;
}

// Goes to the next bracket that may open a document: the first thing on its line, or behind a
// document or a timestamp. Returns false when there is none.
bool RecordUnwrapper::skip_to_json() {
  while (true) {
    while (position_ < text_.size() && static_cast<uint8_t>(text_[position_]) <= ' ') ++position_;
    if (position_ >= text_.size()) return false;
    if (text_[position_] == '{' || text_[position_] == '[') return true;
    const size_t end = find_line_end(text_, position_);
    const std::string_view line = text_.substr(position_, end - position_);
    const size_t bracket = starts_with_timestamp(line) ? line.find('{') : std::string_view::npos;
    if (bracket != std::string_view::npos) {
      position_ += bracket;
      return true;
    }
    if (num_text_lines_++ == 0) first_text_line_ = line_of(line);
    position_ = end;
  }
}

// Takes the strictly written document at hand, if it is one.
bool RecordUnwrapper::take_strict() {
  const std::string_view rest = text_.substr(position_);
  size_t size = pieces_.document_size(rest, true);
  if (size == 0 && num_failures_ < kMaxFailedDocuments) {
    size = pieces_.document_size(rest, false);
    if (size == 0) ++num_failures_;
  }
  if (size == 0) return false;
  std::string_view document = rest.substr(0, size);
  document = with_clean_utf8(document);
  take_value(document, 0);
  position_ += size;
  return true;
}

// Returns the text, or when it is not valid UTF-8 a repaired copy, which lives until the next one.
std::string_view RecordUnwrapper::with_clean_utf8(std::string_view text) {
  if (is_clean_utf8(text)) return text;
  note_(ScanNoteKind::kInvalidUtf8, line_of(text), "replaced by U+FFFD");
  std::string valid;
  append_valid_utf8(valid, text);
  repaired_.reserve(valid.size());
  std::copy(valid.begin(), valid.end(), repaired_.data());
  repaired_.set_size(valid.size());
  return repaired_.view();
}

// Takes the document at hand, on one line, if the lenient parser reads it: as log files' SerDes do,
// log files and records only.
bool RecordUnwrapper::take_lenient(std::string_view line) {
  const std::string_view text = with_clean_utf8(line);
  if (!lenient_.parse(text, kLenientKeys)) return false;
  std::vector<std::string_view> names;
  const JsonNode& root = lenient_.node(0);
  const bool is_object = root.kind == JsonNode::Kind::kObject;
  for (uint32_t i = root.first_child; is_object && i != JsonNode::kNone;
       i = lenient_.node(i).next_sibling)
    names.push_back(lenient_.node(i).name);
  const bool is_log = std::any_of(names.begin(), names.end(), [](std::string_view name) {
    return equals_ignoring_case(name, kLogKey);
  });
  const auto kind = is_log                 ? Item::Kind::kDocument
                    : are_of_record(names) ? Item::Kind::kRecord
                                           : Item::Kind::kOther;
  const size_t size = lenient_.consumed_bytes();
  items_.push_back({text.substr(0, size), kind});
  position_ += text.data() == line.data() ? size : line.size();
  return true;
}

// Takes what stands complete before the place where the document at hand, on one line, breaks off.
// One over several lines is read line by line anyway.
bool RecordUnwrapper::take_broken(std::string_view line) {
  const auto is_wanted = [](std::string_view key) {
    return equals_ignoring_case(key, kLogKey) || std::ranges::count(kEnvelopeKeys, key) != 0;
  };
  const std::string_view text = is_clean_utf8(line) ? line : repaired_.view();
  std::vector<std::string_view> elements;
  pieces_.split_broken(text, is_wanted, elements);
  if (elements.empty()) return false;
  const bool is_one = elements.size() == 1;
  note_(ScanNoteKind::kMalformedLine, line_of(line),
        fmt::format("breaks off, read up to there: {} complete record{}. {}", elements.size(),
                    is_one ? "" : "s", lenient_.problem()));
  for (const std::string_view element : elements) take_value(element, 1);
  position_ = static_cast<size_t>(line.data() - text_.data()) + line.size();
  return true;
}

void RecordUnwrapper::take_value(std::string_view text, size_t depth) {
  if (depth > kMaxEnvelopeDepth || text.empty()) {
    items_.push_back({text, Item::Kind::kOther});
  } else if (text.front() == '{') {
    take_object(text, depth);
  } else if (text.front() == '[') {
    take_elements(text, depth);
  } else {
    items_.push_back({text, text.front() == '"' ? Item::Kind::kEncoded : Item::Kind::kOther});
  }
}

void RecordUnwrapper::take_elements(std::string_view array, size_t depth) {
  std::vector<std::string_view> elements;
  pieces_.split_array(array, elements);
  for (const std::string_view element : elements) take_value(element, depth + 1);
}

void RecordUnwrapper::take_object(std::string_view object, size_t depth) {
  std::vector<JsonMember> members;
  pieces_.split_object(object, members);
  if (const std::string_view records = find_value(members, kLogKey, true); !records.empty()) {
    std::vector<std::string_view> elements = {records};
    if (records.front() == '[') pieces_.split_array(records, elements);
    if (records == "null") elements.clear();
    for (const std::string_view element : elements)
      items_.push_back({element, Item::Kind::kRecord});
    return;
  }
  // An event of lookup-events repeats some of the record's fields beside its text.
  if (const std::string_view text = find_value(members, "CloudTrailEvent"); !text.empty())
    return take_value(text, depth + 1);
  if (is_record(members)) return items_.push_back({object, Item::Kind::kRecord});
  const bool is_bridged = !find_value(members, "detail-type").empty();
  for (const std::string_view key : {"detail", "message"}) {
    const std::string_view value = find_value(members, key);
    if (!value.empty() && (is_bridged || key != "detail")) return take_value(value, depth + 1);
  }
  for (const std::string_view key : kEnvelopeKeys) {
    const std::string_view value = find_value(members, key);
    if (value.starts_with('[')) return take_elements(value, depth);
  }
  items_.push_back({object, Item::Kind::kOther});
}

void RecordUnwrapper::append_item(const Item& item) {
  if (!has_records()) document_line_ = line_of(item.text);
  switch (item.kind) {
    case Item::Kind::kRecord: return append_record(item.text);
    case Item::Kind::kEncoded: return append_encoded(item);
    case Item::Kind::kDocument: document_ = item.text; return;
    case Item::Kind::kOther:
      note_(ScanNoteKind::kNoRecords, line_of(item.text), other_text(item.text));
  }
}

// Writes the record that stands inside a JSON string, or in an EventBridge event there.
void RecordUnwrapper::append_encoded(const Item& item) {
  const std::string_view raw = item.text.substr(1, item.text.size() - 2);
  decoded_.resize(raw.size());
  const int64_t decoded_size = decode_escapes(raw, decoded_.data());
  decoded_.resize(static_cast<size_t>(std::max<int64_t>(decoded_size, 0)));
  const std::string_view text = trimmed(decoded_);
  const size_t offset = static_cast<size_t>(text.data() - decoded_.data());
  const size_t text_size = text.size();
  decoded_.append(ByteBuffer::kPaddingBytes, '\0');
  const std::string_view record(decoded_.data() + offset, text_size);
  std::vector<JsonMember> members;
  const bool is_whole = pieces_.document_size(record, false) == text_size && text_size != 0;
  if (is_whole && pieces_.split_object(record, members)) {
    if (is_record(members)) return append_record(record);
    const std::string_view detail = find_value(members, "detail");
    if (detail.starts_with('{')) return append_record(detail);
  }
  note_(ScanNoteKind::kNoRecords, line_of(item.text),
        "text without a CloudTrail record: " + shown(record));
}

void RecordUnwrapper::append_record(std::string_view text) {
  if (has_records()) document_ += ',';
  document_ += text;
}

// Returns the line of a piece of the document at hand, which must not lie before an earlier one.
uint64_t RecordUnwrapper::line_of(std::string_view piece) {
  const bool inside = piece.data() >= text_.data() && piece.data() <= text_.data() + text_.size();
  const size_t place = inside ? static_cast<size_t>(piece.data() - text_.data()) : counted_to_;
  if (place > counted_to_) {
    line_ += static_cast<uint64_t>(std::count(text_.begin() + static_cast<ptrdiff_t>(counted_to_),
                                              text_.begin() + static_cast<ptrdiff_t>(place), '\n'));
    counted_to_ = place;
  }
  return line_;
}

void RecordUnwrapper::note_text_lines() {
  if (num_text_lines_ == 0) return;
  note_(ScanNoteKind::kMalformedLine, first_text_line_,
        num_text_lines_ == 1 ? "not JSON: skipped"
                             : fmt::format("not JSON: {} lines skipped", num_text_lines_));
  num_text_lines_ = 0;
}

}  // namespace trailsql
