// Evaluates SQL/JSON paths, in lax and in strict mode.
#pragma once

#include <span>

#include "functions/json_path.h"

namespace trailsql {

/// What a path finds, in order; or why it finds nothing ("structural error: …").
struct PathResult {
  JsonItems items;
  std::optional<std::string> problem;
};

/// Evaluates the path on `context`; `parameters` are the values of its named variables.
PathResult evaluate_path(const JsonPath& path, const JsonItem& context,
                         std::span<const JsonItem> parameters);

}  // namespace trailsql
