// Functions on maps. Entries are kept sorted by key, so equal maps look equal to the engine.
#include <fmt/format.h>

#include <numeric>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "types/coercion.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// The order in which entries are appended; maps of keys without an order stay as they are. No key
// is NULL.
std::vector<size_t> sorted_entries(const Column& keys, size_t begin, size_t end) {
  if (is_orderable(keys.type())) return sorted_places(keys, begin, end);
  std::vector<size_t> places(end - begin);
  std::iota(places.begin(), places.end(), begin);
  return places;
}

void make_map(Column& result, ListView keys, ListView values) {
  if (keys.size() != values.size()) fail_argument("Key and value arrays must be the same length");
  const Column& key_column = keys.elements();
  for (size_t i = keys.begin; i < keys.end; ++i) {
    if (key_column.is_null(i)) fail_argument("map key cannot be null");
  }
  const std::vector<size_t> places = sorted_entries(key_column, keys.begin, keys.end);
  for (size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && values_identical(key_column, places[i - 1], key_column, places[i])) {
      std::string text;
      append_text(text, key_column, places[i]);
      fail_argument(fmt::format("Duplicate map keys ({}) are not allowed", text));
    }
    result.children()[0].append_from(key_column, places[i]);
    result.children()[1].append_from(values.elements(), places[i] - keys.begin + values.begin);
  }
  result.append_list();
}

void map_keys(Column& result, ListView map) {
  for (size_t i = map.begin; i < map.end; ++i) result.children()[0].append_from(map.keys(), i);
  result.append_list();
}
void map_values(Column& result, ListView map) {
  for (size_t i = map.begin; i < map.end; ++i) result.children()[0].append_from(map.values(), i);
  result.append_list();
}
void map_entries(Column& result, ListView map) {
  Column& rows = result.children()[0];
  for (size_t i = map.begin; i < map.end; ++i) {
    rows.children()[0].append_from(map.keys(), i);
    rows.children()[1].append_from(map.values(), i);
    rows.append_row();
  }
  result.append_list();
}

void element_at(Column& result, ListView map, ValueView key) {
  const size_t entry = find_entry(map.keys(), map.begin, map.end, *key.column, key.row);
  if (entry == map.end) return result.append_null();
  result.append_from(map.values(), entry);
}

// The last map's value wins.
void map_concat(const BoundFunction&, const KernelCall& call) {
  Column merged(call.result.type());
  for_each_row(call, [&](size_t row) {
    merged.clear();
    for (size_t i = call.arguments.size(); i > 0; --i) {
      const Column& map = *call.arguments[i - 1];
      for (size_t entry = map.offset(row); entry < map.offset(row + 1); ++entry) {
        const Column& keys = merged.children()[0];
        if (find_entry(keys, 0, keys.size(), map.children()[0], entry) != keys.size()) continue;
        merged.children()[0].append_from(map.children()[0], entry);
        merged.children()[1].append_from(map.children()[1], entry);
      }
    }
    for (const size_t place :
         sorted_entries(merged.children()[0], 0, merged.children()[0].size())) {
      call.result.children()[0].append_from(merged.children()[0], place);
      call.result.children()[1].append_from(merged.children()[1], place);
    }
    call.result.append_list();
  });
}

constexpr FunctionEntry kEntries[] = {
    fallible("map", "(array(K), array(V)) -> map(K, V)", "Makes a map of keys and values.",
             kernel_of<make_map>),
    plain("map", "() -> map(unknown, unknown)", "CAST(map([], []) AS {type})",
          "Makes an empty map."),
    plain("cardinality", "(map(K, V)) -> bigint", "CAST(cardinality({0}) AS BIGINT)",
          "Counts the entries."),
    total("map_keys", "(map(K, V)) -> array(K)", "Returns the keys.", kernel_of<map_keys>),
    total("map_values", "(map(K, V)) -> array(V)", "Returns the values.", kernel_of<map_values>),
    total("map_entries", "(map(K, V)) -> array(row(K, V))", "Returns the entries as rows.",
          kernel_of<map_entries>),
    total("element_at", "(map(K, V), K) -> V", "Returns the value of a key, or NULL.",
          kernel_of<element_at>),
    total("map_concat", "(map(K, V), map(K, V)...) -> map(K, V)",
          "Joins maps; the last value of a key stays.", batch_kernel_of<map_concat>),
};

}  // namespace

std::span<const FunctionEntry> map_functions() { return kEntries; }

}  // namespace trailsql
