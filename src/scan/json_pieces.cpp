#include "scan/json_pieces.h"

namespace trailsql {
namespace {

const char* skip_space(const char* p) {
  while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') ++p;
  return p;
}

bool ends_literal(char c) { return c == ',' || c == ']' || c == '}' || c <= ' '; }

}  // namespace

size_t JsonPieces::document_size(std::string_view text, bool one_line) {
  if (!text.starts_with('{') && !text.starts_with('[')) return 0;
  index_.start(text.data(), text.data() + text.size(), one_line);
  if (index_.next_token() != text.data()) return 0;
  const char* close = index_.skip_to_close();
  if (close == nullptr || !index_.well_formed()) return 0;
  return static_cast<size_t>(close + 1 - text.data());
}

bool JsonPieces::open(std::string_view text) {
  index_.start(text.data(), text.data() + text.size(), false);
  return index_.next_token() == text.data();
}

// Returns the place behind the value that begins at `value`, or nullptr.
const char* JsonPieces::pass_value(const char* value) {
  if (*value == '{' || *value == '[') {
    if (index_.next_token() != value) return nullptr;
    const char* close = index_.skip_to_close();
    return close == nullptr ? nullptr : close + 1;
  }
  if (*value == '"') {
    const char* quote = index_.string_end(value);
    return quote == nullptr ? nullptr : quote + 1;
  }
  const char* end = value;
  while (!ends_literal(*end)) ++end;
  return end == value ? nullptr : end;
}

// Passes the comma behind a value and returns the place of the next one; with `closed`, the bracket
// stood there.
const char* JsonPieces::pass_separator(const char* end, char close, bool& closed) {
  end = skip_space(end);
  closed = *end == close;
  if (closed) return index_.next_token() == end ? end : nullptr;
  return *end == ',' ? skip_space(end + 1) : nullptr;
}

bool JsonPieces::split_array(std::string_view array, std::vector<std::string_view>& elements) {
  elements.clear();
  if (!array.starts_with('[') || !open(array)) return false;
  const char* next = skip_space(array.data() + 1);
  bool closed = *next == ']';
  if (closed) return true;
  while (!closed) {
    const char* end = pass_value(next);
    if (end == nullptr) return false;
    elements.emplace_back(next, static_cast<size_t>(end - next));
    next = pass_separator(end, ']', closed);
    if (next == nullptr) return false;
  }
  return index_.well_formed();
}

bool JsonPieces::split_object(std::string_view object, std::vector<JsonMember>& members) {
  members.clear();
  if (!object.starts_with('{') || !open(object)) return false;
  const char* next = skip_space(object.data() + 1);
  bool closed = *next == '}';
  if (closed) return true;
  while (!closed) {
    if (*next != '"') return false;
    const char* key_end = index_.string_end(next);
    if (key_end == nullptr) return false;
    const std::string_view key(next + 1, static_cast<size_t>(key_end - next - 1));
    const char* colon = skip_space(key_end + 1);
    if (*colon != ':' || index_.next_token() != colon) return false;
    const char* value = skip_space(colon + 1);
    const char* end = pass_value(value);
    if (end == nullptr) return false;
    members.push_back({key, {value, static_cast<size_t>(end - value)}});
    next = pass_separator(end, '}', closed);
    if (next == nullptr) return false;
  }
  return index_.well_formed();
}

}  // namespace trailsql
