#include "engine/engine_text.h"

namespace trailsql {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string engine_text(std::string_view text) { return quoted(text, '\''); }

std::string engine_name(std::string_view name) { return quoted(name, '"'); }

}  // namespace trailsql
