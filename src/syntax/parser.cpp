#include "syntax/parser.h"

#include <fmt/core.h>

#include "base/text.h"
#include "syntax/ddl_parser.h"
#include "syntax/sql_parser.h"
#include "syntax/statement_kind.h"

namespace trailsql {
namespace {

// Counts as the lexer does: a column a character.
Location location_of(std::string_view text, size_t offset) {
  Location place{1, 1};
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++place.line;
      place.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
      ++place.column;
    }
  }
  return place;
}

void check_utf8(std::string_view text) {
  if (is_valid_utf8(text)) return;
  // The first byte behind the longest valid beginning.
  size_t valid = 0;
  for (size_t end = 1; end <= text.size(); ++end) {
    if (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) continue;
    if (!is_valid_utf8(text.substr(valid, end - valid))) break;
    valid = end;
  }
  throw QueryError(ErrorCode::kSyntaxError, location_of(text, valid),
                   fmt::format("byte 0x{:02X} is not UTF-8",
                               static_cast<unsigned>(static_cast<unsigned char>(text[valid]))),
                   "statements are texts in UTF-8");
}

void check_size(std::string_view text) {
  if (text.size() > kMaxStatementBytes) {
    throw QueryError(ErrorCode::kQueryTextTooLarge,
                     fmt::format("Query text length ({}) exceeds the maximum length ({})",
                                 text.size(), kMaxStatementBytes));
  }
}

/// Runs a parser; when it meets an error, runs it again to learn what was expected there.
template <typename Parse>
auto parse_twice_on_error(std::string_view text, Dialect dialect, Location start,
                          const Parse& parse) {
  check_size(text);
  check_utf8(text);
  try {
    TokenStream tokens(text, dialect, false, start);
    return parse(tokens);
  } catch (const QueryError& error) {
    if (error.code() != ErrorCode::kSyntaxError) throw;
    TokenStream tokens(text, dialect, true, start);
    parse(tokens);
    throw;
  }
}

}  // namespace

std::unique_ptr<const Statement> parse_statement(std::string_view text,
                                                 const ParseOptions& options) {
  const Dialect dialect = dialect_of_statement(Lexer(text, Dialect::kTrino));
  return parse_twice_on_error(text, dialect, options.start, [&](TokenStream& tokens) {
    return dialect == Dialect::kHive
               ? DdlParser(tokens).parse_whole_statement()
               : SqlParser(tokens, options.first_node_id).parse_whole_statement();
  });
}

ExpressionPtr parse_expression(std::string_view text, const ParseOptions& options) {
  return parse_twice_on_error(text, Dialect::kTrino, options.start, [&](TokenStream& tokens) {
    return SqlParser(tokens, options.first_node_id).parse_whole_expression();
  });
}

Script split_script(std::string_view text) {
  Script script;
  Lexer lexer(text, Dialect::kTrino);
  while (true) {
    // Each statement decides anew what a double quote and a backslash mean.
    lexer.set_dialect(Dialect::kTrino);
    lexer.set_dialect(dialect_of_statement(lexer));
    Token token = lexer.next();
    const Token first = token;
    const char* end = first.text.data();
    while (token.kind != TokenKind::kEnd && !matches(token, ";")) {
      end = token.text.data() + token.text.size();
      token = lexer.next();
    }
    const bool empty = end == first.text.data();
    if (!empty) {
      const auto length = static_cast<size_t>(end - first.text.data());
      script.statements.push_back({{first.text.data(), length}, first.location});
    }
    if (token.kind == TokenKind::kEnd) {
      script.complete = empty && !lexer.saw_unterminated();
      return script;
    }
  }
}

}  // namespace trailsql
