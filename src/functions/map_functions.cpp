// Functions on maps. Entries are kept sorted by key, so equal maps look equal to the engine.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/map_builder.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

// Trino looks for NULLs in values of maps too, and not in their keys, which have none.
bool has_null_inside(const Column& column, size_t row) {
  const Type& type = column.type();
  if (column.is_null(row)) return true;
  if (!type.is_nested()) return false;
  if (type.is(TypeKind::kRow)) {
    return std::any_of(column.children().begin(), column.children().end(),
                       [&](const Column& field) { return has_null_inside(field, row); });
  }
  for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
    if (has_null_inside(column.children().back(), i)) return true;
  }
  return false;
}

void make_map(Column& result, ListView keys, ListView values) {
  if (keys.size() != values.size()) fail_argument("Key and value arrays must be the same length");
  for (size_t i = keys.begin; i < keys.end; ++i) {
    if (keys.elements().is_null(i) || !has_null_inside(keys.elements(), i)) continue;
    std::string text;
    append_object_text(text, keys.elements(), i);
    fail_argument(fmt::format("map key cannot be indeterminate: {}", text));
  }
  append_map(result, keys.elements(), keys.begin, keys.end, values.elements(), values.begin);
}
void map_from_entries(Column& result, ListView entries) { append_map_of_entries(result, entries); }

void multimap_from_entries(Column& result, ListView entries) {
  check_entries(entries);
  const std::vector<Column>& pair = entries.elements().children();
  append_multimap(result, pair[0], sorted_keys(pair[0], entries.begin, entries.end), pair[1]);
}

// Cuts text into entries and calls `visit(key, value)` for each. `quote` stands around an entry
// that has not exactly one delimiter of key and value, where the message shows it.
template <typename Visit>
void split_entries(std::string_view text, std::string_view entry_delimiter,
                   std::string_view key_value_delimiter, std::string_view quote, Visit&& visit) {
  if (entry_delimiter.empty()) fail_argument("entryDelimiter is empty");
  if (key_value_delimiter.empty()) fail_argument("keyValueDelimiter is empty");
  if (entry_delimiter == key_value_delimiter)
    fail_argument("entryDelimiter and keyValueDelimiter must not be the same");
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find(entry_delimiter));
    text.remove_prefix(std::min(text.size(), entry.size() + entry_delimiter.size()));
    const size_t middle = entry.find(key_value_delimiter);
    const size_t value = middle + key_value_delimiter.size();
    if (middle == std::string_view::npos ||
        entry.find(key_value_delimiter, value) != std::string_view::npos) {
      fail_argument(
          fmt::format("Key-value delimiter must appear exactly once in each entry. Bad input: "
                      "{0}{1}{0}",
                      quote, entry));
    }
    visit(entry.substr(0, middle), entry.substr(value));
  }
}

void split_to_map(Column& result, std::string_view text, std::string_view entry_delimiter,
                  std::string_view key_value_delimiter) {
  std::map<std::string_view, std::string_view> entries;
  split_entries(text, entry_delimiter, key_value_delimiter, "'",
                [&](std::string_view key, std::string_view value) {
                  if (!entries.emplace(key, value).second)
                    fail_argument(fmt::format("Duplicate keys ({}) are not allowed", key));
                });
  for (const auto& [key, value] : entries) {
    result.children()[0].append_string(key);
    result.children()[1].append_string(value);
  }
  result.append_list();
}
void split_to_multimap(Column& result, std::string_view text, std::string_view entry_delimiter,
                       std::string_view key_value_delimiter) {
  std::map<std::string_view, std::vector<std::string_view>> entries;
  split_entries(
      text, entry_delimiter, key_value_delimiter, "",
      [&](std::string_view key, std::string_view value) { entries[key].push_back(value); });
  for (const auto& [key, values] : entries) {
    result.children()[0].append_string(key);
    Column& lists = result.children()[1];
    for (const std::string_view value : values) lists.children()[0].append_string(value);
    lists.append_list();
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

void value_of_key(Column& result, ListView map, ValueView key) {
  const size_t entry = find_equal_entry(map.keys(), map.begin, map.end, *key.column, key.row);
  if (entry == map.end) return result.append_null();
  result.append_from(map.values(), entry);
}

// The last map's value wins.
void map_concat(const BoundFunction&, const KernelCall& call) {
  if (call.arguments.size() < 2)
    fail_argument("There must be two or more concatenation arguments to map_concat");
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
    for (const size_t place : sorted_keys(merged.children()[0], 0, merged.children()[0].size())) {
      call.result.children()[0].append_from(merged.children()[0], place);
      call.result.children()[1].append_from(merged.children()[1], place);
    }
    call.result.append_list();
  });
}

constexpr FunctionEntry kMapFunctions[] = {
    fallible("map", "(array(K), array(V)) -> map(K, V)", "Makes a map of keys and values.",
             kernel_of<make_map>),
    fallible("map_from_entries", "(array(row(K, V))) -> map(K, V)", "Makes a map of its entries.",
             kernel_of<map_from_entries>),
    fallible("multimap_from_entries", "(array(row(K, V))) -> map(K, array(V))",
             "Makes a map of keys and the arrays of their values.",
             kernel_of<multimap_from_entries>),
    fallible("split_to_map", "(varchar, varchar, varchar) -> map(varchar, varchar)",
             "Cuts text into entries, and these into key and value.", kernel_of<split_to_map>),
    fallible("split_to_multimap", "(varchar, varchar, varchar) -> map(varchar, array(varchar))",
             "Cuts text into entries; a key may be there several times.",
             kernel_of<split_to_multimap>),
    plain("map", "() -> map(unknown, unknown)", "CAST(map([], []) AS {type})",
          "Makes an empty map."),
    plain("cardinality", "(map(K, V)) -> bigint", "CAST(cardinality({0}) AS BIGINT)",
          "Counts the entries."),
    total("map_keys", "(map(K, V)) -> array(K)", "Returns the keys.", kernel_of<map_keys>),
    total("map_values", "(map(K, V)) -> array(V)", "Returns the values.", kernel_of<map_values>),
    total("map_entries", "(map(K, V)) -> array(row(K, V))", "Returns the entries as rows.",
          kernel_of<map_entries>),
    total("element_at", "(map(K, V), K) -> V", "Returns the value of a key, or NULL.",
          kernel_of<value_of_key>),
    fallible("map_concat", "(map(K, V), map(K, V)...) -> map(K, V)",
             "Joins maps; the last value of a key stays.", batch_kernel_of<map_concat>),
};

}  // namespace

std::span<const FunctionEntry> map_functions() { return kMapFunctions; }

}  // namespace trailsql
