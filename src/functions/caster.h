// Converts single values between types: what the cast kernels run, and what casts of nested values
// are made of.
#pragma once

#include <functional>
#include <string>

#include "base/error_code.h"
#include "types/column.h"

namespace trailsql {

/// Says why a value cannot be cast.
struct CastProblem {
  ErrorCode code = ErrorCode::kInvalidCastArgument;
  std::string text;
};

/// Says that a value cannot be cast, with INVALID_CAST_ARGUMENT; returns false.
bool fail_cast(CastProblem& problem, std::string text);

/// Appends the cast of value `row` of the source to the result and returns true; or returns false,
/// fills `problem` and leaves the result as it was, but for children of nested values (see
/// append_cast). Neither is called for NULLs.
using Caster = std::function<bool(const Column&, size_t row, Column& result, CastProblem& problem)>;

/// Makes the caster for a pair that can_cast allows; empty when there is none. `today` is the
/// statement's date, in days since 1970-01-01: a time of day becomes a timestamp on it.
Caster make_caster(const Type& from, const Type& to, int64_t today = 0);

// The families that make_caster joins; each returns an empty caster for pairs that are not its own.
Caster make_number_caster(const Type& from, const Type& to);
Caster make_text_caster(const Type& from, const Type& to);
Caster make_time_caster(const Type& from, const Type& to);
Caster make_binary_caster(const Type& from, const Type& to);
Caster make_json_caster(const Type& from, const Type& to);
Caster make_time_of_day_caster(const Type& from, const Type& to, int64_t today);
Caster make_nested_caster(const Type& from, const Type& to, int64_t today);

/// Appends NULL for NULL, else what the caster makes.
bool append_cast(const Caster& caster, const Column& from, size_t row, Column& result,
                 CastProblem& problem);

/// Appends the map of these keys and values, sorted; false, with the problem, when a key is NULL or
/// there twice.
bool append_cast_map(const Column& keys, const Column& values, Column& result,
                     CastProblem& problem);

/// Spells a value as CAST(… AS varchar) does ("1.0E0", "2020-01-01 00:00:00.000"), unbounded.
void append_cast_text(std::string& out, const Column& column, size_t row);
/// Returns a double as `type` holds it: rounded to float if that is real.
double narrow_double(const Type& type, double value);

/// Returns the range of an integral type.
int64_t least_of(TypeKind kind);
int64_t greatest_of(TypeKind kind);
/// Returns the type's name in capitals, "DECIMAL(5, 2)".
std::string capital_name(const Type& type);

}  // namespace trailsql
