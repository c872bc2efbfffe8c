// json_extract and its kin. Text is read as far as needed only, as Trino's streaming parser does:
// what follows the wanted value is not looked at.
#include <fmt/core.h>

#include <charconv>
#include <vector>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/json_reader.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// The steps of a path: names, which are indexes too where the value is an array.
using KeyPath = std::vector<std::string>;

bool is_path_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Reads $.name, $["quoted name"], $[3].
std::optional<KeyPath> try_parse_path(std::string_view text) {
  KeyPath path;
  if (!text.starts_with('$')) return std::nullopt;
  for (size_t i = 1; i < text.size();) {
    std::string name;
    if (text[i] == '.') {
      for (++i; i < text.size() && (is_path_character(text[i]) || text[i] == ':'); ++i)
        name += text[i];
      if (name.empty()) return std::nullopt;
    } else if (text[i] == '[' && i + 1 < text.size() && text[i + 1] == '"') {
      for (i += 2; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && ++i >= text.size()) return std::nullopt;
        name += text[i];
      }
      if (!text.substr(i).starts_with("\"]")) return std::nullopt;
      i += 2;
    } else if (text[i] == '[') {
      for (++i; i < text.size() && is_path_character(text[i]); ++i) name += text[i];
      if (name.empty() || i >= text.size() || text[i] != ']') return std::nullopt;
      ++i;
    } else {
      return std::nullopt;
    }
    path.push_back(std::move(name));
  }
  return path;
}

KeyPath parse_path(std::string_view text) {
  std::optional<KeyPath> path = try_parse_path(text);
  if (!path) fail_argument(fmt::format("Invalid JSON path: '{}'", text));
  return std::move(*path);
}

bool name_equals(std::string_view raw, std::string_view name) {
  if (raw.find('\\') == std::string_view::npos) return raw == name;
  std::string text;
  return append_unescaped(text, raw) && text == name;
}

// Moves into the object's first field of that name.
bool enter_field(JsonReader& reader, const std::string& name) {
  if (reader.accept('}')) return false;
  do {
    const std::optional<std::string_view> key = reader.read_string();
    if (!key || !reader.accept(':')) return false;
    if (name_equals(*key, name)) return true;
    if (!reader.skip_value()) return false;
  } while (reader.accept(','));
  return false;
}

// Moves to the array's element of that index, from 0.
bool enter_element(JsonReader& reader, size_t index) {
  if (reader.accept(']')) return false;
  for (; index > 0; --index) {
    if (!reader.skip_value() || !reader.accept(',')) return false;
  }
  return true;
}

bool enter_element_named(JsonReader& reader, const std::string& name) {
  size_t index = 0;
  const auto [stop, problem] = std::from_chars(name.data(), name.data() + name.size(), index);
  return problem == std::errc() && stop == name.data() + name.size() &&
         enter_element(reader, index);
}

// Moves to the value that the path names. False when there is none.
bool find_value(JsonReader& reader, const KeyPath& path) {
  for (const std::string& name : path) {
    const bool found = reader.accept('{')   ? enter_field(reader, name)
                       : reader.accept('[') ? enter_element_named(reader, name)
                                            : false;
    if (!found) return false;
  }
  return true;
}

// A scalar's text: strings unescaped, numbers as written; empty for null, arrays and objects.
std::optional<std::string> read_scalar(JsonReader& reader) {
  if (reader.peek() == '"') return reader.read_text();
  if (reader.peek() == '{' || reader.peek() == '[') return std::nullopt;
  const std::optional<std::string_view> word = reader.read_word();
  if (!word || *word == "null") return std::nullopt;
  return std::string(*word);
}

std::optional<std::string> json_extract(std::string_view json, std::string_view path_text) {
  const KeyPath& path = parse_kept<parse_path>(path_text);
  JsonReader reader(json);
  std::string out;
  if (!find_value(reader, path) || !append_canonical_json(out, reader, true)) return std::nullopt;
  return out;
}

std::optional<std::string> json_extract_scalar(std::string_view json, std::string_view path_text) {
  const KeyPath& path = parse_kept<parse_path>(path_text);
  JsonReader reader(json);
  if (!find_value(reader, path)) return std::nullopt;
  return read_scalar(reader);
}

// Counts what an array or object holds; empty when it is malformed.
std::optional<int64_t> count_parts(JsonReader& reader, bool object) {
  const char close = object ? '}' : ']';
  int64_t count = 0;
  if (reader.accept(close)) return count;
  do {
    if (object && (!reader.read_string() || !reader.accept(':'))) return std::nullopt;
    if (!reader.skip_value()) return std::nullopt;
    ++count;
  } while (reader.accept(','));
  return reader.accept(close) ? std::optional(count) : std::nullopt;
}

std::optional<int64_t> json_size(std::string_view json, std::string_view path_text) {
  const KeyPath& path = parse_kept<parse_path>(path_text);
  JsonReader reader(json);
  if (!find_value(reader, path)) return std::nullopt;
  if (reader.accept('[')) return count_parts(reader, false);
  if (reader.accept('{')) return count_parts(reader, true);
  return reader.skip_value() ? std::optional(int64_t{0}) : std::nullopt;
}

std::optional<int64_t> json_array_length(std::string_view json) {
  JsonReader reader(json);
  if (!reader.accept('[')) return std::nullopt;
  return count_parts(reader, false);
}

