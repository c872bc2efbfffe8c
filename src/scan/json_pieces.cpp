#include "scan/json_pieces.h"

namespace trailsql {
namespace {

bool opens_container(char c) { return c == '{' || c == '['; }

bool ends_word(char c) { return c == ',' || c == ']' || c == '}' || c <= ' '; }

}  // namespace

size_t JsonPieces::measure(std::string_view text, bool one_line) {
  enclosed_bytes_ = 0;
  visited_bytes_ = 0;
  if (text.empty() || !opens_container(text.front())) return 0;
  index_.start(text.data(), text.data() + text.size(), one_line);
  const char* close = index_.next_token() == text.data() ? index_.skip_to_close() : nullptr;
  visited_bytes_ = static_cast<size_t>(index_.position() - text.data());
  if (close == nullptr) return 0;
  enclosed_bytes_ = static_cast<size_t>(close + 1 - text.data());
  return index_.well_formed() ? enclosed_bytes_ : 0;
}

void JsonPieces::start(std::string_view text) {
  end_ = text.data() + text.size();
  next_ = end_;
  is_closed_ = false;
  if (text.empty() || !opens_container(text.front())) return;
  index_.start(text.data(), end_, false);
  if (index_.next_token() != text.data()) return;
  close_ = text.front() == '{' ? '}' : ']';
  next_ = skip_space(text.data() + 1);
  is_closed_ = next_ != end_ && *next_ == close_;
  if (is_closed_) next_ = end_;
}

const char* JsonPieces::skip_space(const char* p) const {
  while (p < end_ && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) ++p;
  return p;
}

// Nothing more is read.
bool JsonPieces::stop() {
  next_ = end_;
  return false;
}

// Returns the place behind the value that begins at `value`, or nullptr.
const char* JsonPieces::value_end(const char* value) {
  if (value >= end_) return nullptr;
  if (opens_container(*value)) {
    if (index_.next_token() != value) return nullptr;
    const char* close = index_.skip_to_close();
    return close == nullptr ? nullptr : close + 1;
  }
  if (*value == '"') {
    const char* quote = index_.string_end(value);
    return quote == nullptr ? nullptr : quote + 1;
  }
  const char* end = value;
  while (end < end_ && !ends_word(*end)) ++end;
  return end == value ? nullptr : end;
}

bool JsonPieces::pass_value(std::string_view& value) {
  const char* end = value_end(next_);
  if (end == nullptr) return stop();
  value = {next_, static_cast<size_t>(end - next_)};
  next_ = skip_space(end);
  if (next_ == end_) return true;
  is_closed_ = *next_ == close_ && index_.next_token() == next_;
  next_ = *next_ == ',' ? skip_space(next_ + 1) : end_;
  return true;
}

bool JsonPieces::next_element(std::string_view& element) {
  return next_ != end_ && pass_value(element);
}

bool JsonPieces::next_key(std::string_view& key) {
  if (next_ == end_ || *next_ != '"') return stop();
  const char* key_end = index_.string_end(next_);
  if (key_end == nullptr) return stop();
  key = {next_ + 1, static_cast<size_t>(key_end - next_ - 1)};
  const char* colon = skip_space(key_end + 1);
  if (colon == end_ || *colon != ':' || index_.next_token() != colon) return stop();
  next_ = skip_space(colon + 1);
  return true;
}

bool JsonPieces::next_member(JsonMember& member) {
  return next_key(member.key) && pass_value(member.value);
}

}  // namespace trailsql
