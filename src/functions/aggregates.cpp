// Aggregates: the engine's own where they agree with Trino, else the engine's list or sum followed
// by a kernel.
#include <algorithm>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/decimal.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// Makes the kernel that finishes an aggregate: its arguments are not those of the call.
template <auto Function>
KernelPtr finish_kernel(const BoundFunction& bound, std::vector<Type> types) {
  BoundFunction inner = bound;
  inner.argument_types = std::move(types);
  return kernel_of<Function>(inner);
}

// sum(bigint) is a 128-bit number in the engine.
int64_t narrow_sum(int128_t sum) {
  if (sum < INT64_MIN || sum > INT64_MAX) {
    throw QueryError(ErrorCode::kNumericValueOutOfRange, "bigint addition overflow");
  }
  return static_cast<int64_t>(sum);
}
KernelPtr make_narrow_sum(const BoundFunction& bound) {
  return finish_kernel<narrow_sum>(bound, {Type::decimal(Type::kMaxDecimalPrecision, 0)});
}
constexpr std::string_view kSumIntegers =
    "{kernel}(CAST(sum({distinct}{0}{order}){tail} AS DECIMAL(38, 0)))";

int128_t average_decimals(int128_t sum, int64_t count) { return divide_half_up(sum, count); }
KernelPtr make_average_decimals(const BoundFunction& bound) {
  return finish_kernel<average_decimals>(
      bound,
      {Type::decimal(Type::kMaxDecimalPrecision, bound.result_type.scale()), TypeKind::kBigint});
}
int64_t average_integers(int128_t sum, int64_t count) {
  return static_cast<int64_t>(divide_half_up(sum, count));
}
KernelPtr make_average_intervals(const BoundFunction& bound) {
  return finish_kernel<average_integers>(
      bound, {Type::decimal(Type::kMaxDecimalPrecision, 0), TypeKind::kBigint});
}

Type sum_type(std::span<const Type> types) {
  return Type::decimal(Type::kMaxDecimalPrecision, types[0].scale());
}

// NaN is the engine's greatest double; Trino's max passes over it.
constexpr std::string_view kMaxDouble =
    "struct_extract(max({distinct}CASE WHEN {0} IS NULL THEN NULL ELSE struct_pack(f0 := NOT "
    "isnan({0}), f1 := {0}) END{order}){tail}, 'f1')";
constexpr std::string_view kMax = "max({distinct}{0}{order}){tail}";
constexpr std::string_view kMin = "min({distinct}{0}{order}){tail}";
// Of equal instants in different zones the first stays.
constexpr std::string_view kMaxZoned = "arg_max({distinct}{0}, {instant0}{order}){tail}";
constexpr std::string_view kMinZoned = "arg_min({distinct}{0}, {instant0}{order}){tail}";
std::string_view choose_max(const BoundFunction& bound) {
  if (bound.result_type.has_zone()) return kMaxZoned;
  return bound.result_type.is_floating() ? kMaxDouble : kMax;
}
std::string_view choose_min(const BoundFunction& bound) {
  return bound.result_type.has_zone() ? kMinZoned : kMin;
}

Type pair_list(const Type& key, const Type& value) {
  return Type::array(Type::row({{std::nullopt, key}, {std::nullopt, value}}));
}
constexpr std::string_view kPairs =
    "{kernel}(list({distinct}struct_pack(f0 := {0}, f1 := {1}){order}){tail})";

// Groups equal neighbours of sorted places: calls `visit(first, last)` for each group.
template <typename Visit>
void for_each_group(const Column& keys, const std::vector<size_t>& places, Visit&& visit) {
  for (size_t first = 0; first < places.size();) {
    size_t last = first + 1;
    while (last < places.size() && values_identical(keys, places[first], keys, places[last]))
      ++last;
    visit(first, last);
    first = last;
  }
}

void aggregate_map(Column& result, ListView pairs) {
  const Column& keys = pairs.elements().children()[0];
  const std::vector<size_t> places = sorted_places(keys, pairs.begin, pairs.end);
  for_each_group(keys, places, [&](size_t first, size_t) {
    result.children()[0].append_from(keys, places[first]);
    result.children()[1].append_from(pairs.elements().children()[1], places[first]);
  });
  result.append_list();
}
KernelPtr make_map_agg(const BoundFunction& bound) {
  return finish_kernel<aggregate_map>(
      bound, {pair_list(bound.argument_types[0], bound.argument_types[1])});
}

