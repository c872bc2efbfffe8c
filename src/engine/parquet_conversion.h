// Values of a Parquet file, as DuckDB reads them → values of the declared types, in engine SQL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "types/type.h"

struct _duckdb_logical_type;

namespace trailsql {

/// What stands at the end of a path into a column of a file.
struct ParquetValue {
  std::string sql;                // of the declared type
  std::string incompatible_type;  // not empty: the file's type, which cannot be read as declared
};

/// Returns engine SQL for what lies at `fields` (positions in `declared`'s nested rows) of the
/// file's column `column`, an engine name, whose type is `stored`, as a value of `wanted`. Fields
/// of rows are found by name, without regard to case; those that the file lacks are NULL. The rules
/// are those of Trino's reader: integers of any width (`out_of_range`, engine SQL that fails, where
/// a value does not fit), FLOAT as double, decimals and integers as decimal, BINARY as varchar (cut
/// to its length), char and varbinary, INT32 as date, any timestamp (rounded to the declared
/// precision).
ParquetValue convert_parquet_value(const std::string& column, _duckdb_logical_type* stored,
                                   const Type& declared, const std::vector<uint32_t>& fields,
                                   const Type& wanted, const std::string& out_of_range);

}  // namespace trailsql
