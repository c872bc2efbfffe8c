// Types as Trino writes them: decimal(10, 2), array(row(a bigint)), timestamp(3) with time zone.
#include <charconv>

#include "base/text.h"
#include "syntax/sql_parser.h"
#include "syntax/tree_height.h"

namespace trailsql {

TypeName::Parameter SqlParser::type_parameter(TypeName type) {
  TypeName::Parameter parameter;
  parameter.type = std::make_unique<const TypeName>(std::move(type));
  return parameter;
}

TypeName SqlParser::parse_type() {
  const DepthGuard guard(*this);
  const TokenStream::NamedRule rule(tokens_, "<type>");
  TypeName type = parse_base_type();
  size_t num_dimensions = 0;
  while (tokens_.accept("ARRAY")) {
    check_height(++num_dimensions + depth_);
    if (tokens_.accept("[")) {
      tokens_.expect_integer();
      tokens_.expect("]");
    }
    TypeName array;
    array.name = "array";
    array.written_name = "array";
    array.location = type.location;
    array.parameters.push_back(type_parameter(std::move(type)));
    type = std::move(array);
  }
  return type;
}

TypeName SqlParser::parse_base_type() {
  if (tokens_.check("ROW") && tokens_.looking_at("(", 1)) return parse_row_type();
  if (tokens_.check("INTERVAL") && tokens_.is_identifier(1)) return parse_interval_type();
  if (tokens_.check("TIME") || tokens_.check("TIMESTAMP")) return parse_datetime_type();
  TypeName type;
  type.location = tokens_.location();
  if (tokens_.check("DOUBLE") && tokens_.looking_at("PRECISION", 1)) {
    tokens_.take();
    tokens_.take();
    type.name = "double";
    type.written_name = "double";
    return type;
  }
  const bool angle =
      tokens_.looking_at("<", 1) && (tokens_.looking_at("ARRAY") || tokens_.looking_at("MAP"));
  type.written_name = std::string(tokens_.peek().text);
  type.name = to_lower_ascii(tokens_.expect_identifier().value);
  if (angle) {
    tokens_.expect("<");
    parse_type_arguments(type, "<", ">");
  } else if (tokens_.accept("(")) {
    parse_type_arguments(type, "(", ")");
  }
  return type;
}

/// Parses numbers and types up to the closing bracket; the opening one has been taken.
void SqlParser::parse_type_arguments(TypeName& type, std::string_view open,
                                     std::string_view close) {
  do {
    if (open == "(" && tokens_.peek().kind == TokenKind::kInteger) {
      type.parameters.push_back(parse_type_number());
    } else {
      if (open == "(") tokens_.record("<integer>");
      type.parameters.push_back(type_parameter(parse_type()));
    }
  } while (tokens_.accept(","));
  tokens_.expect(close);
}

TypeName::Parameter SqlParser::parse_type_number() {
  const Token& token = tokens_.take();
  TypeName::Parameter parameter;
  uint64_t number = 0;
  const auto [end, status] =
      std::from_chars(token.text.data(), token.text.data() + token.text.size(), number);
  if (status != std::errc() || end != token.text.data() + token.text.size()) {
    tokens_.fail_with(fmt::format("Invalid numeric literal: {}", token.text), token.location);
  }
  parameter.number = number;
  return parameter;
}

TypeName SqlParser::parse_datetime_type() {
  TypeName type;
  type.location = tokens_.location();
  type.written_name = std::string(tokens_.peek().text);
  type.name = to_lower_ascii(tokens_.take().text);
  if (tokens_.accept("(")) parse_type_arguments(type, "(", ")");
  if (tokens_.accept("WITHOUT")) {
    tokens_.expect("TIME");
    tokens_.expect("ZONE");
  } else if (tokens_.accept("WITH")) {
    tokens_.expect("TIME");
    tokens_.expect("ZONE");
    type.name += " with time zone";
  }
  return type;
}

TypeName SqlParser::parse_row_type() {
  TypeName type;
  type.location = tokens_.location();
  type.written_name = std::string(tokens_.peek().text);
  type.name = "row";
  tokens_.expect("ROW");
  tokens_.expect("(");
  // Without a named field, Trino's grammar reads a name with parameters, which may be numbers.
  bool is_named = false;
  do {
    if (!is_named && tokens_.peek().kind == TokenKind::kInteger) {
      type.parameters.push_back(parse_type_number());
    } else {
      tokens_.record(is_named ? "<identifier>" : "<integer>");
      type.parameters.push_back(parse_row_field());
      is_named = is_named || type.parameters.back().field_name;
    }
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return type;
}

/// Parses `name type` or a type alone. Where both fit Trino takes the type alone.
TypeName::Parameter SqlParser::parse_row_field() {
  const bool type_of_words = (tokens_.looking_at("DOUBLE") && tokens_.looking_at("PRECISION", 1)) ||
                             (tokens_.looking_at("ARRAY", 1) && !tokens_.looking_at("(", 2) &&
                              !tokens_.looking_at("<", 2)) ||
                             (tokens_.looking_at("INTERVAL") &&
                              (tokens_.looking_at("YEAR", 1) || tokens_.looking_at("DAY", 1)) &&
                              tokens_.looking_at("TO", 2));
  std::optional<Identifier> name;
  if (tokens_.is_identifier() && tokens_.is_identifier(1) && !type_of_words &&
      !tokens_.looking_at("WITHOUT", 1)) {
    name = tokens_.expect_identifier();
  }
  TypeName::Parameter field = type_parameter(parse_type());
  field.field_name = std::move(name);
  return field;
}

TypeName SqlParser::parse_interval_type() {
  TypeName type;
  type.location = tokens_.location();
  tokens_.expect("INTERVAL");
  const IntervalField from = parse_interval_field();
  std::optional<IntervalField> to;
  if (tokens_.accept("TO")) to = parse_interval_field();
  if (from == IntervalField::kYear && to == IntervalField::kMonth) {
    type.name = "interval year to month";
  } else if (from == IntervalField::kDay && to == IntervalField::kSecond) {
    type.name = "interval day to second";
  } else {
    tokens_.fail_with("Invalid interval type", type.location);
  }
  type.written_name = type.name;
  return type;
}

}  // namespace trailsql
