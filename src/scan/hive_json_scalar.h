// Scalars of JSON → values as Hive's own JsonSerDe reads them: numbers are numbers, and what does
// not fit ends the query. source: asked from Trino 476's JSON reader.
#pragma once

#include <string_view>
#include <vector>

#include "scan/timestamp_text.h"
#include "types/column.h"

namespace trailsql {

/// Appends a decoded string (`quoted`) or an unquoted word other than null to a column of scalars.
/// Throws HIVE_CURSOR_ERROR with the reason alone.
void append_hive_json_scalar(std::string_view text, bool quoted, bool borrow,
                             const std::vector<TimestampPattern>& patterns, Column& column);

/// Throws HIVE_CURSOR_ERROR for an object or array where a scalar is declared, or for anything else
/// where a row, map (`start of object`) or array is.
[[noreturn]] void refuse_hive_json_kind(const Type& declared);

}  // namespace trailsql
