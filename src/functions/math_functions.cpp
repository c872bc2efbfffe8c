// Functions on numbers.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

#include "functions/argument_error.h"
#include "functions/caster.h"
#include "functions/compare.h"
#include "functions/decimal.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

int64_t abs_integer(const BoundFunction& bound, int64_t value) {
  if (value == least_of(bound.result_type.kind())) {
    throw QueryError(
        ErrorCode::kNumericValueOutOfRange,
        fmt::format("Value {} is out of range for abs({})", value, bound.result_type.display()));
  }
  return std::abs(value);
}
int128_t abs_decimal(int128_t value) { return value < 0 ? -value : value; }

double round_double(double value) { return std::round(value); }
double round_double_to(const BoundFunction& bound, double value, int64_t digits) {
  if (!std::isfinite(value)) return value;
  const double factor = std::pow(10, static_cast<double>(digits));
  const double scaled = value * factor;
  if (!std::isfinite(scaled)) return value;
  if (factor == 0) return 0;
  return narrow_double(bound.result_type, std::round(scaled) / factor);
}
[[noreturn]] void fail_rounding(const Type& type, int64_t value, int128_t rounded) {
  if (type.is(TypeKind::kInteger))
    throw QueryError(ErrorCode::kGenericInternalError, "integer overflow");
  const bool small = type.is(TypeKind::kTinyint) || type.is(TypeKind::kSmallint);
  throw QueryError(
      ErrorCode::kNumericValueOutOfRange,
      small ? fmt::format("Out of range for {}: {}", type.display(), static_cast<int64_t>(rounded))
            : fmt::format("numerical overflow: {}", value));
}

int64_t round_integer_to(const BoundFunction& bound, int64_t value, int64_t digits) {
  if (digits >= 0) return value;
  // Trino's unit is a bigint, whatever the type. source: asked from Trino 476.
  constexpr int64_t kMaxDigits = 18;
  if (-digits > kMaxDigits) fail_rounding(TypeKind::kBigint, value, value);
  const int128_t unit = power_of_ten(static_cast<int>(-digits));
  const int128_t rounded = divide_half_up(value, unit) * unit;
  const Type& type = bound.result_type;
  if (rounded < least_of(type.kind()) || rounded > greatest_of(type.kind()))
    fail_rounding(type, value, rounded);
  return static_cast<int64_t>(rounded);
}
int64_t round_integer(int64_t value) { return value; }

int own_scale(const BoundFunction& bound) { return bound.argument_types[0].scale(); }
int128_t round_decimal(const BoundFunction& bound, int128_t value) {
  return divide_half_up(value, power_of_ten(own_scale(bound)));
}
int128_t floor_decimal(const BoundFunction& bound, int128_t value) {
  const int128_t unit = power_of_ten(own_scale(bound));
  return value / unit - (value % unit < 0 ? 1 : 0);
}
int128_t ceil_decimal(const BoundFunction& bound, int128_t value) {
  const int128_t unit = power_of_ten(own_scale(bound));
  return value / unit + (value % unit > 0 ? 1 : 0);
}
int128_t truncate_decimal(const BoundFunction& bound, int128_t value) {
  return value / power_of_ten(own_scale(bound));
}
// Drops digits but keeps the scale.
int128_t adjust_decimal(const BoundFunction& bound, int128_t value, int64_t digits, bool round) {
  const int64_t num_dropped = own_scale(bound) - digits;
  if (num_dropped <= 0) return value;
  if (num_dropped > Type::kMaxDecimalPrecision) {
    // Trino's long decimals know no greater power of ten.
    if (!round || bound.result_type.precision() <= Type::kMaxShortDecimalPrecision) return 0;
    std::string text;
    append_decimal(text, value, 0);
    throw QueryError(ErrorCode::kNumericValueOutOfRange, "decimal overflow: " + text);
  }
  const int128_t unit = power_of_ten(static_cast<int>(num_dropped));
  const int128_t result = (round ? divide_half_up(value, unit) : value / unit) * unit;
  if (!fits_precision(result, bound.result_type.precision()))
    throw QueryError(ErrorCode::kNumericValueOutOfRange, "Decimal overflow");
  return result;
}
int128_t round_decimal_to(const BoundFunction& bound, int128_t value, int64_t digits) {
  return adjust_decimal(bound, value, digits, true);
}
int128_t truncate_decimal_to(const BoundFunction& bound, int128_t value, int64_t digits) {
  return adjust_decimal(bound, value, digits, false);
}

