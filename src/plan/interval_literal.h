// The text of INTERVAL literals.
#pragma once

#include <cstdint>
#include <optional>

#include "syntax/expression.h"

namespace trailsql {

/// Returns the interval's months (YEAR and MONTH) or milliseconds (DAY to SECOND); empty when the
/// text does not fit the fields.
std::optional<int64_t> interval_value(const IntervalLiteral& literal);

}  // namespace trailsql
