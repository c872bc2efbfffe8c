// Statements of Trino's grammar that do not write: queries, EXPLAIN, PREPARE, EXECUTE, DEALLOCATE
// and views.
#include "syntax/sql_parser.h"
#include "syntax/statement_kind.h"

namespace trailsql {

std::unique_ptr<const Statement> SqlParser::parse_whole_statement() {
  auto statement = parse_statement();
  tokens_.expect_end();
  return statement;
}

ExpressionPtr SqlParser::parse_whole_expression() {
  ExpressionPtr expression = parse_expression();
  tokens_.expect_end();
  return expression;
}

std::unique_ptr<const Statement> SqlParser::finish_statement(Location location,
                                                             Statement::Node node) {
  return std::make_unique<const Statement>(
      Statement{location, std::move(node), next_node_id_ - first_node_id_, num_parameters_});
}

std::unique_ptr<const Statement> SqlParser::parse_statement() {
  const DepthGuard guard(*this);
  const Location location = tokens_.location();
  refuse_unsupported_statement(tokens_);
  if (tokens_.looking_at("EXPLAIN")) return finish_statement(location, parse_explain());
  if (tokens_.looking_at("PREPARE")) return finish_statement(location, parse_prepare());
  if (tokens_.looking_at("EXECUTE")) return finish_statement(location, parse_execute());
  if (tokens_.looking_at("DEALLOCATE")) return finish_statement(location, parse_deallocate());
  if (tokens_.looking_at("INSERT")) return finish_statement(location, parse_insert());
  if (tokens_.looking_at("UNLOAD")) return finish_statement(location, parse_unload());
  if (tokens_.looking_at("CREATE") && tokens_.looking_at("TABLE", 1))
    return finish_statement(location, parse_create_table_as());
  refuse_unsupported_object(tokens_);
  if (tokens_.looking_at("CREATE")) return finish_statement(location, parse_create_view());
  if (tokens_.looking_at("DROP")) return finish_statement(location, parse_drop_view());
  for (std::string_view word : kStatementWords) tokens_.check(word);
  tokens_.record("'WITH'");
  QueryPtr query = parse_query();
  return finish_statement(location, QueryStatement{std::move(query)});
}

Statement::Node SqlParser::parse_explain() {
  Explain explain;
  tokens_.expect("EXPLAIN");
  if (tokens_.accept("ANALYZE")) {
    explain.analyze = true;
    explain.verbose = tokens_.accept("VERBOSE");
    if (!explain.verbose) tokens_.record("<identifier>");  // ANALYZE might be the statement
  } else if (tokens_.check("(") &&
             (tokens_.looking_at("FORMAT", 1) || tokens_.looking_at("TYPE", 1))) {
    tokens_.take();
    do {
      const std::string option = tokens_.check("FORMAT") ? "FORMAT" : "TYPE";
      tokens_.expect(option);
      static constexpr std::string_view kFormats[] = {"TEXT", "GRAPHVIZ", "JSON"};
      static constexpr std::string_view kTypes[] = {"LOGICAL", "DISTRIBUTED", "VALIDATE", "IO"};
      std::string value;
      const auto choose = [&](std::string_view word) {
        if (value.empty() && tokens_.accept(word)) value = std::string(word);
      };
      if (option == "FORMAT") {
        for (std::string_view word : kFormats) choose(word);
      } else {
        for (std::string_view word : kTypes) choose(word);
      }
      if (value.empty()) tokens_.fail();
      explain.options.emplace_back(option, value);
    } while (tokens_.accept(","));
    tokens_.expect(")");
  }
  explain.statement = parse_statement();
  return explain;
}

Statement::Node SqlParser::parse_prepare() {
  Prepare prepare;
  tokens_.expect("PREPARE");
  prepare.name = tokens_.expect_identifier();
  tokens_.expect("FROM");
  const size_t first = tokens_.position();
  prepare.statement = parse_statement();
  prepare.statement_text = std::string(tokens_.text_between(first, tokens_.position()));
  return prepare;
}

Statement::Node SqlParser::parse_execute() {
  Execute execute;
  tokens_.expect("EXECUTE");
  if (tokens_.looking_at("IMMEDIATE") && tokens_.is_string(1)) {
    tokens_.take();
    execute.text_location = tokens_.location();
    ++execute.text_location.column;
    execute.statement_text = tokens_.expect_string();
  } else {
    tokens_.record("'IMMEDIATE'");
    execute.name = tokens_.expect_identifier();
  }
  if (tokens_.accept("USING")) execute.parameters = parse_expression_list();
  return execute;
}

Statement::Node SqlParser::parse_deallocate() {
  tokens_.expect("DEALLOCATE");
  tokens_.expect("PREPARE");
  return Deallocate{tokens_.expect_identifier()};
}

Statement::Node SqlParser::parse_create_view() {
  CreateView view;
  tokens_.expect("CREATE");
  if (tokens_.accept("OR")) {
    tokens_.expect("REPLACE");
    view.or_replace = true;
  }
  tokens_.expect("VIEW");
  view.name = tokens_.expect_qualified_name();
  tokens_.forget_expectations();
  if (tokens_.accept("COMMENT")) view.comment = tokens_.expect_string();
  // Whose rights count makes no difference where there is one user.
  if (tokens_.accept("SECURITY") && !tokens_.accept("DEFINER")) tokens_.expect("INVOKER");
  tokens_.record("'WITH'");
  tokens_.expect("AS");
  const size_t first = tokens_.position();
  tokens_.record("'WITH'");
  view.query = parse_query();
  view.query_text = std::string(tokens_.text_between(first, tokens_.position()));
  return view;
}

Statement::Node SqlParser::parse_drop_view() {
  DropView view;
  tokens_.expect("DROP");
  tokens_.expect("VIEW");
  view.if_exists = tokens_.accept("IF", "EXISTS");
  view.name = tokens_.expect_qualified_name();
  return view;
}

}  // namespace trailsql
