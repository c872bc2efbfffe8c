// Prints trees as SQL: the parts that the printers of expressions, queries and DDL share. The forms
// are those of Trino's own formatter, since Trino's error texts quote expressions that way.
#pragma once

#include <string>

#include "syntax/parser.h"

namespace trailsql {

/// Appends a name, in double quotes if it was written so or has to be.
void append_identifier(std::string& out, const Identifier& name);
void append_qualified_name(std::string& out, const QualifiedName& name);
void append_identifiers(std::string& out, const std::vector<Identifier>& names);
/// Appends 'text' with quotes doubled.
void append_string_literal(std::string& out, std::string_view text);

void append_type(std::string& out, const TypeName& type);
void append_expression(std::string& out, const Expression& expression);
/// Appends an expression that more follows: a lambda, which would swallow it, in parentheses.
void append_operand(std::string& out, const Expression& expression);
void append_expressions(std::string& out, const std::vector<ExpressionPtr>& expressions);
void append_sort_items(std::string& out, const std::vector<SortItem>& items);
void append_window(std::string& out, const WindowSpecification& window);
void append_function_call(std::string& out, const FunctionCall& call);

void append_json_path_call(std::string& out, const JsonPathCall& call);
void append_json_object(std::string& out, const JsonObject& object);
void append_json_array(std::string& out, const JsonArray& array);

/// Appends a query as lines; `indent` counts steps of three blanks.
void append_query(std::string& out, const Query& query, size_t indent);

/// Appends statements that write rows.
void append_create_table_as(std::string& out, const CreateTableAs& create);
void append_insert(std::string& out, const Insert& insert);
void append_unload(std::string& out, const Unload& unload);

/// Quotes a name in backticks, and text in single quotes with escapes: both always safe in Hive's
/// DDL.
std::string hive_quoted_name(std::string_view name);
std::string hive_quoted_text(std::string_view text);

/// Appends a statement of Hive's DDL.
void append_ddl(std::string& out, const Statement::Node& node);

}  // namespace trailsql
