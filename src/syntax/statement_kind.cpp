#include "syntax/statement_kind.h"

#include <fmt/core.h>

namespace trailsql {
namespace {

/// Returns whether what follows CREATE TABLE is `… [(names)] [COMMENT text] [WITH (…)] AS query`:
/// in Hive's DDL neither AS nor WITH stands behind a name, columns or a comment.
bool is_create_table_as(Lexer lexer) {
  Token token = lexer.next();
  if (matches(token, "IF")) {
    for (int i = 0; i < 3; ++i) token = lexer.next();
  }
  token = lexer.next();
  while (matches(token, ".")) {
    lexer.next();
    token = lexer.next();
  }
  if (matches(token, "(")) {
    for (int depth = 1; depth > 0 && token.kind != TokenKind::kEnd;) {
      token = lexer.next();
      if (matches(token, "(")) ++depth;
      if (matches(token, ")")) --depth;
    }
    token = lexer.next();
  }
  if (matches(token, "COMMENT")) {
    lexer.next();
    token = lexer.next();
  }
  return matches_any(token, {"AS", "WITH"});
}

}  // namespace

Dialect dialect_of_statement(Lexer lexer) {
  const Token first = lexer.next();
  if (matches(first, "CREATE")) {
    const Token second = lexer.next();
    if (matches_any(second, {"EXTERNAL", "DATABASE", "SCHEMA"})) return Dialect::kHive;
    if (matches(second, "TABLE")) {
      return is_create_table_as(lexer) ? Dialect::kTrino : Dialect::kHive;
    }
    return Dialect::kTrino;
  }
  if (matches(first, "DROP")) {
    return matches(lexer.next(), "VIEW") ? Dialect::kTrino : Dialect::kHive;
  }
  return matches_any(first, {"SHOW", "DESCRIBE", "DESC", "ALTER", "MSCK"}) ? Dialect::kHive
                                                                           : Dialect::kTrino;
}

void refuse_unsupported_object(const TokenStream& tokens) {
  for (const std::string_view verb : {"CREATE", "DROP"}) {
    if (!tokens.looking_at(verb)) continue;
    for (const std::string_view object :
         {"ROLE", "USER", "MATERIALIZED", "FUNCTION", "INDEX", "PROCEDURE", "TRIGGER", "SEQUENCE",
          "CATALOG", "TEMPORARY", "MACRO"}) {
      if (tokens.looking_at(object, 1)) tokens.refuse(fmt::format("{} {}", verb, object));
    }
  }
  if (tokens.looking_at("USING") && tokens.looking_at("EXTERNAL", 1))
    tokens.refuse("USING EXTERNAL FUNCTION");
}

void refuse_unsupported_statement(const TokenStream& tokens) {
  if (tokens.looking_at("USE")) {
    tokens.refuse("USE", "say --database NAME, or .use NAME in the shell");
  }
  // These words begin a statement that changes something or belongs to a session.
  for (std::string_view word : {"ALTER", "ANALYZE", "CALL", "COMMENT", "COMMIT", "DELETE", "DENY",
                                "GRANT", "MERGE", "OPTIMIZE", "REFRESH", "RESET", "REVOKE",
                                "ROLLBACK", "SET", "START", "TRUNCATE", "UPDATE", "VACUUM"}) {
    if (tokens.looking_at(word)) tokens.refuse(word);
  }
}

}  // namespace trailsql
