// Walks over the tokens of one document: what the fast path stands on.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scan/structure_window.h"

namespace trailsql {

/// How wanted keys end: the low five bits of their last bytes.
struct KeyEndings {
  uint32_t last = 0;    // bit n: one's last byte has n there
  uint32_t before = 0;  // the same of the byte before the last one, which may be the quote

  /// Returns the low five bits of a byte, which letters have in both cases.
  static constexpr uint32_t case_free(char c) { return static_cast<uint8_t>(c) & 0x1F; }
  /// Returns those of a key's last byte: an empty key ends in its opening quote.
  static constexpr uint32_t last_of(std::string_view key) {
    return case_free(key.empty() ? '"' : key.back());
  }

  void add(std::string_view key) {
    last |= uint32_t{1} << last_of(key);
    // What stands before an empty key's quote may be anything.
    before |= key.empty() ? ~uint32_t{0} : uint32_t{1} << last_of(key.substr(0, key.size() - 1));
  }
  /// Returns whether a key may be wanted whose closing quote stands before `end`. Almost none is,
  /// so that both are looked at without asking one after the other.
  bool may_end(const char* end) const {
    return ((last >> case_free(end[-1])) & (before >> case_free(end[-2])) & 1) != 0;
  }
};

/// Walks over the brackets and colons of one JSON document, in order, and checks meanwhile that all
/// of it is well formed. Whatever it says before `well_formed` was asked at the document's end is
/// provisional, but never leads outside the text. Not safe for several threads.
class StructureIndex {
 public:
  /// Starts at `begin`, the bracket that opens the document. Reads up to `end`, or with
  /// `stop_at_line_end` up to the first CR or LF. At least 64 readable bytes must follow `end`.
  void start(const char* begin, const char* end, bool stop_at_line_end);

  /// Returns the next bracket or colon outside strings; nullptr when there is none.
  [[gnu::always_inline]] const char* next_token() {
    while (true) {
      const uint64_t tokens = (window_.brackets[block_] | window_.colons[block_]) & unread_;
      if (tokens != 0) {
        const uint64_t token = tokens & (~tokens + 1);
        unread_ = ~(token | (token - 1));
        if ((window_.brackets[block_] & token) != 0) pass_bracket(token);
        return block_begin_ + std::countr_zero(token);
      }
      if (!next_block()) return nullptr;
    }
  }

  /// After an opening bracket: passes over everything up to the closing one, and returns it;
  /// nullptr when there is none.
  const char* skip_to_close();

  /// Within an object: passes over members that are not wanted, and returns the colon of the next
  /// that may be, or the bracket that closes the object; nullptr when there is none. Where more
  /// must be known of a key than how it ends (`near_special`, white space before the colon), it is
  /// returned, too.
  const char* next_member(const KeyEndings& endings);

  /// Returns the quote that closes the string that opens at `open`, which must not lie before the
  /// last token; nullptr when there is none.
  const char* string_end(const char* open);

  /// Returns whether nothing was wrong up to the last token; to be asked behind the bracket that
  /// closes the document.
  bool well_formed() const { return bad_ == 0 && num_open_ == 0; }

  /// Returns the beginning of the 64 bytes that are looked at.
  const char* position() const { return block_begin_; }

  /// Returns whether the text may hold non-ASCII bytes. It was looked at up to a few kilobytes
  /// beyond the last token.
  bool has_non_ascii() const { return has_non_ascii_; }
  /// Returns whether the text around the last token holds backslashes or non-ASCII bytes.
  bool near_special() const { return near_special_; }

 private:
  static constexpr size_t kMaxOpen = 63;  // the kinds of open containers are bits of one word

  // The errors of the block, given what encloses its unchecked part.
  uint64_t errors(uint64_t is_object) const {
    return (is_object & 1) != 0 ? window_.bad_in_object[block_] : window_.bad_in_array[block_];
  }
  /// The state in registers, while the brackets of one block are passed.
  struct Walk {
    uint64_t unchecked;
    uint64_t is_object;
    size_t num_open;
    uint64_t bad;
  };
  Walk walk() const { return {unchecked_, is_object_, num_open_, bad_}; }
  void set(const Walk& walk) {
    unchecked_ = walk.unchecked;
    is_object_ = walk.is_object;
    num_open_ = walk.num_open;
    bad_ = walk.bad;
  }
  void pass_bracket(uint64_t bracket) {
    Walk state = walk();
    pass_bracket(bracket, state);
    set(state);
  }
  [[gnu::always_inline]] void pass_bracket(uint64_t bracket, Walk& walk) const {
    const uint64_t up_to = bracket | (bracket - 1);
    walk.bad |= errors(walk.is_object) & walk.unchecked & up_to;
    walk.unchecked = ~up_to;
    const uint64_t is_curly = (window_.curlies[block_] & bracket) != 0 ? 1 : 0;
    if ((window_.opens[block_] & bracket) != 0) {
      if (++walk.num_open > kMaxOpen) walk.bad = 1;
      walk.is_object = walk.is_object << 1 | is_curly;
    } else {
      walk.bad |= (walk.is_object & 1) ^ is_curly;
      walk.is_object >>= 1;
      --walk.num_open;
    }
  }
  bool next_block() {
    bad_ |= errors(is_object_) & unchecked_;
    unchecked_ = ~uint64_t{0};
    unread_ = ~uint64_t{0};
    block_begin_ += StructureWindow::kBlockBytes;
    return ++block_ < window_.num_blocks || refill();
  }
  bool refill();

  StructureWindow window_;
  StructureCarry carry_;
  size_t block_ = 0;
  const char* block_begin_ = nullptr;
  const char* end_ = nullptr;
  uint64_t unread_ = 0;     // the bytes of the block behind the last token
  uint64_t unchecked_ = 0;  // the bytes of the block behind the last bracket
  uint64_t is_object_ = 0;  // of the open containers, the innermost in the lowest bit
  size_t num_open_ = 0;
  uint64_t bad_ = 0;
  bool stop_at_line_end_ = false;
  bool has_non_ascii_ = false;
  bool near_special_ = false;
  bool window_special_ = false;
};

}  // namespace trailsql
