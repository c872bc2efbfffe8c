// Compares values of any type, with Trino's rules for NULL and NaN inside nested values.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "types/column.h"

namespace trailsql {

/// Returns a = b for two values that are not NULL; empty (unknown) when a NULL inside decides.
/// NaN equals nothing.
std::optional<bool> values_equal(const Column& a, size_t a_row, const Column& b, size_t b_row);

/// Returns whether two values, which may be NULL, are the same: NULL is NULL and NaN is NaN.
/// DISTINCT, GROUP BY and set functions compare so.
bool values_identical(const Column& a, size_t a_row, const Column& b, size_t b_row);

/// Returns the place in [begin, end) of the value of `keys` that is identical to value `row` of
/// `key`; `end` when there is none. Finds a map's entry.
size_t find_entry(const Column& keys, size_t begin, size_t end, const Column& key, size_t row);

/// Finds an entry by a key that must be equal: NaN is not.
size_t find_equal_entry(const Column& keys, size_t begin, size_t end, const Column& key,
                        size_t row);

/// Where NaN stands among numbers.
enum class NanOrder : uint8_t { kLeast, kGreatest };

/// Returns the order of two values that are not NULL: negative, 0 or positive. Throws NOT_SUPPORTED
/// when a NULL inside decides.
int compare_values(const Column& a, size_t a_row, const Column& b, size_t b_row,
                   NanOrder nan = NanOrder::kGreatest);

/// Returns an order of any two values, which may be NULL: 0 for those that are identical. It is
/// Trino's order where that has one.
int compare_total(const Column& a, size_t a_row, const Column& b, size_t b_row);

/// Returns the places of [begin, end) whose value is not NULL, in the order of their values; equal
/// ones stay as they stand.
std::vector<size_t> sorted_places(const Column& column, size_t begin, size_t end);

}  // namespace trailsql
