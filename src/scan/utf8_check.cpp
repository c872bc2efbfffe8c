#include "scan/utf8_check.h"

#include <simdjson.h>

namespace trailsql {

bool is_clean_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace trailsql
