// Aggregates: the engine's own where they agree with Trino, else the engine's list or sum followed
// by a kernel.
#include <fmt/core.h>

#include <algorithm>

#include "functions/argument_error.h"
#include "functions/compare.h"
#include "functions/decimal.h"
#include "functions/families.h"
#include "functions/operators.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

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

// The engine's sum has 128 bits, some more than 38 digits.
int128_t check_decimal_sum(int128_t sum) {
  if (sum >= power_of_ten(Type::kMaxDecimalPrecision) ||
      sum <= -power_of_ten(Type::kMaxDecimalPrecision))
    throw QueryError(ErrorCode::kNumericValueOutOfRange, "Decimal overflow");
  return sum;
}
KernelPtr make_decimal_sum(const BoundFunction& bound) {
  return finish_kernel<check_decimal_sum>(bound, {bound.result_type});
}

Type sum_type(std::span<const Type> types) {
  return Type::decimal(Type::kMaxDecimalPrecision, types[0].scale());
}

// NaN is the engine's greatest double; Trino's max passes over it.
constexpr std::string_view kMaxDouble =
    "struct_extract(max({distinct}CASE WHEN {0} IS NULL THEN NULL ELSE struct_pack(f0 := NOT "
    "isnan({0}), f1 := {0}) END{order}){tail}, 'f1')";
constexpr std::string_view kMaxByDouble =
    "arg_max_null({distinct}{0}, CASE WHEN {1} IS NULL THEN NULL ELSE struct_pack(f0 := NOT "
    "isnan({1}), f1 := {1}) END{order}){tail}";
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
constexpr std::string_view kMaxBy = "arg_max_null({distinct}{0}, {instant1}{order}){tail}";
std::string_view choose_max_by(const BoundFunction& bound) {
  return bound.argument_types[1].is_floating() ? kMaxByDouble : kMaxBy;
}

// listagg: values that are not NULL, up to Trino's limit.
constexpr size_t kMaxListaggBytes = 1'048'576;

// Joins until the limit; returns how many values were left out.
size_t join_values(ListView values, std::string_view separator, std::string& text, bool& any) {
  for (size_t i = values.begin; i < values.end; ++i) {
    if (values.elements().is_null(i)) continue;
    const std::string_view value = values.elements().string_at(i);
    if (text.size() + (any ? separator.size() : 0) + value.size() > kMaxListaggBytes) {
      size_t left_out = 0;
      for (; i < values.end; ++i) left_out += values.elements().is_null(i) ? 0 : 1;
      return left_out;
    }
    if (any) text += separator;
    text += value;
    any = true;
  }
  return 0;
}

std::optional<std::string> join_all(ListView values, std::string_view separator) {
  std::string text;
  bool any = false;
  if (join_values(values, separator, text, any) > 0) {
    throw QueryError(ErrorCode::kExceededFunctionMemoryLimit,
                     fmt::format("Concatenated string has the length in bytes larger than the "
                                 "maximum output length {}",
                                 kMaxListaggBytes));
  }
  return any ? std::optional(std::move(text)) : std::nullopt;
}
KernelPtr make_listagg(const BoundFunction& bound) {
  return finish_kernel<join_all>(bound, {Type::array(Type::varchar()), Type::varchar()});
}

std::optional<std::string> join_truncated(ListView values, std::string_view separator,
                                          std::string_view filler, bool with_count) {
  std::string text;
  bool any = false;
  const size_t left_out = join_values(values, separator, text, any);
  if (left_out > 0) {
    if (any) text += separator;
    text += filler;
    if (with_count) text += fmt::format("({})", left_out);
    any = true;
  }
  return any ? std::optional(std::move(text)) : std::nullopt;
}
KernelPtr make_truncated_listagg(const BoundFunction& bound) {
  return finish_kernel<join_truncated>(
      bound, {Type::array(Type::varchar()), Type::varchar(), Type::varchar(), TypeKind::kBoolean});
}

constexpr FunctionEntry with_result(FunctionEntry entry, Type (*derive)(std::span<const Type>)) {
  entry.derive_result = derive;
  return entry;
}

constexpr FunctionEntry with_choice(FunctionEntry entry,
                                    std::string_view (*choose)(const BoundFunction&)) {
  entry.choose_lowering = choose;
  return entry;
}

