// The front door of the syntax module: text in, tree out. The first station of a query's journey.
#pragma once

#include <memory>
#include <string_view>

#include "syntax/statement.h"

namespace trailsql {

/// Limits of the module.
inline constexpr size_t kMaxStatementBytes = 262'144;
inline constexpr size_t kMaxTreeHeight = 500;

struct ParseOptions {
  NodeId first_node_id = 0;  // ids go up from here; a view's text is parsed with ids beyond those
                             // of the query that uses it
  Location start{1, 1};      // of the text, when it stands inside another
};

/// Parses one statement (one trailing `;` is fine) of Trino's queries or Athena's Hive DDL, told
/// apart by the first words. Throws SYNTAX_ERROR with Trino's text and place ("mismatched input
/// 'x'. Expecting: …"), QUERY_TEXT_TOO_LARGE beyond kMaxStatementBytes, STACK_OVERFLOW ("statement
/// is too large (stack overflow during analysis)") beyond kMaxTreeHeight.
std::unique_ptr<const Statement> parse_statement(std::string_view text,
                                                 const ParseOptions& options = {});

/// Parses an expression alone, for tests and for folded predicates. Errors as above.
ExpressionPtr parse_expression(std::string_view text, const ParseOptions& options = {});

/// One statement of a script: its text without the separator, and where it begins.
struct ScriptStatement {
  std::string_view text;  // points into the script
  Location location;
};
struct Script {
  std::vector<ScriptStatement> statements;
  bool complete = true;  // the text ended with `;` (the shell asks for more lines until then)
};
/// Splits a script at the `;` that stand outside literals, quoted names and comments. Pieces
/// without tokens are left out.
Script split_script(std::string_view text);

/// Prints a tree as SQL that parses to the same tree. Expressions and queries print as Trino's own
/// formatter does, since its error texts contain them: `(a + 1)`, `"count"(*)` as asked from the
/// oracle.
std::string print_statement(const Statement& statement);
std::string print_query(const Query& query);
std::string print_expression(const Expression& expression);
std::string print_type(const TypeName& type);

}  // namespace trailsql
