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

std::string path_pattern(std::string_view path) {
  // The engine takes a backslash for a separator of folders, finds nothing, and then takes the path
  // as it is.
  if (path.find('\\') != std::string_view::npos) return std::string(path);
  std::string out;
  for (const char c : path) {
    const bool is_special = c == '*' || c == '?' || c == '[';
    out += is_special ? std::string{'[', c, ']'} : std::string(1, c);
  }
  return out;
}

std::string engine_name(std::string_view name) { return quoted(name, '"'); }

}  // namespace trailsql
