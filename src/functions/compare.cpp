#include "functions/compare.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace trailsql {
namespace {

template <typename T>
int order(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

int order_doubles(double a, double b, NanOrder nan = NanOrder::kGreatest) {
  if (!std::isnan(a) && !std::isnan(b)) return order(a, b);
  const int result = order(std::isnan(a), std::isnan(b));
  return nan == NanOrder::kGreatest ? result : -result;
}

// char values are kept without their padding, but compare as if padded with spaces.
int order_padded(std::string_view a, std::string_view b) {
  const size_t length = std::max(a.size(), b.size());
  for (size_t i = 0; i < length; ++i) {
    const auto left = static_cast<unsigned char>(i < a.size() ? a[i] : ' ');
    const auto right = static_cast<unsigned char>(i < b.size() ? b[i] : ' ');
    if (left != right) return order(left, right);
  }
  return 0;
}

// How many children count, from the first: a zone, which is the last of its instant, does not.
size_t num_compared_children(const Column& column) {
  return column.children().size() - (column.type().has_zone() ? 1 : 0);
}

std::optional<bool> elements_equal(const Column& a, size_t i, const Column& b, size_t j) {
  if (a.is_null(i) || b.is_null(j)) return std::nullopt;
  return values_equal(a, i, b, j);
}

std::optional<bool> arrays_equal(const Column& a, size_t i, const Column& b, size_t j) {
  const size_t length = a.offset(i + 1) - a.offset(i);
  if (length != b.offset(j + 1) - b.offset(j)) return false;
  bool unknown = false;
  for (size_t k = 0; k < length; ++k) {
    const std::optional<bool> equal =
        elements_equal(a.children()[0], a.offset(i) + k, b.children()[0], b.offset(j) + k);
    if (equal && !*equal) return false;
    unknown = unknown || !equal;
  }
  return unknown ? std::nullopt : std::optional(true);
}

std::optional<bool> maps_equal(const Column& a, size_t i, const Column& b, size_t j) {
  if (a.offset(i + 1) - a.offset(i) != b.offset(j + 1) - b.offset(j)) return false;
  bool unknown = false;
  for (size_t k = a.offset(i); k < a.offset(i + 1); ++k) {
    const size_t entry =
        find_entry(b.children()[0], b.offset(j), b.offset(j + 1), a.children()[0], k);
    if (entry == b.offset(j + 1)) return false;
    const std::optional<bool> equal = elements_equal(a.children()[1], k, b.children()[1], entry);
    if (equal && !*equal) return false;
    unknown = unknown || !equal;
  }
  return unknown ? std::nullopt : std::optional(true);
}

std::optional<bool> rows_equal(const Column& a, size_t i, const Column& b, size_t j) {
  bool unknown = false;
  for (size_t child = 0; child < num_compared_children(a); ++child) {
    const std::optional<bool> equal =
        elements_equal(a.children()[child], i, b.children()[child], j);
    if (equal && !*equal) return false;
    unknown = unknown || !equal;
  }
  return unknown ? std::nullopt : std::optional(true);
}

int compare_elements(const Column& a, size_t i, const Column& b, size_t j, bool of_row,
                     NanOrder nan) {
  if (a.is_null(i) || b.is_null(j)) {
    throw QueryError(ErrorCode::kNotSupported,
                     of_row ? "ROW comparison not supported for fields with null elements"
                            : "ARRAY comparison not supported for arrays with null elements");
  }
  return compare_values(a, i, b, j, nan);
}

int compare_arrays(const Column& a, size_t i, const Column& b, size_t j, NanOrder nan) {
  const size_t a_length = a.offset(i + 1) - a.offset(i);
  const size_t b_length = b.offset(j + 1) - b.offset(j);
  for (size_t k = 0; k < std::min(a_length, b_length); ++k) {
    const int result = compare_elements(a.children()[0], a.offset(i) + k, b.children()[0],
                                        b.offset(j) + k, false, nan);
    if (result != 0) return result;
  }
  return order(a_length, b_length);
}

}  // namespace

std::optional<bool> values_equal(const Column& a, size_t a_row, const Column& b, size_t b_row) {
  switch (storage_of(a.type())) {
    case Storage::kNone: return std::nullopt;
    case Storage::kInt64: return a.int64_at(a_row) == b.int64_at(b_row);
    case Storage::kDouble: return a.double_at(a_row) == b.double_at(b_row);
    case Storage::kInt128: return a.int128_at(a_row) == b.int128_at(b_row);
    case Storage::kString: return a.string_at(a_row) == b.string_at(b_row);
    case Storage::kList:
      return a.type().is(TypeKind::kMap) ? maps_equal(a, a_row, b, b_row)
                                         : arrays_equal(a, a_row, b, b_row);
    case Storage::kRow: return rows_equal(a, a_row, b, b_row);
  }
  return std::nullopt;
}

bool values_identical(const Column& a, size_t a_row, const Column& b, size_t b_row) {
  if (a.is_null(a_row) || b.is_null(b_row)) return a.is_null(a_row) && b.is_null(b_row);
  switch (storage_of(a.type())) {
    case Storage::kDouble: return order_doubles(a.double_at(a_row), b.double_at(b_row)) == 0;
    case Storage::kList: {
      const size_t length = a.offset(a_row + 1) - a.offset(a_row);
      if (length != b.offset(b_row + 1) - b.offset(b_row)) return false;
      for (size_t k = 0; k < length; ++k) {
        const size_t left = a.offset(a_row) + k;
        const bool is_map = a.type().is(TypeKind::kMap);
        const size_t end = b.offset(b_row + 1);
        const size_t right =
            is_map ? find_entry(b.children()[0], b.offset(b_row), end, a.children()[0], left)
                   : b.offset(b_row) + k;
        if (right == end) return false;
        if (!values_identical(a.children().back(), left, b.children().back(), right)) return false;
      }
      return true;
    }
    case Storage::kRow:
      if (!a.type().is(TypeKind::kRow)) return values_equal(a, a_row, b, b_row).value_or(false);
      for (size_t child = 0; child < a.children().size(); ++child) {
        if (!values_identical(a.children()[child], a_row, b.children()[child], b_row)) return false;
      }
      return true;
    default: return values_equal(a, a_row, b, b_row).value_or(true);
  }
}

size_t find_entry(const Column& keys, size_t begin, size_t end, const Column& key, size_t row) {
  while (begin < end && !values_identical(keys, begin, key, row)) ++begin;
  return begin;
}

size_t find_equal_entry(const Column& keys, size_t begin, size_t end, const Column& key,
                        size_t row) {
  const size_t entry = find_entry(keys, begin, end, key, row);
  if (entry == end || values_equal(keys, entry, key, row).value_or(true)) return entry;
  return end;
}

int compare_values(const Column& a, size_t a_row, const Column& b, size_t b_row, NanOrder nan) {
  switch (storage_of(a.type())) {
    case Storage::kNone: return 0;
    case Storage::kInt64: return order(a.int64_at(a_row), b.int64_at(b_row));
    case Storage::kDouble: return order_doubles(a.double_at(a_row), b.double_at(b_row), nan);
    case Storage::kInt128: return order(a.int128_at(a_row), b.int128_at(b_row));
    case Storage::kString:
      if (a.type().is(TypeKind::kChar)) return order_padded(a.string_at(a_row), b.string_at(b_row));
      return order(a.string_at(a_row).compare(b.string_at(b_row)), 0);
    case Storage::kList: return compare_arrays(a, a_row, b, b_row, nan);
    case Storage::kRow: break;
  }
  for (size_t child = 0; child < num_compared_children(a); ++child) {
    const int result =
        compare_elements(a.children()[child], a_row, b.children()[child], b_row, true, nan);
    if (result != 0) return result;
  }
  return 0;
}

int compare_total(const Column& a, size_t a_row, const Column& b, size_t b_row) {
  if (a.is_null(a_row) || b.is_null(b_row)) return order(a.is_null(a_row), b.is_null(b_row));
  const Storage storage = storage_of(a.type());
  if (storage == Storage::kRow && !a.type().is(TypeKind::kTimeWithTimeZone)) {
    for (size_t child = 0; child < num_compared_children(a); ++child) {
      const int result = compare_total(a.children()[child], a_row, b.children()[child], b_row);
      if (result != 0) return result;
    }
    return 0;
  }
  if (storage != Storage::kList) return compare_values(a, a_row, b, b_row);
  // Maps are sorted by key, so entries of the same place are of the same key in equal maps.
  const size_t a_length = a.offset(a_row + 1) - a.offset(a_row);
  const size_t b_length = b.offset(b_row + 1) - b.offset(b_row);
  for (size_t k = 0; k < std::min(a_length, b_length); ++k) {
    for (size_t child = 0; child < a.children().size(); ++child) {
      const int result = compare_total(a.children()[child], a.offset(a_row) + k,
                                       b.children()[child], b.offset(b_row) + k);
      if (result != 0) return result;
    }
  }
  return order(a_length, b_length);
}

std::vector<size_t> sorted_places(const Column& column, size_t begin, size_t end) {
  std::vector<size_t> places;
  for (size_t i = begin; i < end; ++i) {
    if (!column.is_null(i)) places.push_back(i);
  }
  std::stable_sort(places.begin(), places.end(),
                   [&](size_t a, size_t b) { return compare_values(column, a, column, b) < 0; });
  return places;
}

}  // namespace trailsql
