// Types as Hive writes them: array<struct<a: string, b: map<string, int>>>.
#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "syntax/ddl_parser.h"
#include "syntax/tree_height.h"

namespace trailsql {

/// Parses the type of a column or field; `depth` says how many types it is in.
TypeName DdlParser::parse_column_type(size_t depth) {
  const HiveRule rule(tokens_, "column type");
  return parse_type(depth);
}

TypeName DdlParser::parse_type(size_t depth) {
  check_height(depth);
  const Token& token = tokens_.peek();
  TypeName type;
  type.location = token.location;
  type.written_name = std::string(token.text);
  type.name = to_lower_ascii(token.text);
  if (tokens_.looking_at("UNIONTYPE")) tokens_.refuse("UNIONTYPE");
  if (tokens_.accept("STRUCT")) {
    parse_struct_fields(type, depth);
  } else if (tokens_.accept("ARRAY")) {
    parse_list(type, depth);
  } else if (tokens_.accept("MAP")) {
    parse_map(type, depth);
  } else {
    parse_primitive(type);
  }
  return type;
}

void DdlParser::parse_list(TypeName& type, size_t depth) {
  const HiveRule rule(tokens_, "list type");
  tokens_.expect("<");
  type.parameters.emplace_back().type = std::make_unique<const TypeName>(parse_type(depth + 1));
  tokens_.expect(">");
}

/// Parses `<key, value>`; keys are primitive.
void DdlParser::parse_map(TypeName& type, size_t depth) {
  const HiveRule rule(tokens_, "map type");
  tokens_.expect("<");
  TypeName key;
  key.location = tokens_.location();
  key.written_name = std::string(tokens_.peek().text);
  key.name = to_lower_ascii(key.written_name);
  {
    const HiveRule primitive(tokens_, "primitive type specification");
    parse_primitive(key);
  }
  type.parameters.emplace_back().type = std::make_unique<const TypeName>(std::move(key));
  tokens_.expect(",");
  type.parameters.emplace_back().type = std::make_unique<const TypeName>(parse_type(depth + 1));
  tokens_.expect(">");
}

/// Parses a type without types in it, whose name stands in `type` already.
void DdlParser::parse_primitive(TypeName& type) {
  static constexpr std::array<std::string_view, 17> kPrimitives = {
      "BOOLEAN", "TINYINT", "SMALLINT", "INT",       "INTEGER", "BIGINT",
      "FLOAT",   "DOUBLE",  "DATE",     "TIMESTAMP", "STRING",  "BINARY",
      "DECIMAL", "DEC",     "NUMERIC",  "VARCHAR",   "CHAR"};
  const auto is_next = [&](std::string_view name) { return tokens_.check(name); };
  const auto* found = std::find_if(kPrimitives.begin(), kPrimitives.end(), is_next);
  if (found == kPrimitives.end()) tokens_.fail();
  tokens_.take();
  const HiveRule rule(tokens_, "primitive type specification");
  if (*found == "DOUBLE" && tokens_.looking_at("PRECISION")) tokens_.take();
  if (*found == "VARCHAR" || *found == "CHAR") {
    tokens_.expect("(");
    parse_type_numbers(type, 1);
  } else if (*found == "DECIMAL" || *found == "DEC" || *found == "NUMERIC") {
    if (tokens_.accept("(")) parse_type_numbers(type, 2);
  }
}

void DdlParser::parse_struct_fields(TypeName& type, size_t depth) {
  const HiveRule rule(tokens_, "struct type");
  tokens_.expect("<");
  do {
    const HiveRule column(tokens_, "column specification");
    TypeName::Parameter field;
    field.field_name = parse_field_name();
    tokens_.expect(":");
    field.type = std::make_unique<const TypeName>(parse_column_type(depth + 1));
    field.comment = accept_string("COMMENT");
    type.parameters.push_back(std::move(field));
  } while (tokens_.accept(","));
  tokens_.expect(">");
}

/// Parses `10, 2)` of decimal(10, 2).
void DdlParser::parse_type_numbers(TypeName& type, size_t max_numbers) {
  do {
    type.parameters.emplace_back().number = parse_number(std::numeric_limits<uint64_t>::max());
  } while (type.parameters.size() < max_numbers && tokens_.accept(","));
  tokens_.expect(")");
}

}  // namespace trailsql
