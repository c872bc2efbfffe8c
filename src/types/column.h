// Columns of values in memory: the currency from the scan to the engine, and from the engine to the
// result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "types/type.h"

namespace trailsql {

using int128_t = __int128;

/// Says which vector of a Column holds the values of a type.
enum class Storage : uint8_t { kNone, kInt64, kDouble, kInt128, kString, kList, kRow };
Storage storage_of(const Type& type);

/// Keeps the bytes that string values point to. Views stay valid until `clear` or destruction.
class StringArena {
 public:
  std::string_view add(std::string_view text);
  /// Returns `size_bytes` writable bytes that live as long as the arena's contents.
  char* allocate(size_t size_bytes);
  /// Forgets the contents and keeps the memory for reuse.
  void clear();

 private:
  static constexpr size_t kBlockBytes = 64 * 1024;
  struct Block {
    std::vector<char> bytes;
    size_t used = 0;
  };
  std::vector<Block> blocks_;
  size_t current_ = 0;
};

/// Holds `size()` values of one type. Which vector holds them depends on the type:
///
///   int64s    boolean (0/1), tinyint … bigint, date (days since 1970-01-01),
///             time(p) (picoseconds of the day),
///             timestamp(p ≤ 6) (microseconds since 1970-01-01 00:00:00),
///             intervals (milliseconds; months)
///
///   doubles   real, double
///
///   int128s   decimal (unscaled)
///
///   strings   varchar, char, json (UTF-8), varbinary,
///             uuid and ipaddress (16 bytes, network order), SetDigest (bytes)
///
///   children  array: {elements}, delimited by offsets;
///             map: {keys, values}, delimited by offsets;
///             row: one per field, of the row's own size;
///             timestamp(p ≤ 6) with time zone: {microseconds UTC as bigint, zone as varchar};
///             timestamp(p > 6): {microseconds as bigint, picoseconds beyond as integer},
///             with time zone: the zone as a third;
///             time(p) with time zone: {picoseconds of the day in UTC as bigint,
///             offset minutes as integer}
///
///   (nothing) unknown: every value is NULL
///
/// A NULL value still takes its place in those vectors (zero, empty; NULL children of rows).
/// Not safe for use from several threads at once.
class Column {
 public:
  Column() = default;
  explicit Column(Type type);

  const Type& type() const { return type_; }
  size_t size() const { return valid_.size(); }
  bool is_null(size_t i) const { return valid_[i] == 0; }

  int64_t int64_at(size_t i) const { return int64s_[i]; }
  bool boolean_at(size_t i) const { return int64s_[i] != 0; }
  double double_at(size_t i) const { return doubles_[i]; }
  int128_t int128_at(size_t i) const { return int128s_[i]; }
  std::string_view string_at(size_t i) const { return strings_[i]; }
  /// Elements of value i of an array or map are [offset(i), offset(i + 1)) of the children.
  size_t offset(size_t i) const { return offsets_[i]; }
  const std::vector<Column>& children() const { return children_; }
  std::vector<Column>& children() { return children_; }

  /// The values as whole vectors, for bulk copies. Only the one that `Storage` names is filled.
  const std::vector<uint8_t>& validity() const { return valid_; }  // 1 or 0 (NULL) per value
  const std::vector<int64_t>& int64s() const { return int64s_; }
  const std::vector<double>& doubles() const { return doubles_; }
  const std::vector<int128_t>& int128s() const { return int128s_; }
  const std::vector<std::string_view>& strings() const { return strings_; }

  /// Append `count` places at once and return the first; the caller fills in all of them, in the
  /// validity and in the vector that `Storage` names. The pointer is good until the next append.
  uint8_t* extend_validity(size_t count) { return extend(valid_, count); }
  int64_t* extend_int64s(size_t count) { return extend(int64s_, count); }
  double* extend_doubles(size_t count) { return extend(doubles_, count); }
  int128_t* extend_int128s(size_t count) { return extend(int128s_, count); }
  std::string_view* extend_strings(size_t count) { return extend(strings_, count); }
  /// Appends an array or map value (or NULL) whose elements end at `end` in the children, before or
  /// after they are appended there.
  void append_list_end(bool valid, size_t end) {
    valid_.push_back(valid ? 1 : 0);
    offsets_.push_back(end);
  }

  void append_null() {
    if (storage_ != Storage::kString) return append_other_null();
    valid_.push_back(0);
    strings_.emplace_back();
  }
  void append_int64(int64_t value);
  void append_boolean(bool value) { append_int64(value ? 1 : 0); }
  void append_double(double value);
  void append_int128(int128_t value);
  /// Copies `value` into the column's own arena.
  void append_string(std::string_view value);
  /// Refers to bytes that the caller keeps alive as long as this column's contents.
  void append_borrowed_string(std::string_view value) {
    valid_.push_back(1);
    strings_.push_back(value);
  }
  /// Closes an array or map value whose elements were appended to the children since the last
  /// value.
  void append_list();
  /// Closes a row (or other value with one child each) after exactly one value was appended to
  /// every child.
  void append_row() { valid_.push_back(1); }
  /// Appends value `i` of `source`, a column of the same physical layout.
  void append_from(const Column& source, size_t i);

  /// Forgets the values and keeps the memory for reuse.
  void clear();
  StringArena& arena() { return arena_; }

 private:
  void append_other_null();
  template <typename Value>
  static Value* extend(std::vector<Value>& values, size_t count) {
    values.resize(values.size() + count);
    return values.data() + (values.size() - count);
  }

  Type type_;
  Storage storage_ = Storage::kNone;
  std::vector<uint8_t> valid_;
  std::vector<int64_t> int64s_;
  std::vector<double> doubles_;
  std::vector<int128_t> int128s_;
  std::vector<std::string_view> strings_;
  std::vector<uint64_t> offsets_;
  std::vector<Column> children_;
  StringArena arena_;
};

/// Returns the types of a Column's children for `type` (see Column).
std::vector<Type> child_types(const Type& type);

/// Holds some rows: columns of equal size.
struct ColumnBatch {
  std::vector<Column> columns;
  size_t num_rows = 0;

  void clear();
  /// Empties the batch and gives it columns of these types; it keeps those that it has already.
  void reset(const std::vector<Type>& types);
};

}  // namespace trailsql
