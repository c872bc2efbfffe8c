// Parses any bytes as a query. What parses must print, and the print must parse to the same print.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "syntax/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string printed;
  try {
    printed = trailsql::print_statement(*trailsql::parse_statement(text));
  } catch (const trailsql::QueryError&) {
    return 0;
  }
  try {
    const std::string again = trailsql::print_statement(*trailsql::parse_statement(printed));
    if (again == printed) return 0;
    std::fprintf(stderr, "printed:\n%s\nthen:\n%s\n", printed.c_str(), again.c_str());
  } catch (const trailsql::QueryError& error) {
    // Printing adds parentheses, so a tree near a limit may print as one beyond it.
    if (error.code() != trailsql::ErrorCode::kSyntaxError) return 0;
    std::fprintf(stderr, "printed:\n%s\n%s\n", printed.c_str(), error.full_text().c_str());
  }
  std::abort();
}
