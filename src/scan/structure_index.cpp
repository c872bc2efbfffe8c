#include "scan/structure_index.h"

namespace trailsql {

void StructureIndex::start(const char* begin, const char* end, bool stop_at_line_end) {
  carry_ = {};
  block_begin_ = begin;
  end_ = end;
  unread_ = ~uint64_t{0};
  unchecked_ = ~uint64_t{0};
  is_object_ = 0;
  num_open_ = 0;
  bad_ = 0;
  stop_at_line_end_ = stop_at_line_end;
  has_non_ascii_ = false;
  near_special_ = false;
  window_special_ = false;
  window_.at_end = false;
  if (!refill()) bad_ = 1;
}

bool StructureIndex::refill() {
  if (!window_.at_end)
    fill_structure_window(block_begin_, end_, stop_at_line_end_, carry_, window_);
  else
    window_.num_blocks = 0;
  block_ = 0;
  if (window_.num_blocks == 0) {
    // Nothing is left; who asks again is told so again.
    window_.at_end = true;
    window_.brackets[0] = 0;
    window_.colons[0] = 0;
    window_.quotes[0] = 0;
    return false;
  }
  has_non_ascii_ = has_non_ascii_ || window_.has_non_ascii;
  // A string may begin in one window and end in the next.
  const bool special = window_.has_non_ascii || window_.has_backslash;
  near_special_ = special || window_special_;
  window_special_ = special;
  return true;
}

// The same as next_token again and again, without colons and with the state in registers.
const char* StructureIndex::skip_to_close() {
  const size_t target = num_open_ - 1;
  while (true) {
    uint64_t brackets = window_.brackets[block_] & unread_;
    if (brackets != 0) {
      const uint64_t opens = window_.opens[block_];
      const uint64_t curlies = window_.curlies[block_];
      const uint64_t bad_in_object = window_.bad_in_object[block_];
      const uint64_t bad_in_array = window_.bad_in_array[block_];
      uint64_t unchecked = unchecked_;
      uint64_t is_object = is_object_;
      size_t num_open = num_open_;
      uint64_t bad = bad_;
      do {
        const int bit = std::countr_zero(brackets);
        const uint64_t up_to = brackets ^ (brackets - 1);
        brackets &= brackets - 1;
        bad |= ((is_object & 1) != 0 ? bad_in_object : bad_in_array) & unchecked & up_to;
        unchecked = ~up_to;
        const uint64_t is_curly = curlies >> bit & 1;
        if ((opens >> bit & 1) != 0) {
          if (++num_open > kMaxOpen) bad = 1;
          is_object = is_object << 1 | is_curly;
          continue;
        }
        bad |= (is_object & 1) ^ is_curly;
        is_object >>= 1;
        if (--num_open != target) continue;
        unread_ = unchecked_ = unchecked;
        is_object_ = is_object;
        num_open_ = num_open;
        bad_ = bad;
        return block_begin_ + bit;
      } while (brackets != 0);
      unchecked_ = unchecked;
      is_object_ = is_object;
      num_open_ = num_open;
      bad_ = bad;
    }
    if (!next_block()) return nullptr;
  }
}

const char* StructureIndex::string_end(const char* open) {
  // The string may open behind white space, blocks away.
  while (open - block_begin_ >= static_cast<ptrdiff_t>(StructureWindow::kBlockBytes)) {
    if (!next_block()) return nullptr;
  }
  const uint64_t opening = uint64_t{1} << (open - block_begin_);
  unread_ = ~(opening | (opening - 1));
  while (true) {
    const uint64_t quotes = window_.quotes[block_] & unread_;
    if (quotes != 0) {
      unread_ = ~(quotes ^ (quotes - 1));
      return block_begin_ + std::countr_zero(quotes);
    }
    if (!next_block()) return nullptr;
  }
}

}  // namespace trailsql
