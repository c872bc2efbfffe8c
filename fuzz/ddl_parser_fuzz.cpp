// Parses any bytes as the columns and clauses of CREATE EXTERNAL TABLE, and as a statement of its
// own if that begins like DDL. The print of what parses must parse to the same print.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "syntax/parser.h"

namespace {

void check(const std::string& text) {
  std::string printed;
  try {
    printed = trailsql::print_statement(*trailsql::parse_statement(text));
  } catch (const trailsql::QueryError&) {
    return;
  }
  try {
    if (trailsql::print_statement(*trailsql::parse_statement(printed)) == printed) return;
  } catch (const trailsql::QueryError& error) {
    if (error.code() != trailsql::ErrorCode::kSyntaxError) return;
  }
  std::fprintf(stderr, "printed:\n%s\n", printed.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check("CREATE EXTERNAL TABLE t (" + text);
  for (std::string_view word : {"SHOW ", "DROP ", "DESCRIBE ", "CREATE DATABASE "}) {
    check(std::string(word) + text);
  }
  return 0;
}
