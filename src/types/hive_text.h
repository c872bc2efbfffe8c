// Values as Hive spells them: in the names of partitions, and in files of JSON and delimited text.
#pragma once

#include <string>

#include "types/column.h"

namespace trailsql {

/// Appends a value that is not nested as `append_text` does, but timestamps without trailing zeros:
/// `2020-01-01 10:00:00.12`, `2020-01-01 10:00:00`. Of a NULL nothing.
void append_hive_text(std::string& out, const Column& column, size_t row);

/// Removes zeros at the end of a fraction in what stands behind `begin`, and a point that they
/// leave.
void drop_trailing_zeros(std::string& out, size_t begin);

}  // namespace trailsql
