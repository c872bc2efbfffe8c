#include "base/error.h"

namespace trailsql {

std::string QueryError::visible(std::string message) {
  if (message.find('\0') == std::string::npos) return message;
  std::string shown;
  for (const char c : message) {
    if (c == '\0') {
      shown += "␀";
    } else {
      shown += c;
    }
  }
  return shown;
}

std::string QueryError::full_text() const {
  if (!location_.known()) return fmt::format("{}: {}", error_name(code_), what());
  return fmt::format("{}: line {}:{}: {}", error_name(code_), location_.line, location_.column,
                     what());
}

}  // namespace trailsql
