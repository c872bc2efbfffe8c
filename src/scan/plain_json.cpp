#include "scan/plain_json.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"
#include "scan/json_text.h"

namespace trailsql {
namespace {

// Objects with more keys are compared some other way.
constexpr size_t kMaxKeys = 32;

// Where a string ends that needs no escapes, from behind its opening quote; nullptr when it has
// some, or what is written with one.
const char* plain_string_end(const char* p, const char* end) {
  for (; p < end; ++p) {
    const char c = *p;
    if (c == '"') return p;
    if (c == '\\' || static_cast<uint8_t>(c) < ' ' || (c == '/' && p[-1] == '<')) return nullptr;
  }
  return nullptr;
}

bool is_all_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

// Where a literal ends that is written as it stands; nullptr for others.
const char* plain_literal_end(const char* p, const char* end) {
  const char* start = p;
  while (p < end && *p != ',' && *p != '}' && *p != ']') ++p;
  const std::string_view literal(start, static_cast<size_t>(p - start));
  const bool is_word = literal == "true" || literal == "false" || literal == "null";
  return is_word || is_plain_integer(literal) ? p : nullptr;
}

}  // namespace

// Letters beyond ASCII may be the same without regard to case, whatever their size.
bool PlainJson::is_new_key(std::string_view key) {
  const size_t first_key = open_.back().first_key;
  if (keys_.size() - first_key >= kMaxKeys || !is_all_ascii(key)) return false;
  for (size_t i = first_key; i < keys_.size(); ++i) {
    if (equals_ignoring_case(keys_[i], key)) return false;
  }
  keys_.push_back(key);
  return true;
}

bool PlainJson::is_canonical(std::string_view text) {
  keys_.clear();
  open_.clear();
  const char* const end = text.data() + text.size();
  bool is_key = false;  // whether a string that comes next is one
  for (const char* p = text.data(); p < end;) {
    const char c = *p;
    switch (c) {
      case '{':
      case '[':
        open_.push_back({keys_.size(), c == '{'});
        is_key = c == '{';
        ++p;
        break;
      case '}':
      case ']':
        keys_.resize(open_.back().first_key);
        open_.pop_back();
        ++p;
        break;
      case ',':
        is_key = open_.back().is_object;
        ++p;
        break;
      case ':': ++p; break;
      case '"': {
        const char* close = plain_string_end(p + 1, end);
        if (close == nullptr) return false;
        if (is_key && !is_new_key({p + 1, static_cast<size_t>(close - p - 1)})) return false;
        is_key = false;
        p = close + 1;
        break;
      }
      default:
        p = plain_literal_end(p, end);
        if (p == nullptr) return false;
    }
  }
  return true;
}

}  // namespace trailsql
