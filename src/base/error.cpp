#include "base/error.h"

namespace trailsql {

std::string QueryError::visible(std::string message) {
  for (size_t zero = message.find('\0'); zero != std::string::npos; zero = message.find('\0')) {
    message.replace(zero, 1, "␀");
  }
  return message;
}

std::string QueryError::full_text() const {
  if (!location_.known()) return fmt::format("{}: {}", error_name(code_), what());
  return fmt::format("{}: line {}:{}: {}", error_name(code_), location_.line, location_.column,
                     what());
}

}  // namespace trailsql
