// Functions that cut text at delimiters.
#include <fmt/format.h>

#include <map>
#include <vector>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "functions/utf8.h"

namespace trailsql {
namespace {

constexpr int64_t kMaxLimit = 2147483647;

void append_split(Column& result, std::string_view text, std::string_view delimiter,
                  int64_t limit) {
  if (limit <= 0) fail_argument("Limit must be positive");
  if (limit > kMaxLimit) fail_argument("Limit is too large");
  if (delimiter.empty()) fail_argument("The delimiter may not be the empty string");
  Column& parts = result.children()[0];
  for (int64_t count = 1; count < limit; ++count) {
    const size_t at = text.find(delimiter);
    if (at == std::string_view::npos) break;
    parts.append_string(text.substr(0, at));
    text.remove_prefix(at + delimiter.size());
  }
  parts.append_string(text);
  result.append_list();
}
void split(Column& result, std::string_view text, std::string_view delimiter) {
  append_split(result, text, delimiter, kMaxLimit);
}

std::optional<std::string_view> split_part(std::string_view text, std::string_view delimiter,
                                           int64_t index) {
  if (index <= 0) fail_argument("Index must be greater than zero");
  if (delimiter.empty()) {
    if (index > static_cast<int64_t>(num_code_points(text))) return std::nullopt;
    const size_t start = character_offset(text, static_cast<size_t>(index - 1));
    return text.substr(start, next_character(text, start) - start);
  }
  for (;; --index) {
    const size_t at = text.find(delimiter);
    if (index == 1) return text.substr(0, at);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + delimiter.size());
  }
}

struct Delimiters {
  std::string_view entry;
  std::string_view key_value;
};

void check_delimiters(const Delimiters& delimiters) {
  if (delimiters.entry.empty()) fail_argument("entryDelimiter is empty");
  if (delimiters.key_value.empty()) fail_argument("keyValueDelimiter is empty");
  if (delimiters.entry == delimiters.key_value)
    fail_argument("entryDelimiter and keyValueDelimiter must not be the same");
}

// Calls `visit(entry)` for every entry; a delimiter at the end starts none.
template <typename Visit>
void for_each_entry(std::string_view text, std::string_view delimiter, Visit&& visit) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(delimiter), text.size());
    visit(text.substr(0, end));
    text.remove_prefix(std::min(end + delimiter.size(), text.size()));
  }
}

// The place of the delimiter between key and value; empty unless it stands there exactly once.
std::optional<size_t> find_separator(std::string_view entry, std::string_view delimiter) {
  const size_t at = entry.find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  if (entry.find(delimiter, at + delimiter.size()) != std::string_view::npos) return std::nullopt;
  return at;
}

void split_to_map(Column& result, std::string_view text, std::string_view entry_delimiter,
                  std::string_view key_delimiter) {
  check_delimiters({entry_delimiter, key_delimiter});
  std::map<std::string_view, std::string_view> entries;
  for_each_entry(text, entry_delimiter, [&](std::string_view entry) {
    const std::optional<size_t> at = find_separator(entry, key_delimiter);
    if (!at)
      fail_argument(fmt::format(
          "Key-value delimiter must appear exactly once in each entry. Bad input: '{}'", entry));
    const std::string_view key = entry.substr(0, *at);
    if (!entries.emplace(key, entry.substr(*at + key_delimiter.size())).second)
      fail_argument(fmt::format("Duplicate keys ({}) are not allowed", key));
  });
  for (const auto& [key, value] : entries) {
    result.children()[0].append_string(key);
    result.children()[1].append_string(value);
  }
  result.append_list();
}

void split_to_multimap(Column& result, std::string_view text, std::string_view entry_delimiter,
                       std::string_view key_delimiter) {
  check_delimiters({entry_delimiter, key_delimiter});
  std::map<std::string_view, std::vector<std::string_view>> entries;
  for_each_entry(text, entry_delimiter, [&](std::string_view entry) {
    const std::optional<size_t> at = find_separator(entry, key_delimiter);
    if (!at)
      fail_argument(fmt::format(
          "Key-value delimiter must appear exactly once in each entry. Bad input: {}", entry));
    entries[entry.substr(0, *at)].push_back(entry.substr(*at + key_delimiter.size()));
  });
  for (const auto& [key, values] : entries) {
    result.children()[0].append_string(key);
    Column& lists = result.children()[1];
    for (const std::string_view value : values) lists.children()[0].append_string(value);
    lists.append_list();
  }
  result.append_list();
}

constexpr FunctionEntry kEntries[] = {
    fallible("split", "(varchar(x), varchar(y)) -> array(varchar(x))", "Splits at every delimiter.",
             kernel_of<split>),
    fallible("split", "(varchar(x), varchar(y), bigint) -> array(varchar(x))",
             "Splits into at most so many parts.", kernel_of<append_split>),
    fallible("split_part", "(varchar(x), varchar(y), bigint) -> varchar(x)",
             "Returns one part, from 1, or NULL.", kernel_of<split_part>),
    fallible("split_to_map", "(varchar, varchar, varchar) -> map(varchar, varchar)",
             "Reads entries of a key and a value.", kernel_of<split_to_map>),
    fallible("split_to_multimap", "(varchar, varchar, varchar) -> map(varchar, array(varchar))",
             "Reads entries of a key and a value; a key may come again.",
             kernel_of<split_to_multimap>),
};

}  // namespace

std::span<const FunctionEntry> split_functions() { return kEntries; }

}  // namespace trailsql
