// Implicit conversions, as Trino's TypeCoercion has them.
#pragma once

#include <optional>

#include "types/type.h"

namespace trailsql {

/// Returns whether a value of `from` may stand where `to` is wanted without a CAST (integer →
/// bigint, varchar(3) → varchar, unknown → any).
bool can_coerce(const Type& from, const Type& to);

/// Returns the type both convert to without loss of meaning (integer, decimal(3,1) → decimal(11,1);
/// varchar(2), varchar(5) → varchar(5)); empty when there is none (varchar, bigint).
std::optional<Type> common_super_type(const Type& a, const Type& b);

/// Returns whether coercing `from` to `to` changes nothing in the engine's representation.
bool is_physically_equal(const Type& from, const Type& to);

/// Returns whether values can be compared with = (all but function types) and ordered with < (not
/// maps, json, …).
bool is_comparable(const Type& type);
bool is_orderable(const Type& type);

}  // namespace trailsql
