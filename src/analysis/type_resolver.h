// Types as written in the text → types. For CAST, typed literals and DDL.
#pragma once

#include "syntax/node.h"
#include "types/type.h"

namespace trailsql {

/// Returns the type that `name` spells, in Trino's or Hive's spelling; Hive struct fields become
/// lower case. Throws TYPE_MISMATCH "Unknown type: foo" at `place`, and
/// INVALID_FUNCTION_ARGUMENT-like errors for bad parameters.
Type resolve_type(const TypeName& name, Location place);
inline Type resolve_type(const TypeName& name) { return resolve_type(name, name.location); }

}  // namespace trailsql
