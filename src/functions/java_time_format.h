// How Java spells dates and times: toString, and the %t conversions of its Formatter.
#pragma once

#include <optional>
#include <string>

#include "types/column.h"

namespace trailsql {

/// Appends a time, or a timestamp with or without time zone, as java.time's toString does:
/// "12:34", "2020-01-02T03:04:05.120", "2020-01-02T03:04:05+05:45[Asia/Kathmandu]".
void append_java_time(std::string& out, const Column& column, size_t row);

/// Spells a part of a date, time, timestamp, or of milliseconds since 1970 (an integer) as
/// %t<conversion> does; empty when the value has no such part.
std::optional<std::string> spell_java_time(char conversion, const Column& column, size_t row);

}  // namespace trailsql
