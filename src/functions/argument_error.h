// The error that most functions end a query with.
#pragma once

#include <string>

#include "base/error.h"

namespace trailsql {

/// Throws INVALID_FUNCTION_ARGUMENT.
[[noreturn]] inline void fail_argument(const std::string& text) {
  throw QueryError(ErrorCode::kInvalidFunctionArgument, text);
}

}  // namespace trailsql
