// Advice for the mistakes that people bring from other dialects. Hints only: names and texts of
// errors are Trino's.
#pragma once

#include <string>
#include <string_view>

#include "syntax/expression.h"
#include "types/type.h"

namespace trailsql {

/// Says what Trino has for a function of another dialect; empty when it is none that is known.
/// `name` in lower case.
std::string foreign_function_hint(std::string_view name);

/// Says what a name that is no column may have been meant for: a text in double quotes, a unit of
/// time, a constant of another dialect. Empty when there is nothing to say.
std::string foreign_column_hint(const Identifier& name);

/// Says how two values that cannot be compared could be: a date with a text, a text with a number.
std::string comparison_hint(const Type& left, const Type& right);

/// Says how `left symbol right` is written when the operator has no such operands.
std::string arithmetic_hint(const Type& left, std::string_view symbol, const Type& right);

}  // namespace trailsql
