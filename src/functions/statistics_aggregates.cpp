// Aggregates of statistics: the engine's own, within the bounds that Trino's keep. Values that are
// not finite never reach the engine, which would end the query.
#include "functions/families.h"

namespace trailsql {
namespace {

// Deviation and variance of values that are not all finite are NaN.
constexpr std::string_view kStddevSamp =
    "CASE WHEN bool_or(NOT isfinite({0})){tail} AND count({0}){tail} > 1 THEN CAST('NaN' AS "
    "DOUBLE) "
    "ELSE stddev_samp({distinct}CASE WHEN isfinite({0}) THEN {0} END{order}){tail} END";
constexpr std::string_view kStddevPop =
    "CASE WHEN bool_or(NOT isfinite({0})){tail} THEN CAST('NaN' AS DOUBLE) "
    "ELSE stddev_pop({distinct}CASE WHEN isfinite({0}) THEN {0} END{order}){tail} END";
constexpr std::string_view kVarSamp =
    "CASE WHEN bool_or(NOT isfinite({0})){tail} AND count({0}){tail} > 1 THEN CAST('NaN' AS "
    "DOUBLE) "
    "ELSE var_samp({distinct}CASE WHEN isfinite({0}) THEN {0} END{order}){tail} END";
constexpr std::string_view kVarPop =
    "CASE WHEN bool_or(NOT isfinite({0})){tail} THEN CAST('NaN' AS DOUBLE) "
    "ELSE var_pop({distinct}CASE WHEN isfinite({0}) THEN {0} END{order}){tail} END";

// The engine's skewness is that of a sample; Trino's that of the values as they are. Equal values
// have neither skewness nor kurtosis.
constexpr std::string_view kSkewness =
    "CASE WHEN count({0}){tail} < 3 THEN NULL WHEN bool_or(NOT isfinite({0})){tail} OR "
    "min({0}){tail} = max({0}){tail} THEN CAST('NaN' AS DOUBLE) "
    "ELSE skewness({distinct}CASE WHEN isfinite({0}) THEN {0} END{order}){tail} * "
    "(count({distinct}{0}){tail} - 2) / "
    "sqrt(CAST(count({distinct}{0}){tail} AS DOUBLE) * (count({distinct}{0}){tail} - 1)) END";
constexpr std::string_view kKurtosis =
    "CASE WHEN count({0}){tail} < 4 THEN NULL WHEN bool_or(NOT isfinite({0})){tail} OR "
    "min({0}){tail} = max({0}){tail} THEN CAST('NaN' AS DOUBLE) "
    "ELSE kurtosis({distinct}CASE WHEN isfinite({0}) THEN {0} END{order}){tail} END";

constexpr std::string_view kGeometricMean =
    "exp(avg({distinct}CASE WHEN {0} > 0 THEN ln({0}) WHEN {0} = 0 THEN CAST('-Infinity' AS "
    "DOUBLE) "
    "WHEN {0} IS NOT NULL THEN CAST('NaN' AS DOUBLE) END{order}){tail})";

constexpr std::string_view kGeometricMeanOfReals =
    "CAST(exp(avg({distinct}CASE WHEN {0} > 0 THEN ln(CAST({0} AS DOUBLE)) WHEN {0} = 0 THEN "
    "CAST('-Infinity' AS DOUBLE) WHEN {0} IS NOT NULL THEN CAST('NaN' AS DOUBLE) "
    "END{order}){tail}) AS "
    "FLOAT)";

// Of pairs; those with a NULL do not count. What is not finite is NULL.
constexpr std::string_view kCorr =
    "CASE WHEN bool_and(isfinite({0}) AND isfinite({1})){tail} THEN "
    "CAST(nullif(corr({distinct}CASE WHEN isfinite({0}) THEN {0} END, CASE WHEN isfinite({1}) THEN "
    "{1} END"
    "{order}){tail}, CAST('NaN' AS DOUBLE)) AS {type}) END";
constexpr std::string_view kRegrSlope =
    "CASE WHEN bool_and(isfinite({0}) AND isfinite({1})){tail} THEN "
    "CAST(nullif(regr_slope({distinct}CASE WHEN isfinite({0}) THEN {0} END, CASE WHEN "
    "isfinite({1}) THEN {1} END"
    "{order}){tail}, CAST('NaN' AS DOUBLE)) AS {type}) END";
constexpr std::string_view kRegrIntercept =
    "CASE WHEN bool_and(isfinite({0}) AND isfinite({1})){tail} THEN "
    "CAST(nullif(regr_intercept({distinct}CASE WHEN isfinite({0}) THEN {0} END, CASE WHEN "
    "isfinite({1}) THEN {1} END"
    "{order}){tail}, CAST('NaN' AS DOUBLE)) AS {type}) END";
constexpr std::string_view kCovarPop =
    "CASE WHEN bool_or(NOT isfinite({0}) OR NOT isfinite({1})){tail} THEN CAST('NaN' AS {type}) "
    "ELSE "
    "CAST(covar_pop({distinct}CASE WHEN isfinite({0}) THEN {0} END, CASE WHEN isfinite({1}) THEN "
    "{1} END"
    "{order}){tail} AS {type}) END";
constexpr std::string_view kCovarSamp =
    "CASE WHEN bool_or(NOT isfinite({0}) OR NOT isfinite({1})){tail} THEN CAST('NaN' AS {type}) "
    "ELSE "
    "CAST(covar_samp({distinct}CASE WHEN isfinite({0}) THEN {0} END, CASE WHEN isfinite({1}) THEN "
    "{1} END"
    "{order}){tail} AS {type}) END";

constexpr FunctionEntry kStatisticsAggregates[] = {
    aggregate("stddev", "(bigint) -> double", kStddevSamp,
              "Returns the sample standard deviation."),
    aggregate("stddev", "(double) -> double", kStddevSamp,
              "Returns the sample standard deviation."),
    aggregate("stddev_samp", "(bigint) -> double", kStddevSamp,
              "Returns the sample standard deviation."),
    aggregate("stddev_samp", "(double) -> double", kStddevSamp,
              "Returns the sample standard deviation."),
    aggregate("stddev_pop", "(bigint) -> double", kStddevPop,
              "Returns the population standard deviation."),
    aggregate("stddev_pop", "(double) -> double", kStddevPop,
              "Returns the population standard deviation."),
    aggregate("variance", "(bigint) -> double", kVarSamp, "Returns the sample variance."),
    aggregate("variance", "(double) -> double", kVarSamp, "Returns the sample variance."),
    aggregate("var_samp", "(bigint) -> double", kVarSamp, "Returns the sample variance."),
    aggregate("var_samp", "(double) -> double", kVarSamp, "Returns the sample variance."),
    aggregate("var_pop", "(bigint) -> double", kVarPop, "Returns the population variance."),
    aggregate("var_pop", "(double) -> double", kVarPop, "Returns the population variance."),
    aggregate("skewness", "(bigint) -> double", kSkewness, "Returns the skewness."),
    aggregate("skewness", "(double) -> double", kSkewness, "Returns the skewness."),
    aggregate("kurtosis", "(bigint) -> double", kKurtosis, "Returns the excess kurtosis."),
    aggregate("kurtosis", "(double) -> double", kKurtosis, "Returns the excess kurtosis."),
    aggregate("geometric_mean", "(bigint) -> double", kGeometricMean,
              "Returns the geometric mean."),
    aggregate("geometric_mean", "(double) -> double", kGeometricMean,
              "Returns the geometric mean."),
    aggregate("geometric_mean", "(real) -> real", kGeometricMeanOfReals,
              "Returns the geometric mean."),
    aggregate("corr", "(double, double) -> double", kCorr, "Returns the correlation coefficient."),
    aggregate("corr", "(real, real) -> real", kCorr, "Returns the correlation coefficient."),
    aggregate("covar_pop", "(double, double) -> double", kCovarPop,
              "Returns the population covariance."),
    aggregate("covar_pop", "(real, real) -> real", kCovarPop, "Returns the population covariance."),
    aggregate("covar_samp", "(double, double) -> double", kCovarSamp,
              "Returns the sample covariance."),
    aggregate("covar_samp", "(real, real) -> real", kCovarSamp, "Returns the sample covariance."),
    aggregate("regr_slope", "(double, double) -> double", kRegrSlope,
              "Returns the slope of the regression line of the first argument over the second."),
    aggregate("regr_slope", "(real, real) -> real", kRegrSlope,
              "Returns the slope of the regression line of the first argument over the second."),
    aggregate("regr_intercept", "(double, double) -> double", kRegrIntercept,
              "Returns where the regression line meets the axis."),
    aggregate("regr_intercept", "(real, real) -> real", kRegrIntercept,
              "Returns where the regression line meets the axis."),
};

}  // namespace

std::span<const FunctionEntry> statistics_aggregates() { return kStatisticsAggregates; }

}  // namespace trailsql
