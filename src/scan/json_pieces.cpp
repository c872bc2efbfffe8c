#include "scan/json_pieces.h"

namespace trailsql {
namespace {

const char* skip_space(const char* p) {
  while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r') ++p;
  return p;
}

bool ends_word(char c) { return c == ',' || c == ']' || c == '}' || c <= ' '; }

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
  while (!ends_word(*end)) ++end;
  return end == value ? nullptr : end;
}

// Passes the key whose quote is given and returns the place of its value, or nullptr.
const char* JsonPieces::pass_key(const char* quote, std::string_view& key) {
  if (*quote != '"') return nullptr;
  const char* key_end = index_.string_end(quote);
  if (key_end == nullptr) return nullptr;
  key = {quote + 1, static_cast<size_t>(key_end - quote - 1)};
  const char* colon = skip_space(key_end + 1);
  if (*colon != ':' || index_.next_token() != colon) return nullptr;
  return skip_space(colon + 1);
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
    std::string_view key;
    const char* value = pass_key(next, key);
    if (value == nullptr) return false;
    const char* end = pass_value(value);
    if (end == nullptr) return false;
    members.push_back({key, {value, static_cast<size_t>(end - value)}});
    next = pass_separator(end, '}', closed);
    if (next == nullptr) return false;
  }
  return index_.well_formed();
}

void JsonPieces::split_broken(std::string_view text,
                              const std::function<bool(std::string_view)>& is_wanted,
                              std::vector<std::string_view>& elements) {
  elements.clear();
  std::string_view array = text.substr(0, text.starts_with('[') ? text.size() : 0);
  if (text.starts_with('{') && open(text)) {
    const char* next = skip_space(text.data() + 1);
    for (bool closed = *next == '}'; !closed && next != nullptr;) {
      std::string_view key;
      const char* value = pass_key(next, key);
      if (value == nullptr) break;
      if (*value == '[' && is_wanted(key))
        array = text.substr(static_cast<size_t>(value - text.data()));
      const char* end = pass_value(value);
      if (end == nullptr) break;
      next = pass_separator(end, '}', closed);
    }
  }
  if (array.empty()) return;
  split_array(array, elements);
  // What is wrong inside an element shows late: each is looked at by itself.
  for (size_t i = 0; i < elements.size(); ++i) {
    if (document_size(elements[i], false) != elements[i].size()) elements.resize(i);
  }
}

}  // namespace trailsql
