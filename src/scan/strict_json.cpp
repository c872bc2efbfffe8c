#include "scan/strict_json.h"

#include <fmt/core.h>

#include "base/text.h"
#include "scan/scan_limits.h"
#include "scan/utf8_check.h"

namespace trailsql {
namespace {

// Walks over one text; a false answer leaves the reason in problem().
class StrictReader {
 public:
  explicit StrictReader(std::string_view text) : text_(text) {}

  const std::string& problem() const { return problem_; }

  bool read_object_at_front() {
    skip_space();
    if (next() != '{') return fail("start of object expected");
    if (!read_value(0)) return false;
    return is_clean_utf8(text_.substr(0, position_)) || fail("invalid UTF-8");
  }

 private:
  char next() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  bool take(char c) {
    if (next() != c) return false;
    ++position_;
    return true;
  }
  void skip_space() {
    while (position_ < text_.size() && (next() == ' ' || next() == '\t')) ++position_;
  }
  bool fail(std::string_view reason) {
    problem_ = position_ < text_.size()
                   ? fmt::format("Invalid JSON: {} at byte {}", reason, position_ + 1)
                   : fmt::format("Invalid JSON: object is truncated: {}", reason);
    return false;
  }

  bool read_value(size_t depth) {
    if (depth > kMaxNestingDepth) return fail("too many nested objects and arrays");
    switch (next()) {
      case '{': return read_object(depth);
      case '[': return read_array(depth);
      case '"': return read_string();
      case 't': return read_word("true");
      case 'f': return read_word("false");
      case 'n': return read_word("null");
      default: return read_number();
    }
  }

  bool read_object(size_t depth) {
    ++position_;
    skip_space();
    if (take('}')) return true;
    while (true) {
      if (next() != '"') return fail("field name expected");
      if (!read_string()) return false;
      skip_space();
      if (!take(':')) return fail("colon expected");
      skip_space();
      if (!read_value(depth + 1)) return false;
      skip_space();
      if (take('}')) return true;
      if (!take(',')) return fail("comma or end of object expected");
      skip_space();
    }
  }

  bool read_array(size_t depth) {
    ++position_;
    skip_space();
    if (take(']')) return true;
    while (true) {
      if (!read_value(depth + 1)) return false;
      skip_space();
      if (take(']')) return true;
      if (!take(',')) return fail("comma or end of array expected");
      skip_space();
    }
  }

  bool read_string() {
    ++position_;
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c == '"') {
        ++position_;
        return true;
      }
      if (static_cast<uint8_t>(c) < ' ') return fail("unescaped control character");
      if (c == '\\' && !read_escape()) return false;
      ++position_;
    }
    return fail("end of string expected");
  }

  // Leaves the position at the last character of the escape.
  bool read_escape() {
    ++position_;
    constexpr std::string_view kEscapes = "\"\\/bfnrt";
    if (position_ < text_.size() && kEscapes.find(next()) != std::string_view::npos) return true;
    if (next() != 'u') return fail("unrecognized escape");
    for (int i = 0; i < 4; ++i) {
      ++position_;
      if (!is_hex_digit(next())) return fail("hexadecimal digit expected");
    }
    return true;
  }

  bool read_word(std::string_view word) {
    if (!text_.substr(position_).starts_with(word)) return fail("value expected");
    position_ += word.size();
    return ends_word() || fail("value expected");
  }

  bool read_number() {
    take('-');
    if (!take('0') && !read_digits()) return fail("value expected");
    if (take('.') && !read_digits()) return fail("digit expected");
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!read_digits()) return fail("digit expected");
    }
    return ends_word() || fail("unexpected character in a number");
  }

  bool read_digits() {
    const size_t start = position_;
    while (is_digit(next())) ++position_;
    return position_ > start;
  }

  bool ends_word() const {
    constexpr std::string_view kEnds = " \t,}]";
    return position_ >= text_.size() || kEnds.find(next()) != std::string_view::npos;
  }

  const std::string_view text_;
  size_t position_ = 0;
  std::string problem_;
};

}  // namespace

std::string strict_object_problem(std::string_view text) {
  StrictReader reader(text);
  return reader.read_object_at_front() ? "" : reader.problem();
}

}  // namespace trailsql