std::optional<std::string> json_array_get(std::string_view json, int64_t index) {
  if (index < 0) {
    const std::optional<int64_t> length = json_array_length(json);
    if (!length || index + *length < 0) return std::nullopt;
    index += *length;
  }
  JsonReader reader(json);
  if (!reader.accept('[') || !enter_element(reader, static_cast<size_t>(index)))
    return std::nullopt;
  // Trino leaves strings here without their quotes.
  if (reader.peek() != '{' && reader.peek() != '[') return read_scalar(reader);
  std::string out;
  return append_canonical_json(out, reader, true) ? std::optional(out) : std::nullopt;
}

// Calls `matches(is_string, text as it stands)` for each element until one does.
template <typename Matches>
std::optional<bool> any_element(std::string_view json, Matches&& matches) {
  JsonReader reader(json);
  if (!reader.accept('[')) return std::nullopt;
  if (reader.accept(']')) return false;
  do {
    const bool is_string = reader.peek() == '"';
    const std::optional<std::string_view> raw = reader.skip_value();
    if (!raw) return std::nullopt;
    if (matches(is_string, *raw)) return true;
  } while (reader.accept(','));
  return reader.accept(']') ? std::optional(false) : std::nullopt;
}

std::optional<bool> json_array_contains_text(std::string_view json, std::string_view value) {
  return any_element(json, [&](bool is_string, std::string_view raw) {
    return is_string && name_equals(raw.substr(1, raw.size() - 2), value);
  });
}

std::optional<bool> json_array_contains_boolean(std::string_view json, bool value) {
  return any_element(json,
                     [&](bool, std::string_view raw) { return raw == (value ? "true" : "false"); });
}

std::optional<bool> json_array_contains_bigint(std::string_view json, int64_t value) {
  return any_element(json, [&](bool is_string, std::string_view raw) {
    return !is_string && parse_bigint(raw) == value;
  });
}

std::optional<bool> json_array_contains_double(std::string_view json, double value) {
  return any_element(json, [&](bool is_string, std::string_view raw) {
    const bool has_fraction = raw.find_first_of(".eE") != std::string_view::npos;
    return !is_string && has_fraction && is_json_number(raw) && parse_double(raw) == value;
  });
}

bool is_json_scalar(std::string_view json) {
  JsonReader reader(json);
  const char first = reader.peek();
  if (!reader.skip_value() || !reader.at_end())
    fail_argument(fmt::format("Invalid JSON value: {}", json));
  return first != '{' && first != '[';
}

std::string json_parse(std::string_view text) {
  std::optional<std::string> json = canonical_json(text);
  if (!json) fail_argument(fmt::format("Cannot convert value to JSON: '{}'", text));
  return std::move(*json);
}

constexpr FunctionEntry kJsonFunctions[] = {
    fallible("json_extract", "(varchar(x), varchar(y)) -> json",
             "Returns the value that a path ($.a[0][\"b c\"]) names.", kernel_of<json_extract>),
    fallible("json_extract", "(json, varchar(y)) -> json", "Returns the value that a path names.",
             kernel_of<json_extract>),
    fallible("json_extract_scalar", "(varchar(x), varchar(y)) -> varchar(x)",
             "Returns the text of the scalar that a path names.", kernel_of<json_extract_scalar>),
    fallible("json_extract_scalar", "(json, varchar(y)) -> varchar",
             "Returns the text of the scalar that a path names.", kernel_of<json_extract_scalar>),
    fallible("json_size", "(varchar(x), varchar(y)) -> bigint",
             "Counts the elements or fields of the value that a path names.", kernel_of<json_size>),
    fallible("json_size", "(json, varchar(y)) -> bigint",
             "Counts the elements or fields of the value that a path names.", kernel_of<json_size>),
    total("json_array_length", "(varchar(x)) -> bigint", "Counts the elements of an array.",
          kernel_of<json_array_length>),
    total("json_array_length", "(json) -> bigint", "Counts the elements of an array.",
          kernel_of<json_array_length>),
    total("json_array_get", "(varchar(x), bigint) -> json",
          "Returns an element, from 0, or from the end if negative.", kernel_of<json_array_get>),
    total("json_array_get", "(json, bigint) -> json",
          "Returns an element, from 0, or from the end if negative.", kernel_of<json_array_get>),
    total("json_array_contains", "(varchar(x), varchar(y)) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_text>),
    total("json_array_contains", "(json, varchar(x)) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_text>),
    total("json_array_contains", "(varchar(x), boolean) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_boolean>),
    total("json_array_contains", "(json, boolean) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_boolean>),
    total("json_array_contains", "(varchar(x), bigint) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_bigint>),
    total("json_array_contains", "(json, bigint) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_bigint>),
    total("json_array_contains", "(varchar(x), double) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_double>),
    total("json_array_contains", "(json, double) -> boolean",
          "Returns whether an array has the element.", kernel_of<json_array_contains_double>),
    fallible("is_json_scalar", "(varchar(x)) -> boolean",
             "Returns whether the JSON is no array or object.", kernel_of<is_json_scalar>),
    fallible("is_json_scalar", "(json) -> boolean",
             "Returns whether the JSON is no array or object.", kernel_of<is_json_scalar>),
    fallible("json_parse", "(varchar(x)) -> json", "Reads JSON text.", kernel_of<json_parse>),
    plain("json_format", "(json) -> varchar", "({0})", "Returns the JSON as text."),
};

}  // namespace

std::span<const FunctionEntry> json_functions() { return kJsonFunctions; }

}  // namespace trailsql
