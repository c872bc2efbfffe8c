#include "scan/fast_rows.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "base/error.h"
#include "scan/scan_limits.h"

namespace trailsql {
namespace {

constexpr std::string_view kNull = "null";

// The low five bits of a byte: letters have the same in both cases.
constexpr uint32_t ending_of(char last) { return static_cast<uint8_t>(last) & 0x1F; }

// Compares with a key in lower case; both have the same size.
bool same_letters(std::string_view lower_key, std::string_view key) {
  for (size_t i = 0; i < key.size(); ++i) {
    const char c = key[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower_key[i])
      return false;
  }
  return true;
}

bool is_literal_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '+' ||
         c == 'E';
}

// Returns whether one member is wanted twice, under two names.
bool has_equal_keys(const PathNode& path) {
  for (size_t i = 0; i < path.children.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (path.children[i].key == path.children[j].key) return true;
    }
  }
  return std::ranges::any_of(path.children, has_equal_keys);
}

}  // namespace

FastRows::FastRows(const Projection& projection, ValueConverter& converter)
    : projection_(projection.taken_apart()),
      converter_(converter),
      usable_(projection_.options.keys.case_insensitive && !projection_.options.dots_in_keys &&
              !has_equal_keys(projection_.table) && !has_equal_keys(projection_.element)),
      table_(make_step(projection_.table)),
      element_(make_step(projection_.element)) {}

FastRows::Step FastRows::make_step(const PathNode& path) {
  Step step;
  step.key = path.key;
  step.slot = path.slot;
  step.unnested = path.unnested;
  step.is_list = path.is_list;
  step.first_slot = path.first_slot;
  step.end_slot = path.end_slot;
  const std::string quoted = '"' + path.key;
  const size_t size = std::min(quoted.size(), sizeof(step.tail));
  const std::string tail =
      std::string(sizeof(step.tail) - size, '\0') + quoted.substr(quoted.size() - size);
  const std::string mask = std::string(sizeof(step.tail) - size, '\0') + std::string(size, '\xFF');
  std::memcpy(&step.tail, tail.data(), sizeof(step.tail));
  std::memcpy(&step.tail_mask, mask.data(), sizeof(step.tail_mask));
  step.tail |= kCaseBits & step.tail_mask;
  // An empty key ends in its opening quote.
  const auto ending = [](const Step& child) {
    return ending_of(child.key.empty() ? '"' : child.key.back());
  };
  for (const PathNode& child : path.children) step.children.push_back(make_step(child));
  std::ranges::stable_sort(step.children, {}, ending);
  for (const Step& child : step.children) {
    step.child_endings |= uint32_t{1} << ending(child);
    ++step.first_with[ending(child) + 1];
  }
  for (size_t i = 1; i < step.first_with.size(); ++i) step.first_with[i] += step.first_with[i - 1];
  return step;
}

bool FastRows::read(std::string_view text, bool one_line) {
  if (!usable_ || !text.starts_with('{')) return false;
  one_line_ = one_line;
  begin_ = text.data();
  index_.start(begin_, begin_ + text.size(), one_line);
  table_slots_.assign(projection_.table.end_slot, Slot{});
  element_slots_.clear();
  list_slots_.clear();
  num_elements_ = 0;
  num_rows_ = 0;
  lacks_unnested_ = projection_.unnest;
  if (index_.next_token() != begin_) return false;
  const char* end = read_members(table_, table_slots_.data());
  if (end == nullptr || !index_.well_formed()) return false;
  consumed_bytes_ = static_cast<size_t>(end - begin_);
  if (!set_slot(table_, table_slots_.data(), begin_, end, Slot::Kind::kContainer)) return false;
  num_rows_ = projection_.unnest ? num_elements_ : 1;
  return true;
}

// Reads the object whose opening bracket was passed, some of whose members are wanted.
const char* FastRows::read_members(const Step& step, Slot* slots) {
  while (const char* token = index_.next_member(step.child_endings)) {
    if (*token != ':') return token + 1;
    const Step* wanted = nullptr;
    if (!find_step(step, token, wanted)) return nullptr;
    if (wanted != nullptr && read_wanted(*wanted, slots, skip_space(token + 1)) == nullptr)
      return nullptr;
  }
  return nullptr;
}

// Finds the child whose key ends before `colon`; returns false when not sure.
bool FastRows::find_step(const Step& parent, const char* colon, const Step*& found) const {
  const char* end = colon - 1;  // the closing quote
  while (end > begin_ && is_space(*end)) --end;
  if (end - begin_ < 2 || *end != '"') return false;
  if (index_.near_special() && !is_plain_key(end)) return false;
  const uint32_t ending = ending_of(end[-1]);
  uint64_t tail = 0;
  const bool has_tail = end - begin_ >= static_cast<ptrdiff_t>(sizeof(tail));
  if (has_tail) std::memcpy(&tail, end - sizeof(tail), sizeof(tail));
  for (size_t i = parent.first_with[ending]; i < parent.first_with[ending + 1]; ++i) {
    const Step& child = parent.children[i];
    if (has_tail && (((tail | kCaseBits) ^ child.tail) & child.tail_mask) != 0) continue;
    const auto size = static_cast<ptrdiff_t>(child.key.size());
    if (end - begin_ <= size || end[-size - 1] != '"') continue;
    if (!same_letters(child.key, {end - size, child.key.size()})) continue;
    found = &child;
    return true;
  }
  return true;
}

