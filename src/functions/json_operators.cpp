// Names and subscripts behind JSON text, `requestParameters.items[1].name`: not Trino's, so the
// rules are our own. They are kind where json_extract is exact: a name is found whatever its case.
#include <charconv>
#include <variant>
#include <vector>

#include "base/text.h"
#include "functions/families.h"
#include "functions/json_reader.h"
#include "functions/operators.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// A field's name, or an element's position from 1.
using JsonStep = std::variant<std::string, int64_t>;

// Reads the steps that the plan wrote: ["filterSet","items",1,"name"].
std::vector<JsonStep> parse_steps(std::string_view text) {
  std::vector<JsonStep> steps;
  JsonReader reader(text);
  reader.accept('[');
  do {
    if (reader.peek() == '"') {
      steps.emplace_back(reader.read_text().value_or(""));
    } else {
      const std::string_view word = reader.read_word().value_or("0");
      int64_t position = 0;
      std::from_chars(word.data(), word.data() + word.size(), position);
      steps.emplace_back(position);
    }
  } while (reader.accept(','));
  return steps;
}

// A value as it stands in the text; empty when it is not there or the text is malformed.
using JsonText = std::optional<std::string_view>;

JsonText field_of(JsonReader& reader, const std::string& name) {
  JsonText exact;
  JsonText near;
  if (reader.accept('}')) return std::nullopt;
  do {
    const std::optional<std::string_view> raw = reader.read_string();
    if (!raw || !reader.accept(':')) return std::nullopt;
    const JsonText value = reader.skip_value();
    if (!value) return std::nullopt;
    std::string unescaped;
    std::string_view key = *raw;
    if (raw->find('\\') != std::string_view::npos) {
      if (!append_unescaped(unescaped, *raw)) return std::nullopt;
      key = unescaped;
    }
    // Of equal names the last one counts.
    if (key == name) {
      exact = value;
    } else if (equals_ignoring_case(key, name)) {
      near = value;
    }
  } while (reader.accept(','));
  if (!reader.accept('}') || !reader.at_end()) return std::nullopt;
  return exact ? exact : near;
}

JsonText element_of(JsonReader& reader, int64_t position) {
  JsonText found;
  if (reader.accept(']')) return std::nullopt;
  int64_t count = 0;
  do {
    const JsonText value = reader.skip_value();
    if (!value) return std::nullopt;
    if (++count == position) found = value;
  } while (reader.accept(','));
  return reader.accept(']') && reader.at_end() ? found : std::nullopt;
}

// Takes one step; reads the whole value that `text` is, so that a text which is no JSON has nothing
// in it.
JsonText take_step(std::string_view text, const JsonStep& step) {
  JsonReader reader(text);
  if (const auto* name = std::get_if<std::string>(&step))
    return reader.accept('{') ? field_of(reader, *name) : std::nullopt;
  return reader.accept('[') ? element_of(reader, std::get<int64_t>(step)) : std::nullopt;
}

// Strings without their quotes; numbers, objects and arrays as written; null is NULL.
std::optional<std::string> json_path(std::string_view json, std::string_view steps) {
  JsonText text = json;
  for (const JsonStep& step : parse_kept<parse_steps>(steps)) {
    text = take_step(*text, step);
    if (!text) return std::nullopt;
  }
  JsonReader reader(*text);
  if (reader.peek() == '"') return reader.read_text();
  if (*text == "null") return std::nullopt;
  return std::string(*text);
}

constexpr FunctionEntry kJsonOperators[] = {
    total(kJsonPathOperator, "(varchar(x), varchar(y)) -> varchar",
          "Returns what JSON text has at a path.", kernel_of<json_path>),
    total(kJsonPathOperator, "(json, varchar(y)) -> varchar",
          "Returns what JSON text has at a path.", kernel_of<json_path>),
};

}  // namespace

std::span<const FunctionEntry> json_operators() { return kJsonOperators; }

}  // namespace trailsql
