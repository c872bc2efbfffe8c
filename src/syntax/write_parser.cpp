// Statements that write rows: CREATE TABLE … AS and INSERT of Trino's grammar, and Athena's UNLOAD.
#include "syntax/sql_parser.h"

namespace trailsql {

Statement::Node SqlParser::parse_create_table_as() {
  CreateTableAs create;
  tokens_.expect("CREATE");
  tokens_.expect("TABLE");
  if (tokens_.looking_at("IF") && tokens_.looking_at("NOT", 1)) {
    tokens_.take();
    tokens_.take();
    tokens_.expect("EXISTS");
    create.if_not_exists = true;
  }
  create.name = tokens_.expect_qualified_name();
  create.columns_location = tokens_.location();
  if (tokens_.check("(")) create.columns = parse_identifier_list();
  if (tokens_.accept("COMMENT")) create.comment = tokens_.expect_string();
  if (tokens_.accept("WITH")) create.properties = parse_write_properties();
  tokens_.expect("AS");
  create.query = parse_query_to_write();
  if (tokens_.accept("WITH")) {
    create.with_data = !tokens_.accept("NO");
    tokens_.expect("DATA");
  }
  return create;
}

Statement::Node SqlParser::parse_insert() {
  Insert insert;
  tokens_.expect("INSERT");
  tokens_.expect("INTO");
  insert.name = tokens_.expect_qualified_name();
  tokens_.forget_expectations();
  if (tokens_.check("(") && tokens_.is_identifier(1)) insert.columns = parse_identifier_list();
  tokens_.record("'WITH'");
  insert.query = parse_query();
  return insert;
}

Statement::Node SqlParser::parse_unload() {
  Unload unload;
  tokens_.expect("UNLOAD");
  tokens_.expect("(");
  tokens_.record("'WITH'");
  unload.query = parse_query();
  tokens_.expect(")");
  tokens_.expect("TO");
  unload.location_place = tokens_.location();
  unload.location = tokens_.expect_string();
  if (tokens_.accept("WITH")) unload.properties = parse_write_properties();
  return unload;
}

/// Parses a query that may stand in parentheses, with its own WITH inside them.
QueryPtr SqlParser::parse_query_to_write() {
  for (std::string_view label : {"'('", "'WITH'"}) tokens_.record(label);
  const bool in_parentheses = tokens_.looking_at("(") && tokens_.looking_at("WITH", 1);
  if (!in_parentheses) return parse_query();
  tokens_.expect("(");
  QueryPtr query = parse_query();
  tokens_.expect(")");
  return query;
}

std::vector<WriteProperty> SqlParser::parse_write_properties() {
  std::vector<WriteProperty> properties;
  tokens_.expect("(");
  do {
    WriteProperty property;
    property.name = tokens_.expect_identifier();
    tokens_.forget_expectations();
    tokens_.expect("=");
    if (!tokens_.accept("DEFAULT")) property.value = parse_expression();
    properties.push_back(std::move(property));
  } while (tokens_.accept(","));
  tokens_.expect(")");
  return properties;
}

}  // namespace trailsql