// Returns whether the key that ends at the quote `key_end` is without escapes, and without the
// letters beyond ASCII whose lower case is within: those are for the exact path.
bool FastRows::is_plain_key(const char* key_end) const {
  const char* p = key_end - 1;
  for (; p > begin_ && *p != '"'; --p) {
    if (*p == '\\' || (*p & 0x80) != 0) return false;
  }
  // An escaped quote is not the one that opens the key.
  return p > begin_ && p[-1] != '\\';
}

const char* FastRows::read_wanted(const Step& step, Slot* slots, const char* value) {
  // A repeated key: what an earlier one held does not count.
  for (uint32_t slot = step.first_slot; slot < step.end_slot; ++slot) slots[slot] = Slot{};
  if (!step.unnested) return read_value(step, slots, value);
  lacks_unnested_ = false;
  num_elements_ = 0;
  element_slots_.clear();
  if (*value == 'n') return value;
  if (*value != '[' && (*value != '{' || projection_.options.strict)) return nullptr;
  const auto read_element = [this](const char* element) { return this->read_element(element); };
  const char* end = *value == '[' ? read_elements(value, read_element) : read_element(value);
  if (end == nullptr || !set_slot(step, slots, value, end, Slot::Kind::kContainer)) return nullptr;
  return end;
}

// Reads a value that is wanted as a whole, or below which something is wanted, or both.
const char* FastRows::read_value(const Step& step, Slot* slots, const char* value) {
  const bool inner = !step.children.empty();
  const char* end = value;
  switch (*value) {
    case 'n': return value + kNull.size();
    case '{':
    case '[': return read_container(step, slots, value);
    case '"':
      end = inner ? nullptr : index_.string_end(value);
      if (end == nullptr) return nullptr;
      return set_slot(step, slots, value + 1, end, Slot::Kind::kPlainString) ? end + 1 : nullptr;
    default:
      if (inner) return nullptr;
      while (is_literal_character(*end)) ++end;
      return set_slot(step, slots, value, end, Slot::Kind::kLiteral) ? end : nullptr;
  }
}

const char* FastRows::read_container(const Step& step, Slot* slots, const char* value) {
  if (step.is_list) return *value == '[' ? read_list(step, slots, value) : nullptr;
  const bool inner = !step.children.empty();
  if ((inner && *value == '[') || index_.next_token() != value) return nullptr;
  const char* end = nullptr;
  if (inner) {
    end = read_members(step, slots);
  } else if (const char* close = index_.skip_to_close()) {
    end = close + 1;
  }
  if (end == nullptr || !set_slot(step, slots, value, end, Slot::Kind::kContainer)) return nullptr;
  return end;
}

// Reads a wanted array whose elements are taken apart.
const char* FastRows::read_list(const Step& step, Slot* slots, const char* value) {
  const Step& element = step.children[0];
  const size_t first = list_slots_.size();
  uint32_t num_elements = 0;
  list_slots_.emplace_back();
  const char* end = read_elements(value, [&](const char* next) {
    const size_t place = list_slots_.size();
    list_slots_.resize(place + element.end_slot);
    return ++num_elements <= kMaxValueElements
               ? read_value(element, list_slots_.data() + place, next)
               : nullptr;
  });
  if (end == nullptr || first > UINT32_MAX) return nullptr;
  list_slots_[first].size = num_elements;
  slots[step.slot] = {value, static_cast<uint32_t>(first), Slot::Kind::kList};
  return end;
}

bool FastRows::set_slot(const Step& step, Slot* slots, const char* begin, const char* end,
                        Slot::Kind kind) const {
  if (step.slot == PathNode::kNoSlot) return true;
  const auto size = static_cast<size_t>(end - begin);
  if (size > kMaxValueBytes) return false;
  if (kind == Slot::Kind::kPlainString && index_.near_special() &&
      std::memchr(begin, '\\', size) != nullptr)
    kind = Slot::Kind::kEscapedString;
  slots[step.slot] = {begin, static_cast<uint32_t>(size), kind};
  return true;
}

// Reads the elements of the array at `value`.
template <typename ReadElement>
const char* FastRows::read_elements(const char* value, ReadElement read_element) {
  if (index_.next_token() != value) return nullptr;
  const char* next = skip_space(value + 1);
  if (*next == ']') return index_.next_token() == next ? next + 1 : nullptr;
  while (true) {
    const char* end = read_element(next);
    if (end == nullptr) return nullptr;
    next = skip_space(end);
    if (*next == ']') return index_.next_token() == next ? next + 1 : nullptr;
    if (*next != ',') return nullptr;
    next = skip_space(next + 1);
  }
}

