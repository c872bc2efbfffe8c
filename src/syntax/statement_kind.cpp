#include "syntax/statement_kind.h"

#include <algorithm>

#include "base/text.h"

namespace trailsql {
namespace {

bool is_word(const Token& token, std::string_view word) {
  return token.kind == TokenKind::kWord && equals_ignoring_case(token.text, word);
}

bool is_one_of(const Token& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return is_word(token, word); });
}

/// Returns whether what follows CREATE TABLE is `… AS query` or `… WITH (…) AS query`.
bool is_create_table_as(Lexer lexer) {
  Token token = lexer.next();
  if (is_word(token, "IF")) {
    for (int i = 0; i < 3; ++i) token = lexer.next();
  }
  token = lexer.next();
  while (token.text == "." && token.kind == TokenKind::kSymbol) {
    lexer.next();
    token = lexer.next();
  }
  return is_one_of(token, {"AS", "WITH"});
}

[[noreturn]] void refuse(const Token& token, std::string_view what) {
  const std::string hint =
      what == "USE" ? "say --database NAME, or .use NAME in the shell" : std::string();
  throw QueryError(ErrorCode::kNotSupported, token.location,
                   fmt::format("{} is not supported", what), hint);
}

}  // namespace

Dialect dialect_of_statement(Lexer lexer) {
  const Token first = lexer.next();
  if (is_word(first, "CREATE")) {
    const Token second = lexer.next();
    if (is_one_of(second, {"EXTERNAL", "DATABASE", "SCHEMA"})) return Dialect::kHive;
    if (is_word(second, "TABLE")) {
      return is_create_table_as(lexer) ? Dialect::kTrino : Dialect::kHive;
    }
    return Dialect::kTrino;
  }
  if (is_word(first, "DROP")) {
    return is_word(lexer.next(), "VIEW") ? Dialect::kTrino : Dialect::kHive;
  }
  return is_one_of(first, {"SHOW", "DESCRIBE", "DESC", "ALTER", "MSCK"}) ? Dialect::kHive
                                                                         : Dialect::kTrino;
}

void refuse_unsupported_statement(const TokenStream& tokens) {
  const Token& first = tokens.peek();
  if (tokens.looking_at("CREATE") && tokens.looking_at("TABLE", 1)) {
    refuse(first, "CREATE TABLE AS");
  }
  if (tokens.looking_at("MSCK")) refuse(first, "MSCK REPAIR TABLE");
  if (tokens.looking_at("UNLOAD")) refuse(first, "UNLOAD");
  if (tokens.looking_at("VACUUM")) refuse(first, "VACUUM");
  if (tokens.looking_at("OPTIMIZE")) refuse(first, "OPTIMIZE");
  // These words begin a statement in Trino's grammar that changes something or belongs to a
  // session.
  if (is_one_of(first, {"ALTER", "ANALYZE", "CALL", "COMMENT", "COMMIT", "DELETE", "DENY", "GRANT",
                        "INSERT", "MERGE", "REFRESH", "RESET", "REVOKE", "ROLLBACK", "SET", "START",
                        "TRUNCATE", "UPDATE", "USE"})) {
    std::string name = to_lower_ascii(first.text);
    for (char& c : name) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    refuse(first, name);
  }
}

}  // namespace trailsql