Type whole_type(std::span<const Type> types) {
  const int scale = types[0].scale();
  const int precision = types[0].precision() - scale + std::min(scale, 1);
  return Type::decimal(std::clamp(precision, 1, Type::kMaxDecimalPrecision), 0);
}
Type truncated_type(std::span<const Type> types) {
  return Type::decimal(std::max(types[0].precision() - types[0].scale(), 1), 0);
}
Type rounded_type(std::span<const Type> types) {
  return Type::decimal(std::min(types[0].precision() + 1, Type::kMaxDecimalPrecision),
                       types[0].scale());
}

int64_t sign_integer(int64_t value) { return value > 0 ? 1 : (value < 0 ? -1 : 0); }
double sign_double(double value) {
  return std::isnan(value) ? value : (value > 0 ? 1 : (value < 0 ? -1 : value));
}
int128_t sign_decimal(int128_t value) { return value > 0 ? 1 : (value < 0 ? -1 : 0); }

double truncate_double(double value) { return std::trunc(value); }
double ceil_double(double value) { return std::ceil(value); }
double floor_double(double value) { return std::floor(value); }
double natural_log(double value) { return std::log(value); }
double log_two(double value) { return std::log2(value); }
double log_ten(double value) { return std::log10(value); }
double log_base(double base, double value) { return std::log(value) / std::log(base); }
double square_root(double value) { return std::sqrt(value); }
// With more digits than wanted: that of glibc for doubles is a last digit off (cbrt(27)).
double cube_root(double value) {
  return static_cast<double>(std::cbrt(static_cast<long double>(value)));
}
double exponential(double value) { return std::exp(value); }
double power(double base, double exponent) { return std::pow(base, exponent); }
double sine(double value) { return std::sin(value); }
double cosine(double value) { return std::cos(value); }
double tangent(double value) { return std::tan(value); }
double arc_sine(double value) { return std::asin(value); }
double arc_cosine(double value) { return std::acos(value); }
double arc_tangent(double value) { return std::atan(value); }
double arc_tangent_two(double y, double x) { return std::atan2(y, x); }
double hyperbolic_sine(double value) { return std::sinh(value); }
double hyperbolic_cosine(double value) { return std::cosh(value); }
double hyperbolic_tangent(double value) { return std::tanh(value); }
double to_degrees(double value) { return value * (180.0 / std::numbers::pi); }
double to_radians(double value) { return value / 180.0 * std::numbers::pi; }
bool is_nan(double value) { return std::isnan(value); }
bool is_finite(double value) { return std::isfinite(value); }
bool is_infinite(double value) { return std::isinf(value); }

int check_radix(int64_t radix) {
  constexpr int64_t kMaxRadix = 36;
  if (radix < 2 || radix > kMaxRadix) fail_argument("Radix must be between 2 and 36");
  return static_cast<int>(radix);
}
std::string to_base(int64_t value, int64_t radix) {
  const auto base = static_cast<uint64_t>(check_radix(radix));
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  uint64_t rest =
      value < 0 ? uint64_t{0} - static_cast<uint64_t>(value) : static_cast<uint64_t>(value);
  std::string out;
  do {
    out.insert(out.begin(), kDigits[rest % base]);
    rest /= base;
  } while (rest != 0);
  return value < 0 ? "-" + out : out;
}
int64_t from_base(std::string_view text, int64_t radix) {
  const int base = check_radix(radix);
  const bool signed_text = text.starts_with('+') && !text.starts_with("+-");
  const char* begin = text.data() + (signed_text ? 1 : 0);
  const char* end = text.data() + text.size();
  int64_t value = 0;
  const auto [stop, problem] = std::from_chars(begin, end, value, base);
  if (problem != std::errc() || stop != end)
    fail_argument(fmt::format("Not a valid base-{} number: {}", radix, text));
  return value;
}

int64_t width_bucket(double value, double low, double high, int64_t count) {
  if (count <= 0) fail_argument("bucketCount must be greater than 0");
  if (std::isnan(value)) fail_argument("operand must not be NaN");
  if (!std::isfinite(low)) fail_argument("first bound must be finite");
  if (!std::isfinite(high)) fail_argument("second bound must be finite");
  if (low == high) fail_argument("bounds cannot equal each other");
  const double least = std::min(low, high);
  const double most = std::max(low, high);
  int64_t bucket = 0;
  if (value < least) {
    bucket = 0;
  } else if (value >= most) {
    bucket = count + 1;
  } else {
    bucket =
        static_cast<int64_t>(static_cast<double>(count) * (value - least) / (most - least)) + 1;
  }
  return low > high ? count - bucket + 1 : bucket;
}

