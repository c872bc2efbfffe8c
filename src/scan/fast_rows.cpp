#include "scan/fast_rows.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>

#include "base/error.h"
#include "scan/scan_limits.h"

namespace trailsql {
namespace {

constexpr uint64_t length_bit(size_t length) { return uint64_t{1} << (length % 64); }

// Keys with escapes, or with the letters beyond ASCII whose lower case is within, are for the exact
// path.
bool is_plain_key(std::string_view key) {
  return std::none_of(key.begin(), key.end(), [](char c) { return c == '\\' || (c & 0x80) != 0; });
}

// Compares with a key in lower case; both have the same size.
bool same_letters(std::string_view lower_key, std::string_view key) {
  for (size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower_key[i])
      return false;
  }
  return true;
}

bool is_number_character(char c) {
  return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

}  // namespace

FastRows::FastRows(const Projection& projection, ValueConverter& converter)
    : projection_(projection),
      converter_(converter),
      usable_(projection.options.keys.case_insensitive && !projection.options.dots_in_keys),
      table_(make_step(projection.table)),
      element_(make_step(projection.element)) {}

FastRows::Step FastRows::make_step(const PathNode& path) {
  Step step{path.key, path.slot, path.unnested, path.first_slot, path.end_slot, 0, {}};
  for (const PathNode& child : path.children) {
    step.children.push_back(make_step(child));
    step.child_lengths |= length_bit(child.key.size());
  }
  return step;
}

bool FastRows::read(std::string_view text, bool one_line) {
  if (!usable_ || !text.starts_with('{')) return false;
  one_line_ = one_line;
  cursor_ = text.data();
  end_ = text.data() + text.size();
  quotes_.start(cursor_, end_, one_line);
  table_slots_.assign(projection_.table_shapes.size(), Slot{});
  element_slots_.clear();
  num_elements_ = 0;
  num_rows_ = 0;
  lacks_unnested_ = projection_.unnest;
  if (!read_object(table_, table_slots_.data(), 0)) return false;
  if (quotes_.has_bad_escape() || cursor_ > end_) return false;
  consumed_bytes_ = static_cast<size_t>(cursor_ - text.data());
  num_rows_ = projection_.unnest ? num_elements_ : 1;
  return true;
}

// Reads an object some of whose members are wanted.
bool FastRows::read_object(const Step& step, Slot* slots, size_t depth) {
  if (depth >= kMaxNestingDepth) return false;
  ++cursor_;
  skip_space();
  if (*cursor_ == '}') {
    ++cursor_;
    return true;
  }
  while (true) {
    std::string_view key;
    if (!read_key(key)) return false;
    const Step* wanted = nullptr;
    if (!find_step(step, key, wanted)) return false;
    const bool good =
        wanted == nullptr ? skip_value(depth + 1) : read_wanted(*wanted, slots, depth + 1);
    if (!good) return false;
    skip_space();
    const char c = *cursor_++;
    if (c == '}') return true;
    if (c != ',') return false;
    skip_space();
  }
}

bool FastRows::find_step(const Step& parent, std::string_view key, const Step*& found) const {
  if (quotes_.near_special() && !is_plain_key(key)) return false;
  if ((parent.child_lengths & length_bit(key.size())) == 0) return true;
  for (const Step& child : parent.children) {
    if (child.key.size() != key.size() || !same_letters(child.key, key)) continue;
    found = &child;
    return true;
  }
  return true;
}

bool FastRows::read_wanted(const Step& step, Slot* slots, size_t depth) {
  // A repeated key: what an earlier one held does not count.
  for (uint32_t slot = step.first_slot; slot < step.end_slot; ++slot) slots[slot] = Slot{};
  if (!step.unnested) return read_value(step, slots, depth);
  lacks_unnested_ = false;
  num_elements_ = 0;
  element_slots_.clear();
  const char* begin = cursor_;
  if (*begin == 'n') return skip_literal();
  if (*begin != '[' && *begin != '{') return false;
  if (!(*begin == '[' ? read_elements(depth) : read_element(depth))) return false;
  return set_slot(step, slots, begin, cursor_, Slot::Kind::kContainer);
}

// Reads a value that is wanted as a whole, or below which something is wanted, or both.
bool FastRows::read_value(const Step& step, Slot* slots, size_t depth) {
  const char* begin = cursor_;
  const bool inner = !step.children.empty();
  switch (*begin) {
    case '{':
      if (!(inner ? read_object(step, slots, depth) : skip_container(depth))) return false;
      return set_slot(step, slots, begin, cursor_, Slot::Kind::kContainer);
    case '[':
      if (inner || !skip_container(depth)) return false;
      return set_slot(step, slots, begin, cursor_, Slot::Kind::kContainer);
    case '"':
      if (inner || !skip_string()) return false;
      return set_slot(step, slots, begin + 1, cursor_ - 1, Slot::Kind::kPlainString);
    case 'n': return skip_literal();
    default:
      if (inner || !skip_literal()) return false;
      return set_slot(step, slots, begin, cursor_, Slot::Kind::kLiteral);
  }
}

bool FastRows::set_slot(const Step& step, Slot* slots, const char* begin, const char* end,
                        Slot::Kind kind) const {
  if (step.slot == PathNode::kNoSlot) return true;
  const auto size = static_cast<size_t>(end - begin);
  if (size > kMaxValueBytes) return false;
  if (kind == Slot::Kind::kPlainString && quotes_.near_special() &&
      std::memchr(begin, '\\', size) != nullptr)
    kind = Slot::Kind::kEscapedString;
  slots[step.slot] = {begin, static_cast<uint32_t>(size), kind};
  return true;
}

bool FastRows::read_elements(size_t depth) {
  if (depth >= kMaxNestingDepth) return false;
  ++cursor_;
  skip_space();
  if (*cursor_ == ']') {
    ++cursor_;
    return true;
  }
  while (true) {
    if (!read_element(depth + 1)) return false;
    skip_space();
    const char c = *cursor_++;
    if (c == ']') return true;
    if (c != ',') return false;
    skip_space();
  }
}

bool FastRows::read_element(size_t depth) {
  ++num_elements_;
  const size_t num_slots = projection_.element_shapes.size();
  if (num_slots == 0) return skip_value(depth);
  const size_t first = element_slots_.size();
  element_slots_.resize(first + num_slots);
  return read_value(element_, element_slots_.data() + first, depth);
}

bool FastRows::skip_literal() {
  const char* p = cursor_;
  const auto is_word = [&](std::string_view word) {
    return std::memcmp(p, word.data(), word.size()) == 0;
  };
  switch (*p) {
    case 't':
      if (!is_word("true")) return false;
      p += 4;
      break;
    case 'f':
      if (!is_word("false")) return false;
      p += 5;
      break;
    case 'n':
      if (!is_word("null")) return false;
      p += 4;
      break;
    default:
      if (!(*p == '-' || (*p >= '0' && *p <= '9'))) return false;
      while (is_number_character(*p)) ++p;
  }
  if (!ends_literal(*p)) return false;
  cursor_ = p;
  return true;
}

bool FastRows::skip_value(size_t depth) {
  if (*cursor_ == '"') return skip_string();
  if (*cursor_ == '{' || *cursor_ == '[') return skip_container(depth);
  return skip_literal();
}

// Skips an object or array, checking that it is well formed, without recursion.
bool FastRows::skip_container(size_t depth) {
  std::array<bool, kMaxNestingDepth + 1> is_object;  // of the open ones, outermost first
  size_t num_open = 0;
  const size_t max_open = depth < kMaxNestingDepth ? kMaxNestingDepth - depth : 0;
  bool expect_value = true;
  while (true) {
    if (expect_value) {
      const char c = *cursor_;
      if (c == '{' || c == '[') {
        if (num_open >= max_open) return false;
        is_object[num_open++] = c == '{';
        ++cursor_;
        skip_space();
        if (*cursor_ == (c == '{' ? '}' : ']')) {
          expect_value = false;
          continue;
        }
        std::string_view key;
        if (c == '{' && !read_key(key)) return false;
        continue;
      }
      if (!(c == '"' ? skip_string() : skip_literal())) return false;
    }
    // Behind a value, or at the end of an empty container.
    expect_value = false;
    skip_space();
    const bool in_object = is_object[num_open - 1];
    const char c = *cursor_++;
    if (c == ',') {
      skip_space();
      std::string_view key;
      if (in_object && !read_key(key)) return false;
      expect_value = true;
    } else if (c == (in_object ? '}' : ']')) {
      if (--num_open == 0) return true;
    } else {
      return false;
    }
  }
}

void FastRows::append(size_t from, size_t to, bool borrow, std::vector<Column>& columns) {
  const size_t num_slots = projection_.element_shapes.size();
  for (size_t i = 0; i < projection_.columns.size(); ++i) {
    const Projection::Delivered& delivered = projection_.columns[i];
    if (delivered.source == ScanColumn::Source::kTable) {
      for (size_t row = from; row < to; ++row)
        append_slot(table_slots_[delivered.slot], projection_.table_shapes[delivered.slot], borrow,
                    columns[i]);
    } else if (delivered.source == ScanColumn::Source::kElement) {
      const ValueShape& shape = projection_.element_shapes[delivered.slot];
      for (size_t row = from; row < to; ++row)
        append_slot(element_slots_[row * num_slots + delivered.slot], shape, borrow, columns[i]);
    }
  }
}

void FastRows::append_slot(const Slot& slot, const ValueShape& shape, bool borrow, Column& column) {
  const std::string_view text(slot.begin, slot.size);
  switch (slot.kind) {
    case Slot::Kind::kMissing: return column.append_null();
    case Slot::Kind::kPlainString:
      if (shape.type.is_unbounded_varchar())
        return borrow ? column.append_borrowed_string(text) : column.append_string(text);
      return converter_.append_scalar(text, true, shape, borrow, column);
    case Slot::Kind::kEscapedString: {
      if (shape.type.is_unbounded_varchar()) {
        char* decoded = column.arena().allocate(text.size());
        const int64_t size = decode_escapes(text, decoded);
        assert(size >= 0);
        return column.append_borrowed_string({decoded, static_cast<size_t>(size)});
      }
      decoded_.resize(text.size());
      decoded_.resize(static_cast<size_t>(decode_escapes(text, decoded_.data())));
      return converter_.append_scalar(decoded_, true, shape, false, column);
    }
    case Slot::Kind::kLiteral: return converter_.append_scalar(text, false, shape, borrow, column);
    case Slot::Kind::kContainer:
      if (!document_.parse(text, projection_.options.keys))
        throw QueryError(ErrorCode::kGenericInternalError, document_.problem());
      return converter_.append(document_, 0, shape, column);
  }
}

void FastRows::shrink() {
  document_.shrink();
  element_slots_ = {};
  decoded_ = {};
}

}  // namespace trailsql
