// Statements that write rows as text.
#include "syntax/printer.h"

namespace trailsql {
namespace {

void append_properties(std::string& out, const std::vector<WriteProperty>& properties) {
  if (properties.empty()) return;
  out += "WITH (";
  for (size_t i = 0; i < properties.size(); ++i) {
    out += i == 0 ? "\n   " : ",\n   ";
    append_identifier(out, properties[i].name);
    out += " = ";
    if (properties[i].value) {
      append_expression(out, *properties[i].value);
    } else {
      out += "DEFAULT";
    }
  }
  out += "\n)";
}

void append_column_names(std::string& out, const std::vector<Identifier>& columns) {
  if (columns.empty()) return;
  out += " (";
  append_identifiers(out, columns);
  out += ')';
}

}  // namespace

void append_create_table_as(std::string& out, const CreateTableAs& create) {
  out += create.if_not_exists ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ";
  append_qualified_name(out, create.name);
  append_column_names(out, create.columns);
  out += '\n';
  if (create.comment) {
    out += "COMMENT ";
    append_string_literal(out, *create.comment);
    out += '\n';
  }
  append_properties(out, create.properties);
  if (!create.properties.empty()) out += '\n';
  out += "AS\n";
  append_query(out, *create.query, 0);
  if (!create.with_data) out += "\nWITH NO DATA";
}

void append_insert(std::string& out, const Insert& insert) {
  out += "INSERT INTO ";
  append_qualified_name(out, insert.name);
  append_column_names(out, insert.columns);
  out += '\n';
  append_query(out, *insert.query, 0);
}

void append_unload(std::string& out, const Unload& unload) {
  out += "UNLOAD (\n";
  append_query(out, *unload.query, 1);
  out += ")\nTO ";
  append_string_literal(out, unload.location);
  out += '\n';
  append_properties(out, unload.properties);
}

}  // namespace trailsql
