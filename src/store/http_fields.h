// Headers and query parameters.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trailsql {

/// Names and values in their order; names of headers in lower case.
using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// Returns the value of the first field of that name, or nullptr.
inline const std::string* find_field(const HttpFields& fields, std::string_view name) {
  for (const auto& [field, value] : fields) {
    if (field == name) return &value;
  }
  return nullptr;
}

}  // namespace trailsql
