// Names of operators as functions, so that operators resolve and lower as calls do.
#pragma once

#include <span>
#include <string_view>

#include "types/type.h"

namespace trailsql {

// Scalar operators. Comparison results are NULL where Trino's are; $distinct is IS DISTINCT FROM
// and never NULL.
inline constexpr std::string_view kAddOperator = "$add";
inline constexpr std::string_view kSubtractOperator = "$subtract";
inline constexpr std::string_view kMultiplyOperator = "$multiply";
inline constexpr std::string_view kDivideOperator = "$divide";
inline constexpr std::string_view kModulusOperator = "$modulus";
inline constexpr std::string_view kNegateOperator = "$negate";
inline constexpr std::string_view kEqualOperator = "$equal";
inline constexpr std::string_view kLessOperator = "$less";
inline constexpr std::string_view kLessOrEqualOperator = "$less_or_equal";
inline constexpr std::string_view kDistinctOperator = "$distinct";
inline constexpr std::string_view kSubscriptOperator = "$subscript";
inline constexpr std::string_view kAllOperator = "$all";  // AND of any number of terms
inline constexpr std::string_view kAnyOperator = "$any";  // OR likewise
inline constexpr std::string_view kJsonPathOperator =
    "$json_path";  // (varchar or json, steps as a JSON array of names and positions)
inline constexpr std::string_view kLikeOperator =
    "$like";  // (varchar, varchar pattern), (varchar, pattern, escape)
/// Returns the type of a time or timestamp plus or minus an interval day to second: intervals count
/// milliseconds, so the sum shows at least these.
Type shifted_type(std::span<const Type> types);
/// AT TIME ZONE of times of day: (time with time zone, interval day to second).
inline constexpr std::string_view kTimeAtZoneOperator = "$at_timezone";

// LISTAGG(… ON OVERFLOW TRUNCATE filler WITH[OUT] COUNT): value, separator, filler, whether to
// count.
inline constexpr std::string_view kTruncatedListaggOperator = "$listagg_truncated";

// Checks that a query makes while it runs.
inline constexpr std::string_view kFrameOffsetOperator = "$frame_offset";
inline constexpr std::string_view kFrameDaysOperator = "$frame_days";
inline constexpr std::string_view kFrameRowsOperator = "$frame_rows";
inline constexpr std::string_view kRecursionLimitOperator = "$recursion_limit";

}  // namespace trailsql