void aggregate_multimap(Column& result, ListView pairs) {
  const Column& keys = pairs.elements().children()[0];
  const std::vector<size_t> places = sorted_places(keys, pairs.begin, pairs.end);
  for_each_group(keys, places, [&](size_t first, size_t last) {
    result.children()[0].append_from(keys, places[first]);
    Column& lists = result.children()[1];
    for (size_t i = first; i < last; ++i)
      lists.children()[0].append_from(pairs.elements().children()[1], places[i]);
    lists.append_list();
  });
  result.append_list();
}
KernelPtr make_multimap_agg(const BoundFunction& bound) {
  return finish_kernel<aggregate_multimap>(
      bound, {pair_list(bound.argument_types[0], bound.argument_types[1])});
}

void count_values(Column& result, ListView values) {
  const std::vector<size_t> places = sorted_places(values.elements(), values.begin, values.end);
  for_each_group(values.elements(), places, [&](size_t first, size_t last) {
    result.children()[0].append_from(values.elements(), places[first]);
    result.children()[1].append_int64(static_cast<int64_t>(last - first));
  });
  result.append_list();
}
KernelPtr make_histogram(const BoundFunction& bound) {
  return finish_kernel<count_values>(bound, {Type::array(bound.argument_types[0])});
}

size_t percentile_place(size_t count, double fraction) {
  if (!(fraction >= 0 && fraction <= 1)) fail_argument("Percentile must be between 0 and 1");
  return std::min(count - 1, static_cast<size_t>(static_cast<double>(count) * fraction));
}

// Exact, where Trino's answer is an approximation with exact answers for small inputs.
void percentile(Column& result, ListView values, double fraction) {
  const std::vector<size_t> places = sorted_places(values.elements(), values.begin, values.end);
  if (places.empty()) return result.append_null();
  result.append_from(values.elements(), places[percentile_place(places.size(), fraction)]);
}
KernelPtr make_percentile(const BoundFunction& bound) {
  return finish_kernel<percentile>(bound,
                                   {Type::array(bound.argument_types[0]), TypeKind::kDouble});
}
void percentiles(Column& result, ListView values, ListView fractions) {
  const std::vector<size_t> places = sorted_places(values.elements(), values.begin, values.end);
  if (places.empty()) return result.append_null();
  for (size_t i = fractions.begin; i < fractions.end; ++i) {
    const double fraction = fractions.elements().double_at(i);
    result.children()[0].append_from(values.elements(),
                                     places[percentile_place(places.size(), fraction)]);
  }
  result.append_list();
}
KernelPtr make_percentiles(const BoundFunction& bound) {
  return finish_kernel<percentiles>(
      bound, {Type::array(bound.argument_types[0]), Type::array(TypeKind::kDouble)});
}
constexpr std::string_view kPercentile = "{kernel}(list({distinct}{0}{order}){tail}, {1})";

constexpr FunctionEntry with_result(FunctionEntry entry, Type (*derive)(std::span<const Type>)) {
  entry.derive_result = derive;
  return entry;
}

constexpr FunctionEntry with_choice(FunctionEntry entry,
                                    std::string_view (*choose)(const BoundFunction&)) {
  entry.choose_lowering = choose;
  return entry;
}

