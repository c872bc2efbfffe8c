// Feeds any bytes to the lexer in both dialects: tokens must cover the text in order and end.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "syntax/lexer.h"
#include "syntax/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (trailsql::Dialect dialect : {trailsql::Dialect::kTrino, trailsql::Dialect::kHive}) {
    const char* end = text.data();
    for (const trailsql::Token& token : trailsql::tokenize(text, dialect)) {
      if (token.kind == trailsql::TokenKind::kEnd) break;
      if (token.text.empty() || token.text.data() < end) std::abort();
      end = token.text.data() + token.text.size();
    }
    if (end > text.data() + text.size()) std::abort();
  }
  trailsql::split_script(text);
  return 0;
}