// Reads an element that becomes a row. Others than objects, arrays and nulls are too rare to be
// worth a fast path.
const char* FastRows::read_element(const char* value) {
  ++num_elements_;
  const size_t num_slots = projection_.element.end_slot;
  Slot* slots = nullptr;
  if (num_slots != 0) {
    const size_t first = element_slots_.size();
    element_slots_.resize(first + num_slots);
    slots = element_slots_.data() + first;
  }
  if (std::memcmp(value, kNull.data(), kNull.size()) == 0) return value + kNull.size();
  return *value == '{' || *value == '[' ? read_container(element_, slots, value) : nullptr;
}

void FastRows::append(size_t from, size_t to, bool borrow, std::vector<Column>& columns) {
  const size_t num_slots = projection_.element.end_slot;
  for (size_t i = 0; i < projection_.columns.size(); ++i) {
    const Projection::Delivered& delivered = projection_.columns[i];
    if (delivered.wanted->source == ScanColumn::Source::kTable) {
      for (size_t row = from; row < to; ++row)
        append_value(&table_slots_[delivered.slot], delivered.shape, borrow, columns[i]);
    } else if (delivered.wanted->source == ScanColumn::Source::kRecordText) {
      for (size_t row = from; row < to; ++row) {
        const size_t element_slot = row * num_slots + delivered.slot;
        append_text(
            projection_.unnest ? element_slots_[element_slot] : table_slots_[delivered.slot],
            borrow, columns[i]);
      }
    } else if (delivered.wanted->source == ScanColumn::Source::kElement) {
      for (size_t row = from; row < to; ++row)
        append_value(&element_slots_[row * num_slots + delivered.slot], delivered.shape, borrow,
                     columns[i]);
    }
  }
}

FastRows::Text FastRows::text_at(size_t row, size_t column) const {
  const Projection::Delivered& delivered = projection_.columns[column];
  const Slot& slot = delivered.wanted->source == ScanColumn::Source::kTable
                         ? table_slots_[delivered.slot]
                         : element_slots_[row * projection_.element.end_slot + delivered.slot];
  switch (slot.kind) {
    case Slot::Kind::kMissing: return {Text::Kind::kNull, {}};
    case Slot::Kind::kPlainString: return {Text::Kind::kPlain, {slot.begin, slot.size}};
    case Slot::Kind::kEscapedString:
    case Slot::Kind::kLiteral:
    case Slot::Kind::kContainer:
    case Slot::Kind::kList: break;
  }
  return {Text::Kind::kOther, {}};
}

// Elements are objects, arrays or nulls here.
void FastRows::append_text(const Slot& slot, bool borrow, Column& column) {
  const std::string_view text(slot.begin, slot.size);
  if (slot.kind == Slot::Kind::kMissing) return column.append_null();
  return borrow ? column.append_borrowed_string(text) : column.append_string(text);
}

// Appends the value whose slot that is, and of a row those of its fields, whose slots follow.
// Returns the slot behind them.
const FastRows::Slot* FastRows::append_value(const Slot* slot, const ValueShape& shape, bool borrow,
                                             Column& column) {
  if (!shape.type.is(TypeKind::kRow)) {
    append_slot(*slot, shape, borrow, column);
    return slot + 1;
  }
  if (slot->kind == Slot::Kind::kMissing) {
    column.append_null();
    return slot + shape.num_values;
  }
  ++slot;
  for (size_t i = 0; i < shape.children.size(); ++i)
    slot = append_value(slot, shape.children[i], borrow, column.children()[i]);
  column.append_row();
  return slot;
}

void FastRows::append_list(const Slot& slot, const ValueShape& shape, bool borrow, Column& column) {
  const ValueShape& element = shape.children[0];
  const Slot* next = &list_slots_[slot.size];
  const Slot* end = next + 1 + size_t{next->size} * element.num_values;
  for (++next; next < end;) next = append_value(next, element, borrow, column.children()[0]);
  column.append_list();
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
    case Slot::Kind::kList: return append_list(slot, shape, borrow, column);
    case Slot::Kind::kContainer:
      if (shape.type.is_unbounded_varchar() && !projection_.options.strict &&
          plain_.is_canonical(text))
        return borrow ? column.append_borrowed_string(text) : column.append_string(text);
      if (!document_.parse(text, projection_.options.keys))
        throw QueryError(ErrorCode::kGenericInternalError, document_.problem());
      return converter_.append(document_, 0, shape, column);
  }
}

void FastRows::shrink() {
  document_.shrink();
  element_slots_ = {};
  list_slots_ = {};
  decoded_ = {};
}

}  // namespace trailsql
