// CAST between any two types, with Trino's rules; and how each type is spelled for the engine.
#pragma once

#include <string>

#include "functions/function.h"
#include "types/type.h"

namespace trailsql {

/// Returns whether Trino has CAST(from AS to) at all.
bool can_cast(const Type& from, const Type& to);
/// Returns whether such a cast can fail for some value (so it must be guarded).
bool cast_may_fail(const Type& from, const Type& to);

/// Returns engine SQL for CAST(expression AS to). Failing values raise INVALID_CAST_ARGUMENT
/// ("Cannot cast 'abc' to BIGINT") and NUMERIC_VALUE_OUT_OF_RANGE with Trino's texts; with `safe`
/// (TRY_CAST) they become NULL. Equal physical types cost nothing. Precondition: can_cast.
std::string lower_cast(const std::string& expression, const Type& from, const Type& to, bool safe,
                       KernelUses& kernels);

/// Returns the DuckDB type that holds values of `type`:
/// boolean BOOLEAN · tinyint TINYINT · smallint SMALLINT · integer INTEGER · bigint BIGINT · real
/// FLOAT · double DOUBLE · decimal(p,s) DECIMAL(p,s) · varchar, char, json VARCHAR · varbinary,
/// uuid, ipaddress, SetDigest BLOB · date DATE · time(p) BIGINT (ns of the day) · timestamp(p ≤ 6) TIMESTAMP ·
/// interval day to second BIGINT (ms) · interval year to month INTEGER (months) · timestamp(p ≤ 6)
/// with time zone STRUCT(f0 TIMESTAMP, f1 VARCHAR) (UTC, zone name) · timestamp(p > 6) STRUCT(f0
/// TIMESTAMP, f1 INTEGER), with time zone plus f2 VARCHAR · time(p) with time zone STRUCT(f0
/// BIGINT, f1 INTEGER) · array(T) T[] · map(K, V) MAP(K, V) · row STRUCT(f0 …, f1 …) · unknown
/// INTEGER (always NULL).
std::string engine_type_name(const Type& type);

}  // namespace trailsql
