// Columns of ours into vectors of DuckDB's. The hot path of every scan.
#pragma once

#include "types/column.h"

struct _duckdb_vector;

namespace trailsql {

/// Writes all values of `column` to the flat `vector`, whose type is make_logical_type of the
/// column's. Strings are copied; those of text types must be valid UTF-8. The vector must have room
/// (lists and maps make their own). Throws NOT_SUPPORTED for a string of 4 GiB and more, whose
/// length DuckDB would cut to 32 bits.
void write_vector(_duckdb_vector* vector, const Column& column);

/// Makes value `row` of a vector of `type` NULL, with all fields inside, as DuckDB wants it.
void write_null(_duckdb_vector* vector, const Type& type, size_t row);

}  // namespace trailsql
