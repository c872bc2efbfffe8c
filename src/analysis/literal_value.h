// The values that number and interval literals spell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "syntax/expression.h"

namespace trailsql {

/// Returns the value of 12, -12, 1_000, 0x1F, 0o17 or 0b11; empty beyond 64 bits.
std::optional<int64_t> integer_value(const IntegerLiteral& literal);

/// Returns the text of a number without the _ that may stand between its digits.
std::string without_separators(std::string text);

/// Returns the value of a number literal of any form, with a sign or without; empty for others.
std::optional<double> number_value(const Expression& expression);
/// Returns whether the interval's fields go together: DAY TO SECOND, but not SECOND TO DAY.
bool is_interval_qualifier(const IntervalLiteral& literal);

/// Returns the interval's months (YEAR and MONTH) or milliseconds (DAY to SECOND); empty when the
/// text does not fit the fields.
std::optional<int64_t> interval_value(const IntervalLiteral& literal);

/// Spells the interval's fields: "DAY TO SECOND".
std::string interval_fields(const IntervalLiteral& literal);

}  // namespace trailsql
