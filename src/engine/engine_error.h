// Errors on their way through DuckDB: ours travel inside its message and come out as they went in;
// its own are mapped to names that users know.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace trailsql {

/// Returns the exception being handled as text that DuckDB can carry in an error message: a mark
/// with the whole error inside. It holds everything, so nothing has to be remembered for the many
/// errors that DuckDB drops (TRY, constant folding, branches not taken). Call inside a catch block.
std::string encode_current_exception() noexcept;

/// Returns `error` as such a text.
std::string encode_error(const QueryError& error);

/// Returns the error that ends a query which DuckDB ended with `message`: the one encoded in it if
/// there is one, else DuckDB's own mapped to ours. `memory_limit_bytes` (0: unknown) is for the
/// text of EXCEEDED_MEMORY_LIMIT.
QueryError to_query_error(std::string_view message, uint64_t memory_limit_bytes);

}  // namespace trailsql
