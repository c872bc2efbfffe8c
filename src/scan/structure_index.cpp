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
  do {
    Walk state = walk();
    for (uint64_t brackets = window_.brackets[block_] & unread_; brackets != 0;
         brackets &= brackets - 1) {
      const uint64_t bracket = brackets & (~brackets + 1);
      pass_bracket(bracket, state);
      if (state.num_open != target) continue;
      set(state);
      unread_ = unchecked_;
      return block_begin_ + std::countr_zero(bracket);
    }
    set(state);
  } while (next_block());
  return nullptr;
}

const char* StructureIndex::next_member(const KeyEndings& endings) {
  const size_t level = num_open_;
  do {
    Walk state = walk();
    const uint64_t brackets = window_.brackets[block_];
    const uint64_t colons = window_.colons[block_];
    uint64_t unread = unread_;
    while (true) {
      const uint64_t tokens = (state.num_open == level ? brackets | colons : brackets) & unread;
      if (tokens == 0) break;
      const uint64_t token = tokens & (~tokens + 1);
      const char* at = block_begin_ + std::countr_zero(token);
      unread = ~(token | (token - 1));
      if ((brackets & token) != 0) {
        pass_bracket(token, state);
        if (state.num_open + 1 != level) continue;
      } else if (at[-1] == '"' && !near_special_ && !endings.may_end(at - 1)) {
        continue;  // most keys are known not to be wanted by their last letters
      }
      set(state);
      unread_ = unread;
      return at;
    }
    set(state);
  } while (next_block());
  return nullptr;
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
