#include "functions/map_builder.h"

#include <fmt/core.h>

#include <algorithm>

#include "functions/argument_error.h"
#include "types/value_text.h"

namespace trailsql {

std::vector<size_t> sorted_keys(const Column& keys, size_t begin, size_t end) {
  std::vector<size_t> places;
  for (size_t i = begin; i < end; ++i) {
    if (!keys.is_null(i)) places.push_back(i);
  }
  std::stable_sort(places.begin(), places.end(),
                   [&](size_t a, size_t b) { return compare_total(keys, a, keys, b) < 0; });
  return places;
}

void append_map(Column& result, const Column& keys, size_t begin, size_t end, const Column& values,
                size_t values_begin) {
  for (size_t i = begin; i < end; ++i) {
    if (keys.is_null(i)) fail_argument("map key cannot be null");
  }
  const std::vector<size_t> places = sorted_keys(keys, begin, end);
  for (size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && values_identical(keys, places[i - 1], keys, places[i])) {
      std::string text;
      append_object_text(text, keys, places[i]);
      fail_argument(fmt::format("Duplicate map keys ({}) are not allowed", text));
    }
    result.children()[0].append_from(keys, places[i]);
    result.children()[1].append_from(values, places[i] - begin + values_begin);
  }
  result.append_list();
}

void append_multimap(Column& result, const Column& keys, const std::vector<size_t>& places,
                     const Column& values) {
  for_each_group(keys, places, [&](size_t first, size_t last) {
    result.children()[0].append_from(keys, places[first]);
    Column& lists = result.children()[1];
    for (size_t i = first; i < last; ++i) lists.children()[0].append_from(values, places[i]);
    lists.append_list();
  });
  result.append_list();
}

void append_counts(Column& result, const Column& keys, const std::vector<size_t>& places) {
  for_each_group(keys, places, [&](size_t first, size_t last) {
    result.children()[0].append_from(keys, places[first]);
    result.children()[1].append_int64(static_cast<int64_t>(last - first));
  });
  result.append_list();
}

void check_entries(const ListView& entries) {
  const Column& keys = entries.elements().children()[0];
  for (size_t i = entries.begin; i < entries.end; ++i) {
    if (entries.elements().is_null(i)) fail_argument("map entry cannot be null");
    if (keys.is_null(i)) fail_argument("map key cannot be null");
  }
}

void append_map_of_entries(Column& result, const ListView& entries) {
  check_entries(entries);
  const std::vector<Column>& pair = entries.elements().children();
  append_map(result, pair[0], entries.begin, entries.end, pair[1], entries.begin);
}

}  // namespace trailsql
