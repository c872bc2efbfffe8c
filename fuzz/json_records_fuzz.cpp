// Fuzz target: arbitrary bytes as a file of exported records. Whatever is taken out of it makes
// whole documents of a log file, each of whose records is taken out again as it is; nothing is
// thrown but what ends queries.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "scan/json_document.h"
#include "scan/json_pieces.h"
#include "scan/record_unwrapper.h"
#include "scan/utf8_check.h"
#include "store/byte_buffer.h"

namespace {

using namespace trailsql;

using Records = std::vector<std::string>;

// Returns the text with the padding that readers want behind it.
std::string padded(std::string_view text) {
  return std::string(text) + std::string(ByteBuffer::kPaddingBytes, '\0');
}

// Appends the elements of "Records" of a document that is nothing else.
void append_records(std::string_view document, Records& records) {
  JsonDocument parsed;
  if (!is_clean_utf8(document)) std::abort();
  if (!parsed.parse(document, {true, false})) std::abort();
  if (parsed.consumed_bytes() != document.size()) std::abort();
  const JsonNode& list = parsed.node(parsed.node(0).first_child);
  if (list.name != "Records" || list.kind != JsonNode::Kind::kArray) std::abort();
  if (list.first_child == JsonNode::kNone) std::abort();
  for (uint32_t i = list.first_child; i != JsonNode::kNone; i = parsed.node(i).next_sibling) {
    const JsonNode& record = parsed.node(i);
    const bool is_null = record.kind == JsonNode::Kind::kNull;
    const bool is_container =
        record.kind == JsonNode::Kind::kObject || record.kind == JsonNode::Kind::kArray;
    if (!is_null && !is_container) std::abort();
    records.emplace_back(is_null ? "null" : record.text);
  }
}

Records records_of(std::string_view text) {
  Records records;
  const Cancellation cancellation;
  uint64_t last_line = 1;
  RecordUnwrapper unwrapper(
      [](ScanNoteKind, uint64_t line, const NoteText& detail) {
        if (line == 0 || detail().empty()) std::abort();
      },
      cancellation);
  const std::string memory = padded(text);
  unwrapper.start(std::string_view(memory).substr(0, text.size()), 1);
  while (unwrapper.next()) {
    if (unwrapper.line() < last_line) std::abort();
    last_line = unwrapper.line();
    append_records(unwrapper.document(), records);
  }
  return records;
}

// The pieces of an array are those of the exact parser, if the array is strict JSON.
void check_elements(std::string_view text) {
  const std::string memory = padded(text);
  const std::string_view whole = std::string_view(memory).substr(0, text.size());
  JsonPieces pieces;
  const size_t size = pieces.measure(whole, false);
  JsonDocument parsed;
  if (size == 0 || whole.front() != '[' || !is_clean_utf8(whole)) return;
  if (!parsed.parse(whole, {true, false}) || parsed.consumed_bytes() != size) std::abort();
  pieces.start(whole.substr(0, size));
  std::string_view element;
  uint32_t node = parsed.node(0).first_child;
  for (; pieces.next_element(element); node = parsed.node(node).next_sibling) {
    if (node == JsonNode::kNone || element.empty()) std::abort();
    const JsonNode& value = parsed.node(node);
    const bool is_container =
        value.kind == JsonNode::Kind::kObject || value.kind == JsonNode::Kind::kArray;
    if (is_container && value.text != element) std::abort();
  }
  if (node != JsonNode::kNone || !pieces.is_closed()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    check_elements(text);
    for (const std::string& record : records_of(text)) {
      // What was decoded may hold line ends, over which nothing lenient is read.
      if (record.find_first_of("\r\n") != std::string::npos) continue;
      if (records_of("{\"Records\":[" + record + "]}") != Records{record}) std::abort();
    }
  } catch (const QueryError&) {
    std::abort();
  }
  return 0;
}