// Counts the bins at or below the value. They are looked at only as far as the search goes.
int64_t width_bucket_of_bins(double value, ListView bins) {
  if (bins.size() == 0) fail_argument("Bins cannot be an empty array");
  if (std::isnan(value)) fail_argument("Operand cannot be NaN");
  const auto bin_at = [&](size_t place) {
    const Column& column = bins.elements();
    const double bin = column.is_null(place) ? 0 : column.double_at(place);
    if (!std::isfinite(bin)) {
      std::string text;
      append_java_double(text, bin);
      fail_argument("Bin value must be finite, got " + text);
    }
    return bin;
  };
  size_t lower = bins.begin;
  size_t upper = bins.end;
  while (lower < upper) {
    if (bin_at(lower) > bin_at(upper - 1))
      fail_argument("Bin values are not sorted in ascending order");
    const size_t middle = (lower + upper) / 2;
    if (value < bin_at(middle)) {
      upper = middle;
    } else {
      lower = middle + 1;
    }
  }
  return static_cast<int64_t>(lower - bins.begin);
}

// Whether a value is NaN, or has one inside.
bool has_nan(const Column& column, size_t row) {
  const Type& type = column.type();
  if (column.is_null(row)) return false;
  if (type.is_floating()) return std::isnan(column.double_at(row));
  if (type.is(TypeKind::kArray)) {
    for (size_t i = column.offset(row); i < column.offset(row + 1); ++i) {
      if (has_nan(column.children()[0], i)) return true;
    }
  }
  if (!type.is(TypeKind::kRow)) return false;
  return std::any_of(column.children().begin(), column.children().end(),
                     [row](const Column& field) { return has_nan(field, row); });
}

// greatest and least: NULL if any is NULL; NaN only if there is nothing else.
void append_extreme_argument(const KernelCall& call, int sign) {
  for_each_row(call, [&](size_t row) {
    const Column* best = call.arguments[0];
    for (const Column* next : call.arguments.subspan(1)) {
      if (has_nan(*next, row)) continue;
      if (has_nan(*best, row) || compare_values(*next, row, *best, row) * sign > 0) best = next;
    }
    call.result.append_from(*best, row);
  });
}
void greatest(const BoundFunction&, const KernelCall& call) { append_extreme_argument(call, 1); }
void least(const BoundFunction&, const KernelCall& call) { append_extreme_argument(call, -1); }

constexpr FunctionEntry decimal_entry(std::string_view name, std::string_view signature,
                                      std::string_view doc, bool may_fail, MakeKernel make_kernel,
                                      Type (*derive)(std::span<const Type>)) {
  return {.name = name,
          .signature = signature,
          .doc = doc,
          .may_fail = may_fail,
          .make_kernel = make_kernel,
          .derive_result = derive};
}

constexpr std::string_view kDecimal = "(decimal(p, s)) -> decimal(p, s)";
constexpr std::string_view kDecimalTo = "(decimal(p, s), integer) -> decimal(p, s)";
constexpr std::string_view kDouble = "(double) -> double";

