// Statements of Trino's grammar as text.
#include "syntax/printer.h"

namespace trailsql {
namespace {

void append_statement(std::string& out, const Statement& statement) {
  const Statement::Node& node = statement.node;
  if (const auto* query = std::get_if<QueryStatement>(&node)) {
    append_query(out, *query->query, 0);
  } else if (const auto* explain = std::get_if<Explain>(&node)) {
    out += explain->analyze ? "EXPLAIN ANALYZE" : "EXPLAIN";
    if (explain->verbose) out += " VERBOSE";
    for (size_t i = 0; i < explain->options.size(); ++i) {
      out += i == 0 ? " (" : ", ";
      out += explain->options[i].first + " " + explain->options[i].second;
    }
    if (!explain->options.empty()) out += ')';
    out += '\n';
    append_statement(out, *explain->statement);
  } else if (const auto* prepare = std::get_if<Prepare>(&node)) {
    out += "PREPARE ";
    append_identifier(out, prepare->name);
    out += " FROM\n";
    append_statement(out, *prepare->statement);
  } else if (const auto* execute = std::get_if<Execute>(&node)) {
    out += "EXECUTE ";
    if (execute->statement_text) {
      out += "IMMEDIATE\n";
      append_string_literal(out, *execute->statement_text);
      out += '\n';
    } else {
      append_identifier(out, execute->name);
    }
    if (!execute->parameters.empty()) out += " USING ";
    append_expressions(out, execute->parameters);
  } else if (const auto* deallocate = std::get_if<Deallocate>(&node)) {
    out += "DEALLOCATE PREPARE ";
    append_identifier(out, deallocate->name);
  } else if (const auto* view = std::get_if<CreateView>(&node)) {
    out += view->or_replace ? "CREATE OR REPLACE VIEW " : "CREATE VIEW ";
    append_qualified_name(out, view->name);
    if (view->comment) {
      out += " COMMENT ";
      append_string_literal(out, *view->comment);
    }
    out += " AS\n";
    append_query(out, *view->query, 0);
  } else if (const auto* dropped = std::get_if<DropView>(&node)) {
    out += dropped->if_exists ? "DROP VIEW IF EXISTS " : "DROP VIEW ";
    append_qualified_name(out, dropped->name);
  } else if (const auto* create = std::get_if<CreateTableAs>(&node)) {
    append_create_table_as(out, *create);
  } else if (const auto* insert = std::get_if<Insert>(&node)) {
    append_insert(out, *insert);
  } else if (const auto* unload = std::get_if<Unload>(&node)) {
    append_unload(out, *unload);
  } else {
    append_ddl(out, node);
  }
}

}  // namespace

std::string print_statement(const Statement& statement) {
  std::string out;
  append_statement(out, statement);
  while (!out.empty() && (out.back() == '\n' || out.back() == ' ')) out.pop_back();
  return out;
}

}  // namespace trailsql
