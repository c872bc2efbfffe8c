#include "base/error.h"

namespace trailsql {

std::string QueryError::full_text() const {
  if (!location_.known()) return fmt::format("{}: {}", error_name(code_), what());
  return fmt::format("{}: line {}:{}: {}", error_name(code_), location_.line, location_.column,
                     what());
}

}  // namespace trailsql
