// The fast path: finds the wanted values of a strictly written document in one pass over its text,
// jumping from bracket to bracket, and keeps only where they lie. Whatever is not plain, strict
// JSON of the expected shape it leaves to TreeRows, whose answers are the measure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/json_document.h"
#include "scan/plain_json.h"
#include "scan/projection.h"
#include "scan/structure_index.h"
#include "types/column.h"

namespace trailsql {

/// Turns one document at a time into rows.
class FastRows {
 public:
  /// `converter` must outlive it.
  FastRows(const Projection& projection, ValueConverter& converter);

  /// Reads the document that begins at the front of `text`, which ends at its first line end if
  /// `one_line`; at least ByteBuffer::kPaddingBytes readable bytes must follow. Returns false when
  /// it is not sure; nothing is known about the document then. The text must outlive the rows.
  bool read(std::string_view text, bool one_line);

  /// Returns the length of the document that was read.
  size_t consumed_bytes() const { return consumed_bytes_; }
  /// Returns whether the text may hold non-ASCII bytes, which the caller has to check.
  bool has_non_ascii() const { return index_.has_non_ascii(); }
  size_t num_rows() const { return num_rows_; }
  /// Returns whether the unnested column is absent from the document.
  bool lacks_unnested() const { return lacks_unnested_; }

  /// What a column holds in a row, if that is a text without escapes.
  struct Text {
    enum class Kind : uint8_t { kNull, kPlain, kOther };
    Kind kind;
    std::string_view text;  // of kPlain
  };
  /// Returns what the `column`th of the projection's columns, of a table or an element, holds.
  Text text_at(size_t row, size_t column) const;

  /// Appends rows [from, to) to the columns that documents fill; others are left alone. With
  /// `borrow`, strings may point into the text. Throws HIVE_CURSOR_ERROR (the reason alone).
  void append(size_t from, size_t to, bool borrow, std::vector<Column>& columns);

  /// Frees memory that one huge document took.
  void shrink();

 private:
  // Where a wanted value lies. Eight bytes, since rows of CloudTrail's have more than seventy.
  struct Slot {
    enum class Kind : uint8_t {
      kMissing,
      kPlainString,
      kEscapedString,
      kLiteral,
      kContainer,
      kList,  // an array taken apart: its elements' slots stand at `begin` in list_slots_
    };
    uint32_t begin = 0;      // in the document; of strings behind the quote
    uint32_t size : 29 = 0;  // of lists the number of elements
    Kind kind : 3 = Kind::kMissing;
  };
  static constexpr uint32_t kMaxSlotSize = (uint32_t{1} << 29) - 1;
  std::string_view text_of(const Slot& slot) const { return {begin_ + slot.begin, slot.size}; }
  // The slots of one value in several rows.
  struct Slots {
    const Slot* first;
    size_t stride;
    const Slot& operator[](size_t row) const { return first[row * stride]; }
  };
  // A PathNode with what speeds up the search for its children.
  struct Step {
    std::string key;
    uint64_t tail = 0;       // the last eight bytes of the quote that opens the key and the key,
    uint64_t tail_mask = 0;  // with kCaseBits set, and which of those bytes there are
    int32_t slot = PathNode::kNoSlot;
    bool unnested = false;
    bool is_list = false;  // the only child is one element
    uint32_t first_slot = 0;
    uint32_t end_slot = 0;
    KeyEndings child_endings;
    std::vector<Step> children;  // in the order of the low five bits of their keys' last bytes
    std::array<uint32_t, 33> first_with = {};  // by those bits: where such children begin
    bool is_letters = false;                   // the key is nothing but letters of ASCII
    uint32_t last_found = 0;                   // the child that was found last
    uint32_t follower = 0;  // the sibling that was found after this one: mostly it will be again
  };

  static constexpr uint64_t kCaseBits = 0x2020202020202020;  // letters differ in one by their case

  static Step make_step(const PathNode& path);
  // Those that read something begin at its first byte and return what is behind it, or nullptr when
  // not sure.
  const char* read_members(Step& step, Slot* slots);
  const char* read_wanted(Step& step, Slot* slots, const char* value);
  const char* read_value(Step& step, Slot* slots, const char* value);
  const char* read_container(Step& step, Slot* slots, const char* value);
  const char* read_list(Step& step, Slot* slots, const char* value);
  template <typename ReadElement>
  const char* read_elements(const char* value, ReadElement read_element);
  const char* read_element(const char* value);
  bool find_step(Step& parent, const char* colon, Step*& found) const;
  static bool is_key_of(const Step& step, const char* key_end, size_t max_size, uint64_t tail);
  bool is_plain_key(const char* key_end) const;
  bool set_slot(const Step& step, Slot* slots, const char* begin, const char* end,
                Slot::Kind kind) const;
  const char* skip_space(const char* p) const {
    while (static_cast<uint8_t>(*p) <= ' ' && is_space(*p)) ++p;
    return p;
  }
  bool is_space(char c) const {
    return c == ' ' || c == '\t' || (!one_line_ && (c == '\n' || c == '\r'));
  }
  void append_block(size_t from, size_t num_rows, bool borrow, std::vector<Column>& columns);
  void append_values(const Slots& slots, size_t count, const ValueShape& shape, bool borrow,
                     Column& column);
  void append_texts(const Slots& slots, size_t count, bool borrow, Column& column) const;
  void append_slot(const Slot& slot, const ValueShape& shape, bool borrow, Column& column);
  void append_list(const Slot& slot, const ValueShape& shape, bool borrow, Column& column);

  const Projection projection_;  // taken apart
  ValueConverter& converter_;
  bool usable_ = false;  // for this projection at all
  Step table_;
  Step element_;
  StructureIndex index_;
  const char* begin_ = nullptr;
  bool one_line_ = true;
  std::vector<Slot> table_slots_;
  std::vector<Slot> element_slots_;  // num_rows × slots of one element
  std::vector<Slot> list_slots_;     // of the elements of wanted arrays
  size_t num_elements_ = 0;
  size_t num_rows_ = 0;
  size_t consumed_bytes_ = 0;
  bool lacks_unnested_ = false;
  JsonDocument document_;  // of one wanted object or array
  PlainJson plain_;
  std::string decoded_;
};

}  // namespace trailsql
