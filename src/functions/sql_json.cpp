#include "functions/sql_json.h"

#include <fmt/core.h>

namespace trailsql {

std::string SqlJsonSpec::write() const {
  std::string out;
  out += static_cast<char>(input);
  out += static_cast<char>(output);
  out += static_cast<char>(wrapper);
  out += static_cast<char>(on_empty);
  out += static_cast<char>(on_error);
  for (const bool flag : {omit_quotes, absent_on_null, unique_keys}) out += flag ? '1' : '0';
  for (const JsonForm form : forms) out += static_cast<char>(form);
  out += '|';
  for (const std::string& name : names) out += fmt::format("{}:{}", name.size(), name);
  out += '|';
  return out + path;
}

SqlJsonSpec SqlJsonSpec::read(std::string_view text) {
  constexpr size_t kNumOptions = 8;
  SqlJsonSpec spec;
  spec.input = static_cast<JsonForm>(text[0]);
  spec.output = static_cast<JsonForm>(text[1]);
  spec.wrapper = static_cast<JsonWrapper>(text[2]);
  spec.on_empty = static_cast<JsonAnswer>(text[3]);
  spec.on_error = static_cast<JsonAnswer>(text[4]);
  spec.omit_quotes = text[5] == '1';
  spec.absent_on_null = text[6] == '1';
  spec.unique_keys = text[7] == '1';
  text.remove_prefix(kNumOptions);
  for (; text[0] != '|'; text.remove_prefix(1))
    spec.forms.push_back(static_cast<JsonForm>(text[0]));
  text.remove_prefix(1);
  while (text[0] != '|') {
    size_t length = 0;
    for (; text[0] != ':'; text.remove_prefix(1))
      length = length * 10 + static_cast<size_t>(text[0] - '0');
    spec.names.emplace_back(text.substr(1, length));
    text.remove_prefix(1 + length);
  }
  spec.path = std::string(text.substr(1));
  return spec;
}

}  // namespace trailsql