constexpr FunctionEntry kAggregateFunctions[] = {
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
                          "{kernel}(sum({distinct}{0}{order}){tail})", "Adds up decimals.",
                          make_decimal_sum),
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
    with_choice(aggregate("min", "(T:orderable) -> T", kMin, "Returns the least value."),
                choose_min),
    with_choice(aggregate("max", "(T:orderable) -> T", kMax, "Returns the greatest value."),
                choose_max),
    aggregate("min_by", "(V, K:orderable) -> V",
              "arg_min_null({distinct}{0}, {instant1}{order}){tail}",
              "Returns the first argument where the second is least."),
    with_choice(aggregate("max_by", "(V, K:orderable) -> V", kMaxBy,
                          "Returns the first argument where the second is greatest."),
                choose_max_by),
    aggregate("arbitrary", "(T) -> T", "any_value({distinct}{0}{order}){tail}",
              "Returns any value that is not NULL."),
    aggregate("any_value", "(T) -> T", "any_value({distinct}{0}{order}){tail}",
              "Returns any value that is not NULL."),
    aggregate("array_agg", "(T) -> array(T)", "list({distinct}{0}{order}){tail}",
              "Collects the values, NULLs too, into an array."),
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
    aggregate("listagg", "(varchar) -> varchar", "{kernel}(list({distinct}{0}{order}){tail}, '')",
              "Joins the values.", make_listagg),
    aggregate("listagg", "(varchar, varchar) -> varchar",
              "{kernel}(list({distinct}{0}{order}){tail}, {1})",
              "Joins the values with a separator.", make_listagg),
    aggregate(kTruncatedListaggOperator, "(varchar, varchar, varchar, boolean) -> varchar",
              "{kernel}(list({distinct}{0}{order}){tail}, {1}, {2}, {3})",
              "Joins the values with a separator, up to a limit.", make_truncated_listagg),
};

// What is written beside the value of a window function.
void check_offset(const BoundFunction&, const KernelCall& call) {
  for (size_t row = 0; row < call.num_rows; ++row) {
    if (call.arguments[0]->is_null(row)) fail_argument("Offset must not be null");
    const int64_t offset = call.arguments[0]->int64_at(row);
    if (offset < 0) fail_argument("Offset must be at least 0");
    call.result.append_int64(offset);
  }
}
KernelPtr make_offset(const BoundFunction&) {
  static constexpr FunctionEntry kEntry{.name = "$offset", .called_on_null = true};
  return batch_kernel_of<check_offset>({&kEntry, {TypeKind::kBigint}, TypeKind::kBigint});
}
int64_t check_position(int64_t position) {
  if (position < 1) fail_argument("Offset must be at least 1");
  return position;
}
KernelPtr make_position(const BoundFunction&) {
  static constexpr FunctionEntry kEntry{.name = "$position"};
  return kernel_of<check_position>({&kEntry, {TypeKind::kBigint}, TypeKind::kBigint});
}
int64_t check_buckets(int64_t count) {
  if (count < 1) fail_argument("Buckets must be greater than 0");
  return count;
}
KernelPtr make_buckets(const BoundFunction&) {
  static constexpr FunctionEntry kEntry{.name = "$buckets"};
  return kernel_of<check_buckets>({&kEntry, {TypeKind::kBigint}, TypeKind::kBigint});
}

constexpr FunctionEntry checked(std::string_view name, std::string_view signature,
                                std::string_view lowering, std::string_view doc,
                                MakeKernel make_kernel) {
  return with_kernel(window(name, signature, lowering, doc), make_kernel);
}

constexpr FunctionEntry kWindowEntries[] = {
    window("row_number", "() -> bigint", "row_number(){tail}",
           "Numbers the rows of the partition from 1."),
    window("rank", "() -> bigint", "rank(){tail}", "Ranks rows, with gaps after ties."),
    window("dense_rank", "() -> bigint", "dense_rank(){tail}", "Ranks rows without gaps."),
    window("percent_rank", "() -> double", "percent_rank(){tail}",
           "Returns the rank as a fraction from 0 to 1."),
    window("cume_dist", "() -> double", "cume_dist(){tail}",
           "Returns the fraction of rows up to this one."),
    checked("ntile", "(bigint) -> bigint", "ntile({kernel}({0})){tail}",
            "Numbers n buckets of nearly equal size.", make_buckets),
    window("lag", "(T) -> T", "lag({0}{order}){tail}", "Returns the value of the row before."),
    checked("lag", "(T, bigint) -> T", "lag({0}, {kernel}({1}){order}){tail}",
            "Returns the value some rows before.", make_offset),
    checked("lag", "(T, bigint, T) -> T", "lag({0}, {kernel}({1}), {2}{order}){tail}",
            "Returns the value some rows before, or a default.", make_offset),
    window("lead", "(T) -> T", "lead({0}{order}){tail}", "Returns the value of the next row."),
    checked("lead", "(T, bigint) -> T", "lead({0}, {kernel}({1}){order}){tail}",
            "Returns the value some rows after.", make_offset),
    checked("lead", "(T, bigint, T) -> T", "lead({0}, {kernel}({1}), {2}{order}){tail}",
            "Returns the value some rows after, or a default.", make_offset),
    window("first_value", "(T) -> T", "first_value({0}{order}){tail}",
           "Returns the first value of the frame."),
    window("last_value", "(T) -> T", "last_value({0}{order}){tail}",
           "Returns the last value of the frame."),
    checked("nth_value", "(T, bigint) -> T", "nth_value({0}, {kernel}({1}){order}){tail}",
            "Returns the n-th value of the frame.", make_position),
};

}  // namespace

std::span<const FunctionEntry> aggregate_functions() { return kAggregateFunctions; }
std::span<const FunctionEntry> window_functions() { return kWindowEntries; }

}  // namespace trailsql