constexpr FunctionEntry kMathFunctions[] = {
    fallible("abs", "(tinyint) -> tinyint", "Returns the absolute value.", kernel_of<abs_integer>),
    total("sign", "(tinyint) -> tinyint", "Returns -1, 0 or 1.", kernel_of<sign_integer>),
    total("round", "(tinyint) -> tinyint", "Returns the number.", kernel_of<round_integer>),
    total("ceil", "(tinyint) -> tinyint", "Returns the number.", kernel_of<round_integer>),
    total("ceiling", "(tinyint) -> tinyint", "Returns the number.", kernel_of<round_integer>),
    total("floor", "(tinyint) -> tinyint", "Returns the number.", kernel_of<round_integer>),
    fallible("round", "(tinyint, integer) -> tinyint", "Rounds to decimal places.",
             kernel_of<round_integer_to>),
    fallible("abs", "(smallint) -> smallint", "Returns the absolute value.",
             kernel_of<abs_integer>),
    total("sign", "(smallint) -> smallint", "Returns -1, 0 or 1.", kernel_of<sign_integer>),
    total("round", "(smallint) -> smallint", "Returns the number.", kernel_of<round_integer>),
    total("ceil", "(smallint) -> smallint", "Returns the number.", kernel_of<round_integer>),
    total("ceiling", "(smallint) -> smallint", "Returns the number.", kernel_of<round_integer>),
    total("floor", "(smallint) -> smallint", "Returns the number.", kernel_of<round_integer>),
    fallible("round", "(smallint, integer) -> smallint", "Rounds to decimal places.",
             kernel_of<round_integer_to>),
    fallible("abs", "(integer) -> integer", "Returns the absolute value.", kernel_of<abs_integer>),
    total("sign", "(integer) -> integer", "Returns -1, 0 or 1.", kernel_of<sign_integer>),
    total("round", "(integer) -> integer", "Returns the number.", kernel_of<round_integer>),
    total("ceil", "(integer) -> integer", "Returns the number.", kernel_of<round_integer>),
    total("ceiling", "(integer) -> integer", "Returns the number.", kernel_of<round_integer>),
    total("floor", "(integer) -> integer", "Returns the number.", kernel_of<round_integer>),
    fallible("round", "(integer, integer) -> integer", "Rounds to decimal places.",
             kernel_of<round_integer_to>),
    fallible("abs", "(bigint) -> bigint", "Returns the absolute value.", kernel_of<abs_integer>),
    total("sign", "(bigint) -> bigint", "Returns -1, 0 or 1.", kernel_of<sign_integer>),
    total("round", "(bigint) -> bigint", "Returns the number.", kernel_of<round_integer>),
    total("ceil", "(bigint) -> bigint", "Returns the number.", kernel_of<round_integer>),
    total("ceiling", "(bigint) -> bigint", "Returns the number.", kernel_of<round_integer>),
    total("floor", "(bigint) -> bigint", "Returns the number.", kernel_of<round_integer>),
    fallible("round", "(bigint, integer) -> bigint", "Rounds to decimal places.",
             kernel_of<round_integer_to>),
    plain("abs", "(real) -> real", "abs({0})", "Returns the absolute value."),
    plain("abs", kDouble, "abs({0})", "Returns the absolute value."),
    total("abs", kDecimal, "Returns the absolute value.", kernel_of<abs_decimal>),
    total("sign", kDouble, "Returns -1, 0 or 1.", kernel_of<sign_double>),
    total("sign", "(real) -> real", "Returns -1, 0 or 1.", kernel_of<sign_double>),
    total("sign", "(decimal(p, s)) -> decimal(1, 0)", "Returns -1, 0 or 1.",
          kernel_of<sign_decimal>),
    total("round", kDouble, "Rounds to the nearest whole number, halves away from zero.",
          kernel_of<round_double>),
    total("round", "(real) -> real", "Rounds to the nearest whole number, halves away from zero.",
          kernel_of<round_double>),
    total("round", "(double, integer) -> double", "Rounds to decimal places.",
          kernel_of<round_double_to>),
    total("round", "(real, integer) -> real", "Rounds to decimal places.",
          kernel_of<round_double_to>),
    decimal_entry("round", kDecimal, "Rounds to the nearest whole number.", false,
                  kernel_of<round_decimal>, whole_type),
    decimal_entry("round", kDecimalTo, "Rounds to decimal places.", true,
                  kernel_of<round_decimal_to>, rounded_type),
    decimal_entry("ceil", kDecimal, "Rounds up.", false, kernel_of<ceil_decimal>, whole_type),
    decimal_entry("ceiling", kDecimal, "Rounds up.", false, kernel_of<ceil_decimal>, whole_type),
    decimal_entry("floor", kDecimal, "Rounds down.", false, kernel_of<floor_decimal>, whole_type),
    decimal_entry("truncate", kDecimal, "Drops the fraction.", false, kernel_of<truncate_decimal>,
                  truncated_type),
    fallible("truncate", kDecimalTo, "Drops decimal places.", kernel_of<truncate_decimal_to>),
    total("truncate", kDouble, "Drops the fraction.", kernel_of<truncate_double>),
    total("truncate", "(real) -> real", "Drops the fraction.", kernel_of<truncate_double>),
    total("ceil", kDouble, "Rounds up.", kernel_of<ceil_double>),
    total("ceil", "(real) -> real", "Rounds up.", kernel_of<ceil_double>),
    total("ceiling", kDouble, "Rounds up.", kernel_of<ceil_double>),
    total("ceiling", "(real) -> real", "Rounds up.", kernel_of<ceil_double>),
    total("floor", kDouble, "Rounds down.", kernel_of<floor_double>),
    total("floor", "(real) -> real", "Rounds down.", kernel_of<floor_double>),
    total("ln", kDouble, "Returns the natural logarithm.", kernel_of<natural_log>),
    total("log2", kDouble, "Returns the logarithm to base 2.", kernel_of<log_two>),
    total("log10", kDouble, "Returns the logarithm to base 10.", kernel_of<log_ten>),
    total("log", "(double, double) -> double", "Returns the logarithm to a base.",
          kernel_of<log_base>),
    total("sqrt", kDouble, "Returns the square root.", kernel_of<square_root>),
    total("cbrt", kDouble, "Returns the cube root.", kernel_of<cube_root>),
    total("exp", kDouble, "Returns e to a power.", kernel_of<exponential>),
    total("pow", "(double, double) -> double", "Returns a power.", kernel_of<power>),
    total("power", "(double, double) -> double", "Returns a power.", kernel_of<power>),
    total("sin", kDouble, "Returns the sine.", kernel_of<sine>),
    total("cos", kDouble, "Returns the cosine.", kernel_of<cosine>),
    total("tan", kDouble, "Returns the tangent.", kernel_of<tangent>),
    total("asin", kDouble, "Returns the arc sine.", kernel_of<arc_sine>),
    total("acos", kDouble, "Returns the arc cosine.", kernel_of<arc_cosine>),
    total("atan", kDouble, "Returns the arc tangent.", kernel_of<arc_tangent>),
    total("atan2", "(double, double) -> double", "Returns the angle of a point (y, x).",
          kernel_of<arc_tangent_two>),
    total("sinh", kDouble, "Returns the hyperbolic sine.", kernel_of<hyperbolic_sine>),
    total("cosh", kDouble, "Returns the hyperbolic cosine.", kernel_of<hyperbolic_cosine>),
    total("tanh", kDouble, "Returns the hyperbolic tangent.", kernel_of<hyperbolic_tangent>),
    total("degrees", kDouble, "Converts radians to degrees.", kernel_of<to_degrees>),
    total("radians", kDouble, "Converts degrees to radians.", kernel_of<to_radians>),
    total("is_nan", "(double) -> boolean", "Returns whether the value is NaN.", kernel_of<is_nan>),
    total("is_nan", "(real) -> boolean", "Returns whether the value is NaN.", kernel_of<is_nan>),
    total("is_finite", "(double) -> boolean", "Returns whether the value is finite.",
          kernel_of<is_finite>),
    total("is_infinite", "(double) -> boolean", "Returns whether the value is infinite.",
          kernel_of<is_infinite>),
    plain("nan", "() -> double", "CAST('nan' AS DOUBLE)", "Returns NaN."),
    plain("infinity", "() -> double", "CAST('inf' AS DOUBLE)", "Returns infinity."),
    plain("pi", "() -> double", "pi()", "Returns pi."),
    plain("e", "() -> double", "CAST(2.718281828459045 AS DOUBLE)", "Returns Euler's number."),
    fallible("to_base", "(bigint, bigint) -> varchar(64)", "Spells a number to a base.",
             kernel_of<to_base>),
    fallible("from_base", "(varchar(x), bigint) -> bigint", "Reads a number of a base.",
             kernel_of<from_base>),
    fallible("width_bucket", "(double, double, double, bigint) -> bigint",
             "Returns the number of the bucket of equal width.", kernel_of<width_bucket>),
    fallible("width_bucket", "(double, array(double)) -> bigint",
             "Returns how many of the sorted bins are not above the value.",
             kernel_of<width_bucket_of_bins>),
    fallible("greatest", "(E:orderable, E...) -> E",
             "Returns the greatest value, or NULL if any is NULL.", batch_kernel_of<greatest>),
    fallible("least", "(E:orderable, E...) -> E",
             "Returns the least value, or NULL if any is NULL.", batch_kernel_of<least>),
};

}  // namespace

std::span<const FunctionEntry> math_functions() { return kMathFunctions; }

}  // namespace trailsql
