#include "engine/vector_reader.h"

#include <duckdb.h>

#include <cstring>
#include <type_traits>

namespace trailsql {
namespace {

constexpr size_t kInlinedTextBytes = 12;  // of DuckDB's string_t

bool is_valid(const uint64_t* mask, size_t row) {
  return mask == nullptr || ((mask[row / 64] >> (row % 64)) & 1) != 0;
}

// A range of one vector, with its validity at hand.
struct Range {
  duckdb_vector vector;
  size_t start;
  size_t count;
  const uint64_t* mask;  // null: no value is NULL

  template <typename Value>
  const Value* values() const {
    return static_cast<const Value*>(duckdb_vector_get_data(vector)) + start;
  }
  bool valid(size_t i) const { return is_valid(mask, start + i); }
};

void read_validity(const Range& range, Column& column) {
  uint8_t* valid = column.extend_validity(range.count);
  if (range.mask == nullptr) {
    std::memset(valid, 1, range.count);
    return;
  }
  for (size_t i = 0; i < range.count; ++i) valid[i] = range.valid(i) ? 1 : 0;
}

// Places of NULL values hold anything in DuckDB, and zero in a Column.
template <typename From, typename To>
void read_numbers(const Range& range, To* out) {
  const From* values = range.values<From>();
  if constexpr (std::is_same_v<From, To>) {
    // DuckDB aligns to 8 bytes only, which is not enough to read 16 at once in place.
    std::memcpy(out, values, range.count * sizeof(To));
  } else {
    for (size_t i = 0; i < range.count; ++i) out[i] = static_cast<To>(values[i]);
  }
  if (range.mask == nullptr) return;
  for (size_t i = 0; i < range.count; ++i) {
    if (!range.valid(i)) out[i] = 0;
  }
}

void read_int64s(const Range& range, Column& column) {
  int64_t* out = column.extend_int64s(range.count);
  switch (column.type().kind()) {
    case TypeKind::kBoolean:
    case TypeKind::kTinyint: return read_numbers<int8_t>(range, out);
    case TypeKind::kSmallint: return read_numbers<int16_t>(range, out);
    case TypeKind::kInteger:
    case TypeKind::kDate:
    case TypeKind::kIntervalYearToMonth: return read_numbers<int32_t>(range, out);
    default: return read_numbers<int64_t>(range, out);
  }
}

void read_int128s(const Range& range, Column& column) {
  const int precision = column.type().precision();
  int128_t* out = column.extend_int128s(range.count);
  if (precision <= 4) return read_numbers<int16_t>(range, out);
  if (precision <= 9) return read_numbers<int32_t>(range, out);
  if (precision <= 18) return read_numbers<int64_t>(range, out);
  read_numbers<int128_t>(range, out);
}

std::string_view view_of(const duckdb_string_t& text) {
  const uint32_t size_bytes = text.value.inlined.length;
  if (size_bytes <= kInlinedTextBytes) return {text.value.inlined.inlined, size_bytes};
  return {text.value.pointer.ptr, size_bytes};
}

void read_strings(const Range& range, StringPolicy policy, Column& column) {
  const auto* texts = range.values<duckdb_string_t>();
  std::string_view* out = column.extend_strings(range.count);
  size_t total_bytes = 0;
  for (size_t i = 0; i < range.count; ++i) {
    out[i] = range.valid(i) ? view_of(texts[i]) : std::string_view();
    total_bytes += out[i].size();
  }
  if (policy == StringPolicy::kBorrow || total_bytes == 0) return;
  char* bytes = column.arena().allocate(total_bytes);
  for (size_t i = 0; i < range.count; ++i) {
    const std::string_view text = out[i];
    if (text.empty()) continue;
    std::memcpy(bytes, text.data(), text.size());
    out[i] = {bytes, text.size()};
    bytes += text.size();
  }
}

void read_elements(duckdb_vector child, size_t start, size_t count, StringPolicy policy,
                   Column& column) {
  if (count == 0) return;
  if (!column.type().is(TypeKind::kMap)) {
    return read_vector(child, start, count, policy, column.children()[0]);
  }
  for (size_t i = 0; i < 2; ++i) {
    read_vector(duckdb_struct_vector_get_child(child, i), start, count, policy,
                column.children()[i]);
  }
}

// Lists may lie anywhere in the child vector, but mostly follow one another: runs are read at once.
// The offsets of a Column are made by append_list, which looks at the size of the first child, so
// elements are read before the values that they belong to are closed; a run is therefore closed
// with explicit ends.
void read_lists(const Range& range, StringPolicy policy, Column& column) {
  const auto* entries = range.values<duckdb_list_entry>();
  duckdb_vector child = duckdb_list_vector_get_child(range.vector);
  size_t end = column.children()[0].size();
  size_t run_start = 0;
  size_t run_count = 0;
  for (size_t i = 0; i < range.count; ++i) {
    const bool valid = range.valid(i);
    const duckdb_list_entry entry = valid ? entries[i] : duckdb_list_entry{0, 0};
    if (entry.length != 0 && entry.offset != run_start + run_count) {
      read_elements(child, run_start, run_count, policy, column);
      run_start = entry.offset;
      run_count = 0;
    }
    run_count += entry.length;
    end += entry.length;
    column.append_list_end(valid, end);
  }
  read_elements(child, run_start, run_count, policy, column);
}

}  // namespace

void read_vector(_duckdb_vector* vector, size_t start, size_t count, StringPolicy policy,
                 Column& column) {
  const Range range{vector, start, count, duckdb_vector_get_validity(vector)};
  switch (storage_of(column.type())) {
    case Storage::kNone: std::memset(column.extend_validity(count), 0, count); return;
    case Storage::kInt64: read_int64s(range, column); break;
    case Storage::kDouble:
      if (column.type().is(TypeKind::kReal)) {
        read_numbers<float>(range, column.extend_doubles(count));
      } else {
        read_numbers<double>(range, column.extend_doubles(count));
      }
      break;
    case Storage::kInt128: read_int128s(range, column); break;
    case Storage::kString: read_strings(range, policy, column); break;
    case Storage::kList: return read_lists(range, policy, column);
    case Storage::kRow:
      for (size_t i = 0; i < column.children().size(); ++i) {
        read_vector(duckdb_struct_vector_get_child(vector, i), start, count, policy,
                    column.children()[i]);
      }
      break;
  }
  read_validity(range, column);
}

}  // namespace trailsql