constexpr FunctionEntry kEntries[] = {
    aggregate("count", "() -> bigint", "count({distinct}*{order}){tail}", "Counts rows."),
    aggregate("count", "(T) -> bigint", "count({distinct}{instant0}{order}){tail}",
              "Counts values that are not NULL."),
    aggregate("count_if", "(boolean) -> bigint",
              "count({distinct}CASE WHEN {0} THEN 1 END{order}){tail}", "Counts true values."),
    aggregate("sum", "(bigint) -> bigint", kSumIntegers, "Adds up integers.", make_narrow_sum),
    aggregate("sum", "(double) -> double", "sum({distinct}{0}{order}){tail}", "Adds up doubles."),
    aggregate("sum", "(real) -> real", "CAST(sum({distinct}{0}{order}){tail} AS FLOAT)",
              "Adds up reals."),
    with_result(aggregate("sum", "(decimal(p, s)) -> decimal(38, s)",
                          "sum({distinct}{0}{order}){tail}", "Adds up decimals."),
                sum_type),
    aggregate("sum", "(interval day to second) -> interval day to second", kSumIntegers,
              "Adds up intervals.", make_narrow_sum),
    aggregate("sum", "(interval year to month) -> interval year to month", kSumIntegers,
              "Adds up intervals.", make_narrow_sum),
    aggregate("avg", "(bigint) -> double", "avg({distinct}{0}{order}){tail}", "Returns the mean."),
    aggregate("avg", "(double) -> double", "avg({distinct}{0}{order}){tail}", "Returns the mean."),
    aggregate("avg", "(real) -> real", "CAST(avg({distinct}{0}{order}){tail} AS FLOAT)",
              "Returns the mean."),
    aggregate("avg", "(decimal(p, s)) -> decimal(p, s)",
              "{kernel}(sum({distinct}{0}{order}){tail}, count({distinct}{0}){tail})",
              "Returns the mean, rounded half up.", make_average_decimals),
    aggregate("avg", "(interval day to second) -> interval day to second",
              "{kernel}(CAST(sum({distinct}{0}{order}){tail} AS DECIMAL(38, 0)), "
              "count({distinct}{0}){tail})",
              "Returns the mean.", make_average_intervals),
    aggregate("avg", "(interval year to month) -> interval year to month",
              "{kernel}(CAST(sum({distinct}{0}{order}){tail} AS DECIMAL(38, 0)), "
              "count({distinct}{0}){tail})",
              "Returns the mean.", make_average_intervals),
    with_choice(aggregate("min", "(T) -> T", kMin, "Returns the least value."), choose_min),
    with_choice(aggregate("max", "(T) -> T", kMax, "Returns the greatest value."), choose_max),
    aggregate("min_by", "(V, K) -> V", "arg_min_null({distinct}{0}, {instant1}{order}){tail}",
              "Returns the first argument where the second is least."),
    aggregate("max_by", "(V, K) -> V", "arg_max_null({distinct}{0}, {instant1}{order}){tail}",
              "Returns the first argument where the second is greatest."),
    aggregate("arbitrary", "(T) -> T", "any_value({distinct}{0}{order}){tail}",
              "Returns any value that is not NULL."),
    aggregate("any_value", "(T) -> T", "any_value({distinct}{0}{order}){tail}",
              "Returns any value that is not NULL."),
    aggregate("array_agg", "(T) -> array(T)", "list({distinct}{0}{order}){tail}",
              "Collects the values, NULLs too, into an array."),
    aggregate("approx_distinct", "(T) -> bigint", "count(DISTINCT {instant0}{order}){tail}",
              "Counts distinct values (exactly)."),
    aggregate("approx_distinct", "(T, double) -> bigint", "count(DISTINCT {instant0}{order}){tail}",
              "Counts distinct values (exactly; the error bound is not needed)."),
    aggregate("approx_percentile", "(bigint, double) -> bigint", kPercentile,
              "Returns the value at a fraction of the sorted values.", make_percentile),
    aggregate("approx_percentile", "(double, double) -> double", kPercentile,
              "Returns the value at a fraction of the sorted values.", make_percentile),
    aggregate("approx_percentile", "(real, double) -> real", kPercentile,
              "Returns the value at a fraction of the sorted values.", make_percentile),
    aggregate("approx_percentile", "(bigint, array(double)) -> array(bigint)", kPercentile,
              "Returns the values at fractions of the sorted values.", make_percentiles),
    aggregate("approx_percentile", "(double, array(double)) -> array(double)", kPercentile,
              "Returns the values at fractions of the sorted values.", make_percentiles),
    aggregate("approx_percentile", "(real, array(double)) -> array(real)", kPercentile,
              "Returns the values at fractions of the sorted values.", make_percentiles),
    aggregate("bool_and", "(boolean) -> boolean", "bool_and({distinct}{0}{order}){tail}",
              "Returns whether all values are true."),
    aggregate("every", "(boolean) -> boolean", "bool_and({distinct}{0}{order}){tail}",
              "Returns whether all values are true."),
    aggregate("bool_or", "(boolean) -> boolean", "bool_or({distinct}{0}{order}){tail}",
              "Returns whether any value is true."),
    aggregate("bitwise_and_agg", "(bigint) -> bigint", "bit_and({distinct}{0}{order}){tail}",
              "Returns the bitwise AND of all values."),
    aggregate("bitwise_or_agg", "(bigint) -> bigint", "bit_or({distinct}{0}{order}){tail}",
              "Returns the bitwise OR of all values."),
    aggregate("bitwise_xor_agg", "(bigint) -> bigint", "bit_xor({distinct}{0}{order}){tail}",
              "Returns the bitwise XOR of all values."),
    aggregate("stddev", "(double) -> double", "stddev_samp({distinct}{0}{order}){tail}",
              "Returns the sample standard deviation."),
    aggregate("stddev_samp", "(double) -> double", "stddev_samp({distinct}{0}{order}){tail}",
              "Returns the sample standard deviation."),
    aggregate("stddev_pop", "(double) -> double", "stddev_pop({distinct}{0}{order}){tail}",
              "Returns the population standard deviation."),
    aggregate("variance", "(double) -> double", "var_samp({distinct}{0}{order}){tail}",
              "Returns the sample variance."),
    aggregate("var_samp", "(double) -> double", "var_samp({distinct}{0}{order}){tail}",
              "Returns the sample variance."),
    aggregate("var_pop", "(double) -> double", "var_pop({distinct}{0}{order}){tail}",
              "Returns the population variance."),
    aggregate("corr", "(double, double) -> double", "corr({distinct}{0}, {1}{order}){tail}",
              "Returns the correlation coefficient."),
    aggregate("covar_pop", "(double, double) -> double",
              "covar_pop({distinct}{0}, {1}{order}){tail}", "Returns the population covariance."),
    aggregate("covar_samp", "(double, double) -> double",
              "covar_samp({distinct}{0}, {1}{order}){tail}", "Returns the sample covariance."),
    aggregate("map_agg", "(K, V) -> map(K, V)", kPairs,
              "Makes a map of keys and values; the first value of a key stays.", make_map_agg),
    aggregate("multimap_agg", "(K, V) -> map(K, array(V))", kPairs,
              "Makes a map of keys and the arrays of their values.", make_multimap_agg),
    aggregate("histogram", "(T) -> map(T, bigint)", "{kernel}(list({distinct}{0}{order}){tail})",
              "Counts each distinct value.", make_histogram),
    aggregate("listagg", "(varchar, varchar) -> varchar",
              "string_agg({distinct}{0}, {1}{order}){tail}", "Joins the values with a separator."),
};

