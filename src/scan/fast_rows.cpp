#include "scan/fast_rows.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "base/error.h"
#include "scan/scan_limits.h"

namespace trailsql {
namespace {

constexpr std::string_view kNull = "null";

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
  step.is_letters = std::ranges::all_of(path.key, [](char c) { return c >= 'a' && c <= 'z'; });
  std::memcpy(&step.tail, tail.data(), sizeof(step.tail));
  std::memcpy(&step.tail_mask, mask.data(), sizeof(step.tail_mask));
  step.tail |= kCaseBits & step.tail_mask;
  const auto ending = [](const Step& child) { return KeyEndings::last_of(child.key); };
  for (const PathNode& child : path.children) step.children.push_back(make_step(child));
  std::ranges::stable_sort(step.children, {}, ending);
  for (const Step& child : step.children) {
    step.child_endings.add(child.key);
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
const char* FastRows::read_members(Step& step, Slot* slots) {
  while (const char* token = index_.next_member(step.child_endings)) {
    if (*token != ':') return token + 1;
    Step* wanted = nullptr;
    if (!find_step(step, token, wanted)) return nullptr;
    if (wanted != nullptr && read_wanted(*wanted, slots, skip_space(token + 1)) == nullptr)
      return nullptr;
  }
  return nullptr;
}

// Finds the child whose key ends before `colon`; returns false when not sure.
bool FastRows::find_step(Step& parent, const char* colon, Step*& found) const {
  const char* end = colon - 1;  // the closing quote
  while (end > begin_ && is_space(*end)) --end;
  if (end - begin_ < 2 || *end != '"') return false;
  if (index_.near_special() && !is_plain_key(end)) return false;
  std::vector<Step>& children = parent.children;
  if (children.empty()) return true;
  const auto max_size = static_cast<size_t>(end - begin_ - 1);
  std::array<char, sizeof(uint64_t)> bytes = {};
  if (max_size >= bytes.size()) {
    std::memcpy(bytes.data(), end - bytes.size(), bytes.size());
  } else {
    std::memcpy(bytes.data() + (bytes.size() - 1 - max_size), begin_, max_size + 1);
  }
  const uint64_t tail = std::bit_cast<uint64_t>(bytes) | kCaseBits;
  uint32_t& follower = children[parent.last_found].follower;
  if (is_key_of(children[follower], end, max_size, tail)) {
    parent.last_found = follower;
    found = &children[follower];
    return true;
  }
  const uint32_t ending = KeyEndings::case_free(end[-1]);
  for (uint32_t i = parent.first_with[ending]; i < parent.first_with[ending + 1]; ++i) {
    if (!is_key_of(children[i], end, max_size, tail)) continue;
    follower = i;
    parent.last_found = i;
    found = &children[i];
    return true;
  }
  return true;
}

// Returns whether a key that ends at the quote `key_end`, of `max_size` bytes at most, is that of
// the step. `tail` is its last eight bytes with all of kCaseBits.
bool FastRows::is_key_of(const Step& step, const char* key_end, size_t max_size, uint64_t tail) {
  if (((tail ^ step.tail) & step.tail_mask) != 0) return false;
  const size_t size = step.key.size();
  if (size > max_size || key_end[-static_cast<ptrdiff_t>(size) - 1] != '"') return false;
  if (!step.is_letters) return same_letters(step.key, {key_end - size, size});
  // Of letters the case bit is all that the tail does not tell.
  const char* key = key_end - size;
  for (size_t i = 0; i + sizeof(tail) < size; i += sizeof(tail)) {
    uint64_t word = 0;
    uint64_t wanted = 0;
    std::memcpy(&word, key + i, sizeof(word));
    std::memcpy(&wanted, step.key.data() + i, sizeof(wanted));
    if ((word | kCaseBits) != wanted) return false;
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

const char* FastRows::read_wanted(Step& step, Slot* slots, const char* value) {
  // A repeated key: what an earlier one held does not count.
  const bool is_new =
      step.slot != PathNode::kNoSlot && slots[step.slot].kind == Slot::Kind::kMissing;
  for (uint32_t slot = is_new ? step.end_slot : step.first_slot; slot < step.end_slot; ++slot)
    slots[slot] = Slot{};
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
const char* FastRows::read_value(Step& step, Slot* slots, const char* value) {
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

const char* FastRows::read_container(Step& step, Slot* slots, const char* value) {
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
const char* FastRows::read_list(Step& step, Slot* slots, const char* value) {
  Step& element = step.children[0];
  const size_t first = list_slots_.size();
  uint32_t num_elements = 0;
  const char* end = read_elements(value, [&](const char* next) {
    const size_t place = list_slots_.size();
    list_slots_.resize(place + element.end_slot);
    return ++num_elements <= kMaxValueElements
               ? read_value(element, list_slots_.data() + place, next)
               : nullptr;
  });
  if (end == nullptr || first > UINT32_MAX) return nullptr;
  slots[step.slot].begin = static_cast<uint32_t>(first);
  slots[step.slot].size = num_elements & kMaxSlotSize;
  slots[step.slot].kind = Slot::Kind::kList;
  return end;
}

bool FastRows::set_slot(const Step& step, Slot* slots, const char* begin, const char* end,
                        Slot::Kind kind) const {
  if (step.slot == PathNode::kNoSlot) return true;
  const auto size = static_cast<size_t>(end - begin);
  const auto place = static_cast<size_t>(begin - begin_);
  if (size > kMaxSlotSize || place > UINT32_MAX) return false;
  if (kind == Slot::Kind::kPlainString && index_.near_special() &&
      std::memchr(begin, '\\', size) != nullptr)
    kind = Slot::Kind::kEscapedString;
  slots[step.slot].begin = static_cast<uint32_t>(place);
  slots[step.slot].size = static_cast<uint32_t>(size) & kMaxSlotSize;
  slots[step.slot].kind = kind;
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
  // Of so many rows at once all slots stay at hand; those of the next ones are fetched meanwhile.
  constexpr size_t kRowsAtOnce = 16;
  constexpr size_t kLineBytes = 64;
  for (; from < to; from += std::min(kRowsAtOnce, to - from)) {
    const size_t num_slots = projection_.element.end_slot;
    const size_t end = std::min((from + 2 * kRowsAtOnce) * num_slots, element_slots_.size());
    for (size_t slot = (from + kRowsAtOnce) * num_slots; slot < end;
         slot += kLineBytes / sizeof(Slot))
      __builtin_prefetch(&element_slots_[slot]);
    append_block(from, std::min(kRowsAtOnce, to - from), borrow, columns);
  }
}

void FastRows::append_block(size_t from, size_t num_rows, bool borrow,
                            std::vector<Column>& columns) {
  const size_t num_slots = projection_.element.end_slot;
  for (size_t i = 0; i < projection_.columns.size(); ++i) {
    const Projection::Delivered& delivered = projection_.columns[i];
    const ScanColumn::Source source = delivered.wanted->source;
    if (!is_in_document(source)) continue;
    const bool is_of_element = source != ScanColumn::Source::kTable && projection_.unnest;
    const Slots slots = is_of_element
                            ? Slots{&element_slots_[from * num_slots + delivered.slot], num_slots}
                            : Slots{&table_slots_[delivered.slot], 0};
    if (source == ScanColumn::Source::kRecordText) {
      append_texts(slots, num_rows, borrow, columns[i]);
    } else {
      append_values(slots, num_rows, delivered.shape, borrow, columns[i]);
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
    case Slot::Kind::kPlainString: return {Text::Kind::kPlain, text_of(slot)};
    case Slot::Kind::kEscapedString:
    case Slot::Kind::kLiteral:
    case Slot::Kind::kContainer:
    case Slot::Kind::kList: break;
  }
  return {Text::Kind::kOther, {}};
}

// Appends values, and of rows those of their fields, whose slots follow their own.
void FastRows::append_values(const Slots& slots, size_t count, const ValueShape& shape, bool borrow,
                             Column& column) {
  if (shape.type.is(TypeKind::kRow)) {
    Slots fields{slots.first + 1, slots.stride};
    for (size_t i = 0; i < shape.children.size(); ++i) {
      append_values(fields, count, shape.children[i], borrow, column.children()[i]);
      fields.first += shape.children[i].num_values;
    }
    uint8_t* valid = column.extend_validity(count);
    for (size_t i = 0; i < count; ++i) valid[i] = slots[i].kind != Slot::Kind::kMissing ? 1 : 0;
    return;
  }
  const bool is_text = shape.type.is_unbounded_varchar();
  for (size_t i = 0; i < count; ++i) {
    size_t end = i;
    while (is_text && end < count && slots[end].kind <= Slot::Kind::kPlainString) ++end;
    append_texts({&slots[i], slots.stride}, end - i, borrow, column);
    if (end < count) append_slot(slots[end], shape, borrow, column);
    i = end;
  }
}

// Appends NULLs, and of all others the document's own text: of strings without escapes, which most
// of what logs hold are, and of whole records.
void FastRows::append_texts(const Slots& slots, size_t count, bool borrow, Column& column) const {
  if (count == 0) return;
  uint8_t* valid = column.extend_validity(count);
  std::string_view* texts = column.extend_strings(count);
  for (size_t i = 0; i < count; ++i) {
    const bool is_there = slots[i].kind != Slot::Kind::kMissing;
    const std::string_view text = is_there ? text_of(slots[i]) : std::string_view();
    valid[i] = is_there ? 1 : 0;
    texts[i] = borrow ? text : column.arena().add(text);
  }
}

void FastRows::append_list(const Slot& slot, const ValueShape& shape, bool borrow, Column& column) {
  const ValueShape& element = shape.children[0];
  append_values({list_slots_.data() + slot.begin, element.num_values}, slot.size, element, borrow,
                column.children()[0]);
  column.append_list();
}

void FastRows::append_slot(const Slot& slot, const ValueShape& shape, bool borrow, Column& column) {
  const std::string_view text = text_of(slot);
  switch (slot.kind) {
    case Slot::Kind::kMissing: return column.append_null();
    case Slot::Kind::kPlainString:
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
