// Types as Hive writes them: array<struct<a: string, b: map<string, int>>>.
#include <limits>

#include "base/text.h"
#include "syntax/ddl_parser.h"
#include "syntax/tree_height.h"

namespace trailsql {

/// Parses a type; `depth` says how many types it is in.
TypeName DdlParser::parse_type(size_t depth) {
  check_height(depth);
  const TokenStream::NamedRule rule(tokens_, "<type>");
  const Token& token = tokens_.peek();
  if (token.kind != TokenKind::kWord) tokens_.fail();
  TypeName type;
  type.location = token.location;
  type.written_name = std::string(token.text);
  type.name = to_lower_ascii(token.text);
  tokens_.take();
  if (type.name == "struct") {
    parse_struct_fields(type, depth);
  } else if (type.name == "array" || type.name == "map" || type.name == "uniontype") {
    tokens_.expect("<");
    do {
      TypeName::Parameter parameter;
      parameter.type = std::make_unique<const TypeName>(parse_type(depth + 1));
      type.parameters.push_back(std::move(parameter));
    } while (!(type.name == "array") && !(type.name == "map" && type.parameters.size() == 2) &&
             tokens_.accept(","));
    if (type.name == "map" && type.parameters.size() == 1) tokens_.expect(",");
    tokens_.expect(">");
  } else if (type.name == "double" && tokens_.looking_at("PRECISION")) {
    tokens_.take();
  } else if (tokens_.accept("(")) {
    parse_type_numbers(type);
  }
  return type;
}

void DdlParser::parse_struct_fields(TypeName& type, size_t depth) {
  tokens_.expect("<");
  do {
    TypeName::Parameter field;
    field.field_name = parse_name();
    tokens_.expect(":");
    field.type = std::make_unique<const TypeName>(parse_type(depth + 1));
    field.comment = accept_string("COMMENT");
    type.parameters.push_back(std::move(field));
  } while (tokens_.accept(","));
  tokens_.expect(">");
}

/// Parses `10, 2)` of decimal(10, 2).
void DdlParser::parse_type_numbers(TypeName& type) {
  do {
    TypeName::Parameter parameter;
    parameter.number = parse_number(std::numeric_limits<uint64_t>::max());
    type.parameters.push_back(std::move(parameter));
  } while (tokens_.accept(","));
  tokens_.expect(")");
}

}  // namespace trailsql
