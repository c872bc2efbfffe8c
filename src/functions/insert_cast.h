// What INSERT does to a value that is not of the column's type.
#pragma once

#include <string>

#include "functions/function.h"
#include "types/type.h"

namespace trailsql {

/// Returns whether INSERT puts a query's column of type `from` into a table's column of type `to`,
/// as Trino's StatementAnalyzer decides: numbers of all types go into each other, but text never
/// becomes a number.
bool can_insert(const Type& from, const Type& to);

/// Returns engine SQL for the value as INSERT converts it: CAST, but where CAST would cut text,
/// only blanks may be lost; else INVALID_CAST_ARGUMENT. Precondition: can_insert.
std::string lower_insert_cast(const std::string& expression, const Type& from, const Type& to,
                              KernelUses& kernels);

}  // namespace trailsql
