// Parquet tables as views: what the query wants of the files that the table has, whatever is in
// them.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "scan/parquet_table.h"

struct _duckdb_connection;

namespace trailsql {

/// Makes the view parquet_<index> over a table's files, with the columns c0 … of its spec; files
/// may differ in what columns they have and of which types. Throws HIVE_BAD_DATA for a file that is
/// no Parquet file, and for a wanted column whose type in a file cannot be read as declared.
void create_parquet_view(_duckdb_connection* connection, const ParquetTable& table, size_t index);

/// Reads all files of a table, once a query over them failed, and returns the error of the first
/// that cannot be read; nothing when all can.
std::optional<QueryError> find_malformed_file(_duckdb_connection* connection,
                                              const ParquetTable& table);

}  // namespace trailsql
