// Vectors of DuckDB's into columns of ours: arguments of kernels, and results.
#pragma once

#include <cstdint>

#include "types/column.h"

struct _duckdb_vector;

namespace trailsql {

/// Says who keeps the bytes of strings that are read.
enum class StringPolicy : uint8_t {
  kBorrow,  // the vector does, so the column is good as long as its contents
  kCopy,    // the column does, in its arena
};

/// Appends values [start, start + count) of the flat `vector` to `column`; the vector's type must
/// be make_logical_type of the column's.
void read_vector(_duckdb_vector* vector, size_t start, size_t count, StringPolicy policy,
                 Column& column);

}  // namespace trailsql
