// Which grammar a statement belongs to, by its first words; and what is refused at once.
#pragma once

#include <array>
#include <string_view>

#include "syntax/token_stream.h"

namespace trailsql {

/// The words a statement of Trino may begin with, apart from queries: its error texts list them.
inline constexpr std::array<std::string_view, 28> kStatementWords = {
    "ALTER",    "ANALYZE", "CALL",  "COMMENT",  "COMMIT",   "CREATE",  "DEALLOCATE",
    "DELETE",   "DENY",    "DESC",  "DESCRIBE", "DROP",     "EXECUTE", "EXPLAIN",
    "GRANT",    "INSERT",  "MERGE", "PREPARE",  "REFRESH",  "RESET",   "REVOKE",
    "ROLLBACK", "SET",     "SHOW",  "START",    "TRUNCATE", "UPDATE",  "USE"};

/// Returns whose grammar the statement at the lexer's place follows. The lexer is a copy: nothing
/// is taken.
Dialect dialect_of_statement(Lexer lexer);

/// Throws NOT_SUPPORTED for CREATE and DROP of things that Hive or Trino have and Athena has not.
void refuse_unsupported_object(const TokenStream& tokens);

/// Throws NOT_SUPPORTED if the statement is one that Athena or Trino has and this program does not
/// have yet.
void refuse_unsupported_statement(const TokenStream& tokens);

}  // namespace trailsql
