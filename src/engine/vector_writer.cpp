#include "engine/vector_writer.h"

#include <duckdb.h>
#include <fmt/core.h>

#include <cstring>
#include <type_traits>

#include "base/error.h"

// In the library (1.5), not yet in the header (1.4): the same as the one without "unsafe", without
// its check for UTF-8, which our strings have passed already.
extern "C" void duckdb_unsafe_vector_assign_string_element_len(duckdb_vector vector, idx_t index,
                                                               const char* text, idx_t size_bytes);

namespace trailsql {
namespace {

constexpr size_t kInlinedBytes = 12;  // of DuckDB's string_t
constexpr size_t kRowsPerWord = 64;   // of a validity mask
constexpr size_t kMaxTextBytes = 0xffffffff;

// Packs eight bytes of 0 or 1 into eight bits, the first into the lowest.
uint64_t pack_eight(const uint8_t* bytes) {
  uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  return (word * 0x0102040810204080ULL) >> 56;
}

void write_validity(duckdb_vector vector, const Column& column) {
  const std::vector<uint8_t>& valid = column.validity();
  const size_t count = valid.size();
  if (count == 0) return;
  const bool has_null = std::memchr(valid.data(), 0, count) != nullptr;
  if (has_null) duckdb_vector_ensure_validity_writable(vector);
  uint64_t* mask = duckdb_vector_get_validity(vector);
  if (mask == nullptr) return;
  size_t row = 0;
  for (; row + kRowsPerWord <= count; row += kRowsPerWord) {
    uint64_t word = 0;
    for (size_t i = 0; i < 8; ++i) word |= pack_eight(&valid[row + i * 8]) << (i * 8);
    mask[row / kRowsPerWord] = word;
  }
  if (row == count) return;
  uint64_t word = ~uint64_t{0} << (count - row);
  for (size_t i = row; i < count; ++i) word |= uint64_t{valid[i]} << (i - row);
  mask[row / kRowsPerWord] = word;
}

template <typename To, typename From>
void write_numbers(duckdb_vector vector, const std::vector<From>& values) {
  To* out = static_cast<To*>(duckdb_vector_get_data(vector));
  if constexpr (std::is_same_v<From, To>) {
    // DuckDB aligns to 8 bytes only, which is not enough to write 16 at once in place.
    if (!values.empty()) std::memcpy(out, values.data(), values.size() * sizeof(To));
  } else {
    for (size_t i = 0; i < values.size(); ++i) out[i] = static_cast<To>(values[i]);
  }
}

void write_int64s(duckdb_vector vector, const Column& column) {
  switch (column.type().kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint: return write_numbers<int8_t>(vector, column.int64s());
    case TypeKind::kSmallint: return write_numbers<int16_t>(vector, column.int64s());
    case TypeKind::kInteger:
    case TypeKind::kDate:
    case TypeKind::kIntervalYearToMonth: return write_numbers<int32_t>(vector, column.int64s());
    default: return write_numbers<int64_t>(vector, column.int64s());
  }
}

void write_int128s(duckdb_vector vector, const Column& column) {
  const int precision = column.type().precision();
  if (precision <= 4) return write_numbers<int16_t>(vector, column.int128s());
  if (precision <= 9) return write_numbers<int32_t>(vector, column.int128s());
  if (precision <= 18) return write_numbers<int64_t>(vector, column.int128s());
  write_numbers<int128_t>(vector, column.int128s());
}

template <typename Word>
void copy_word(char* to, const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof(word));
  std::memcpy(to, &word, sizeof(word));
}

// Copies up to 12 bytes with two overlapping words instead of a call.
void copy_short(char* to, const char* from, size_t size_bytes) {
  if (size_bytes >= 8) {
    copy_word<uint64_t>(to, from);
    copy_word<uint64_t>(to + size_bytes - 8, from + size_bytes - 8);
  } else if (size_bytes >= 4) {
    copy_word<uint32_t>(to, from);
    copy_word<uint32_t>(to + size_bytes - 4, from + size_bytes - 4);
  } else {
    for (size_t i = 0; i < size_bytes; ++i) to[i] = from[i];
  }
}

// Short strings are written in place; only long ones cost a call, which copies them to the vector's
// own heap. DuckDB compares the unused bytes of short ones, so these are zero.
void write_strings(duckdb_vector vector, const Column& column) {
  const std::vector<std::string_view>& texts = column.strings();
  auto* out = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string_view text = texts[i];
    if (text.size() <= kInlinedBytes) {
      duckdb_string_t slot{};
      slot.value.inlined.length = static_cast<uint32_t>(text.size());
      copy_short(slot.value.inlined.inlined, text.data(), text.size());
      out[i] = slot;
    } else if (text.size() > kMaxTextBytes) {
      throw QueryError(ErrorCode::kNotSupported,
                       fmt::format("A text of more than {} bytes", kMaxTextBytes));
    } else {
      duckdb_unsafe_vector_assign_string_element_len(vector, i, text.data(), text.size());
    }
  }
}

void write_lists(duckdb_vector vector, const Column& column) {
  const size_t num_elements = column.children()[0].size();
  duckdb_list_vector_reserve(vector, num_elements);
  duckdb_list_vector_set_size(vector, num_elements);
  auto* entries = static_cast<duckdb_list_entry*>(duckdb_vector_get_data(vector));
  for (size_t i = 0; i < column.size(); ++i) {
    entries[i] = {column.offset(i), column.offset(i + 1) - column.offset(i)};
  }
  duckdb_vector child = duckdb_list_vector_get_child(vector);
  if (!column.type().is(TypeKind::kMap)) return write_vector(child, column.children()[0]);
  for (size_t i = 0; i < 2; ++i) {
    write_vector(duckdb_struct_vector_get_child(child, i), column.children()[i]);
  }
}

void write_all_null(duckdb_vector vector, size_t count) {
  if (count == 0) return;
  duckdb_vector_ensure_validity_writable(vector);
  uint64_t* mask = duckdb_vector_get_validity(vector);
  const size_t num_words = (count + kRowsPerWord - 1) / kRowsPerWord;
  std::memset(mask, 0, num_words * sizeof(uint64_t));
}

}  // namespace

void write_vector(_duckdb_vector* vector, const Column& column) {
  switch (storage_of(column.type())) {
    case Storage::kNone: return write_all_null(vector, column.size());
    case Storage::kInt64: write_int64s(vector, column); break;
    case Storage::kDouble:
      if (column.type().is(TypeKind::kReal)) {
        write_numbers<float>(vector, column.doubles());
      } else {
        write_numbers<double>(vector, column.doubles());
      }
      break;
    case Storage::kInt128: write_int128s(vector, column); break;
    case Storage::kString: write_strings(vector, column); break;
    case Storage::kList: write_lists(vector, column); break;
    case Storage::kRow:
      for (size_t i = 0; i < column.children().size(); ++i) {
        write_vector(duckdb_struct_vector_get_child(vector, i), column.children()[i]);
      }
      break;
  }
  write_validity(vector, column);
}

void write_null(_duckdb_vector* vector, const Type& type, size_t row) {
  duckdb_vector_ensure_validity_writable(vector);
  duckdb_validity_set_row_invalid(duckdb_vector_get_validity(vector), row);
  if (storage_of(type) != Storage::kRow) return;
  const std::vector<Type> children = child_types(type);
  for (size_t i = 0; i < children.size(); ++i) {
    write_null(duckdb_struct_vector_get_child(vector, i), children[i], row);
  }
}

}  // namespace trailsql
