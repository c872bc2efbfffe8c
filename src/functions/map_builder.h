// Builds maps: every map is kept sorted by key, so that equal maps look equal to the engine.
#pragma once

#include <vector>

#include "functions/compare.h"
#include "functions/typed_kernel.h"

namespace trailsql {

/// Returns the places [begin, end) of keys in the order in which a map keeps them, without NULLs.
/// Equal keys stay in their order.
std::vector<size_t> sorted_keys(const Column& keys, size_t begin, size_t end);

/// Appends the map of keys [begin, end) of `keys` and as many of `values` from `values_begin` on.
/// Throws INVALID_FUNCTION_ARGUMENT for NULL keys and for keys that are there twice.
void append_map(Column& result, const Column& keys, size_t begin, size_t end, const Column& values,
                size_t values_begin);
/// Appends the map of rows (key, value). Throws like append_map, and for NULL rows.
void append_map_of_entries(Column& result, const ListView& entries);

/// Appends the map of each key at sorted `places` to how often it is there.
void append_counts(Column& result, const Column& keys, const std::vector<size_t>& places);

/// Throws INVALID_FUNCTION_ARGUMENT where a map's entry, or its key, is NULL.
void check_entries(const ListView& entries);

/// Appends the map of each key at sorted `places` to the array of its values, in their order.
void append_multimap(Column& result, const Column& keys, const std::vector<size_t>& places,
                     const Column& values);

/// Groups equal neighbours of sorted places: calls `visit(first, last)` for each group.
template <typename Visit>
void for_each_group(const Column& keys, const std::vector<size_t>& places, Visit&& visit) {
  for (size_t first = 0; first < places.size();) {
    size_t last = first + 1;
    while (last < places.size() && values_identical(keys, places[first], keys, places[last]))
      ++last;
    visit(first, last);
    first = last;
  }
}

}  // namespace trailsql
