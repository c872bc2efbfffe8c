// ISO 8601 timestamps to the nanosecond, as java.time reads them: stricter than Joda.
#pragma once

#include <string_view>

#include "functions/timestamp_value.h"

namespace trailsql {

/// Reads "2020-01-31T10:20[:30[.123456789]][Z | +05:30]"; without an offset it is UTC. Throws
/// INVALID_FUNCTION_ARGUMENT "Text '…' could not be parsed at index 10", as java.time words it.
ZonedTime parse_iso_nanoseconds(std::string_view text);

}  // namespace trailsql
