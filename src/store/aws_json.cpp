#include "store/aws_json.h"

#include <simdjson.h>

namespace trailsql {

std::optional<AwsFields> read_aws_json(std::string_view text, std::string_view member) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::object object;
  const simdjson::padded_string padded(text);
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (!member.empty() && root[member].get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root.get_object().get(object) != simdjson::SUCCESS) return std::nullopt;
  AwsFields fields;
  for (const auto& [name, value] : object) {
    const std::string key(name);
    if (value.is_string()) {
      fields[key] = std::string(value.get_string().value_unsafe());
    } else if (value.is_int64() || value.is_uint64() || value.is_double() || value.is_bool()) {
      fields[key] = simdjson::minify(value);
    }
  }
  return fields;
}

std::string field_of(const AwsFields& fields, const std::string& name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

}  // namespace trailsql