constexpr FunctionEntry kWindowEntries[] = {
    window("row_number", "() -> bigint", "row_number(){tail}",
           "Numbers the rows of the partition from 1."),
    window("rank", "() -> bigint", "rank(){tail}", "Ranks rows, with gaps after ties."),
    window("dense_rank", "() -> bigint", "dense_rank(){tail}", "Ranks rows without gaps."),
    window("percent_rank", "() -> double", "percent_rank(){tail}",
           "Returns the rank as a fraction from 0 to 1."),
    window("cume_dist", "() -> double", "cume_dist(){tail}",
           "Returns the fraction of rows up to this one."),
    window("ntile", "(bigint) -> bigint", "ntile({0}){tail}",
           "Numbers n buckets of nearly equal size."),
    window("lag", "(T) -> T", "lag({0}{order}){tail}", "Returns the value of the row before."),
    window("lag", "(T, bigint) -> T", "lag({0}, {1}{order}){tail}",
           "Returns the value some rows before."),
    window("lag", "(T, bigint, T) -> T", "lag({0}, {1}, {2}{order}){tail}",
           "Returns the value some rows before, or a default."),
    window("lead", "(T) -> T", "lead({0}{order}){tail}", "Returns the value of the next row."),
    window("lead", "(T, bigint) -> T", "lead({0}, {1}{order}){tail}",
           "Returns the value some rows after."),
    window("lead", "(T, bigint, T) -> T", "lead({0}, {1}, {2}{order}){tail}",
           "Returns the value some rows after, or a default."),
    window("first_value", "(T) -> T", "first_value({0}{order}){tail}",
           "Returns the first value of the frame."),
    window("last_value", "(T) -> T", "last_value({0}{order}){tail}",
           "Returns the last value of the frame."),
    window("nth_value", "(T, bigint) -> T", "nth_value({0}, {1}{order}){tail}",
           "Returns the n-th value of the frame."),
};

}  // namespace

std::span<const FunctionEntry> aggregate_functions() { return kEntries; }
std::span<const FunctionEntry> window_functions() { return kWindowEntries; }

}  // namespace trailsql
