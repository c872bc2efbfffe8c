// Types as DuckDB has them. Which type stands for which is the table at engine_type_name in
// functions/cast.h.
#pragma once

#include <memory>
#include <string>

#include "types/type.h"

struct _duckdb_logical_type;

namespace trailsql {

struct LogicalTypeDeleter {
  void operator()(_duckdb_logical_type* type) const;
};
/// Owns one of DuckDB's types.
using LogicalType = std::unique_ptr<_duckdb_logical_type, LogicalTypeDeleter>;

/// Returns the DuckDB type that holds values of `type`.
LogicalType make_logical_type(const Type& type);

/// Spells a DuckDB type, without the names of struct fields, so that equal texts mean equal layout.
std::string logical_type_text(_duckdb_logical_type* type);

}  // namespace trailsql
