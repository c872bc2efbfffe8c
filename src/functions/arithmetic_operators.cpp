// + - * / % and negation of numbers; mod, which is %.
#include <fmt/core.h>

#include <cmath>

#include "functions/argument_error.h"
#include "functions/caster.h"
#include "functions/decimal.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

[[noreturn]] void fail_division() {
  throw QueryError(ErrorCode::kDivisionByZero, "Division by zero");
}

[[noreturn]] void fail_decimal() {
  throw QueryError(ErrorCode::kNumericValueOutOfRange, "Decimal overflow");
}

[[noreturn]] void fail_integer(const BoundFunction& bound, std::string_view what, int64_t a,
                               char symbol, int64_t b) {
  throw QueryError(
      ErrorCode::kNumericValueOutOfRange,
      fmt::format("{} {} overflow: {} {} {}", bound.result_type.display(), what, a, symbol, b));
}

bool in_range(const BoundFunction& bound, int64_t value) {
  return value >= least_of(bound.result_type.kind()) &&
         value <= greatest_of(bound.result_type.kind());
}

int64_t add_integers(const BoundFunction& bound, int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum) || !in_range(bound, sum))
    fail_integer(bound, "addition", a, '+', b);
  return sum;
}

int64_t subtract_integers(const BoundFunction& bound, int64_t a, int64_t b) {
  int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference) || !in_range(bound, difference))
    fail_integer(bound, "subtraction", a, '-', b);
  return difference;
}

int64_t multiply_integers(const BoundFunction& bound, int64_t a, int64_t b) {
  int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product) || !in_range(bound, product))
    fail_integer(bound, "multiplication", a, '*', b);
  return product;
}

int64_t divide_integers(const BoundFunction& bound, int64_t a, int64_t b) {
  if (b == 0) fail_division();
  if (b == -1 && a == least_of(bound.result_type.kind()))
    fail_integer(bound, "division", a, '/', b);
  return a / b;
}

int64_t modulus_integers(int64_t a, int64_t b) {
  if (b == 0) fail_division();
  return b == -1 ? 0 : a % b;
}

// The function, unlike the operator, lets Java's own error through.
int64_t mod_integers(int64_t a, int64_t b) {
  if (b == 0) throw QueryError(ErrorCode::kGenericInternalError, "/ by zero");
  return modulus_integers(a, b);
}

int64_t negate_integer(const BoundFunction& bound, int64_t a) {
  if (a == least_of(bound.result_type.kind())) {
    throw QueryError(ErrorCode::kNumericValueOutOfRange,
                     fmt::format("{} negation overflow: {}", bound.result_type.display(), a));
  }
  return -a;
}

double divide_doubles(const BoundFunction& bound, double a, double b) {
  return narrow_double(bound.result_type, a / b);
}
double modulus_doubles(const BoundFunction& bound, double a, double b) {
  return narrow_double(bound.result_type, std::fmod(a, b));
}

int128_t checked_decimal(const BoundFunction& bound, int128_t value) {
  if (!fits_precision(value, bound.result_type.precision())) fail_decimal();
  return value;
}

// Brings an operand to the result's scale.
int128_t scaled(int128_t value, int from_scale, int to_scale) {
  int128_t result = 0;
  if (__builtin_mul_overflow(value, power_of_ten(to_scale - from_scale), &result)) fail_decimal();
  return result;
}

int scale_of(const BoundFunction& bound, size_t i) { return bound.argument_types[i].scale(); }

int128_t add_decimals(const BoundFunction& bound, int128_t a, int128_t b) {
  const int scale = bound.result_type.scale();
  int128_t sum = 0;
  if (__builtin_add_overflow(scaled(a, scale_of(bound, 0), scale),
                             scaled(b, scale_of(bound, 1), scale), &sum))
    fail_decimal();
  return checked_decimal(bound, sum);
}

int128_t subtract_decimals(const BoundFunction& bound, int128_t a, int128_t b) {
  return add_decimals(bound, a, -b);
}

int128_t multiply_decimals(const BoundFunction& bound, int128_t a, int128_t b) {
  int128_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) fail_decimal();
  return checked_decimal(bound, product);
}

unsigned __int128 magnitude_of(int128_t value) {
  return value < 0 ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
}

struct Division {
  unsigned __int128 quotient;
  unsigned __int128 rest;
};

// Divides a * 10^shift by b, digit by digit, so that no more than 128 bits are needed. Throws when
// the quotient has more than 38 digits.
Division long_division(int128_t a, int128_t b, int shift) {
  if (shift >= Type::kMaxDecimalPrecision) fail_decimal();
  const unsigned __int128 divisor = magnitude_of(b);
  Division result{magnitude_of(a) / divisor, magnitude_of(a) % divisor};
  const auto limit = static_cast<unsigned __int128>(power_of_ten(Type::kMaxDecimalPrecision));
  for (int i = 0; i < shift; ++i) {
    // rest < divisor < 2^127, so rest * 10 may pass 2^128: it is added up with a check instead.
    unsigned digit = 0;
    unsigned __int128 sum = 0;
    for (int j = 0; j < 10; ++j) {
      if (sum >= divisor - result.rest) {
        sum -= divisor - result.rest;
        ++digit;
      } else {
        sum += result.rest;
      }
    }
    result.rest = sum;
    if (result.quotient > limit / 10) fail_decimal();
    result.quotient = result.quotient * 10 + digit;
  }
  return result;
}

// a / b at the result's scale, rounded half up.
int128_t divide_decimals(const BoundFunction& bound, int128_t a, int128_t b) {
  if (b == 0) fail_division();
  const int shift = bound.result_type.scale() + scale_of(bound, 1) - scale_of(bound, 0);
  Division division = long_division(a, b, shift);
  if (division.rest >= magnitude_of(b) - division.rest) ++division.quotient;
  if (!fits_precision(static_cast<int128_t>(division.quotient), Type::kMaxDecimalPrecision))
    fail_decimal();
  const auto result = static_cast<int128_t>(division.quotient);
  return checked_decimal(bound, (a < 0) != (b < 0) ? -result : result);
}

int128_t modulus_decimals(const BoundFunction& bound, int128_t a, int128_t b) {
  if (b == 0) fail_division();
  const int scale = bound.result_type.scale();
  const int divisor_shift = scale - scale_of(bound, 1);
  if (divisor_shift >= Type::kMaxDecimalPrecision) fail_decimal();
  int128_t divisor = 0;
  // A divisor beyond 128 bits is beyond the dividend too.
  if (__builtin_mul_overflow(b, power_of_ten(divisor_shift), &divisor)) return a;
  const auto rest =
      static_cast<int128_t>(long_division(a, divisor, scale - scale_of(bound, 0)).rest);
  return a < 0 ? -rest : rest;
}

int128_t negate_decimal(int128_t a) { return -a; }

Type add_type(std::span<const Type> types) {
  const int scale = std::max(types[0].scale(), types[1].scale());
  const int whole =
      std::max(types[0].precision() - types[0].scale(), types[1].precision() - types[1].scale());
  return Type::decimal(std::min(Type::kMaxDecimalPrecision, whole + scale + 1), scale);
}

Type multiply_type(std::span<const Type> types) {
  const int scale = types[0].scale() + types[1].scale();
  if (scale > Type::kMaxDecimalPrecision) {
    fail_argument(fmt::format("DECIMAL scale must be in range [0, precision (38)]: {}", scale));
  }
  return Type::decimal(
      std::min(Type::kMaxDecimalPrecision, types[0].precision() + types[1].precision()), scale);
}

Type divide_type(std::span<const Type> types) {
  const int scale = std::max(types[0].scale(), types[1].scale());
  const int precision =
      types[0].precision() + types[1].scale() + std::max(types[1].scale() - types[0].scale(), 0);
  return Type::decimal(std::min(Type::kMaxDecimalPrecision, precision), scale);
}

Type modulus_type(std::span<const Type> types) {
  const int scale = std::max(types[0].scale(), types[1].scale());
  const int whole =
      std::min(types[0].precision() - types[0].scale(), types[1].precision() - types[1].scale());
  return Type::decimal(std::min(Type::kMaxDecimalPrecision, whole + scale), scale);
}

constexpr std::string_view kDecimals = "(decimal(p1, s1), decimal(p2, s2)) -> decimal(p1, s1)";

constexpr FunctionEntry kArithmeticOperators[] = {
    fallible("$add", "(tinyint, tinyint) -> tinyint", "Adds integers.", kernel_of<add_integers>),
    fallible("$add", "(smallint, smallint) -> smallint", "Adds integers.", kernel_of<add_integers>),
    fallible("$add", "(integer, integer) -> integer", "Adds integers.", kernel_of<add_integers>),
    fallible("$add", "(bigint, bigint) -> bigint", "Adds integers.", kernel_of<add_integers>),
    plain("$add", "(real, real) -> real", "({0} + {1})", "Adds reals."),
    plain("$add", "(double, double) -> double", "({0} + {1})", "Adds doubles."),
    {.name = "$add",
     .signature = kDecimals,
     .doc = "Adds decimals.",
     .may_fail = true,
     .make_kernel = kernel_of<add_decimals>,
     .derive_result = add_type},
    fallible("$subtract", "(tinyint, tinyint) -> tinyint", "Subtracts integers.",
             kernel_of<subtract_integers>),
    fallible("$subtract", "(smallint, smallint) -> smallint", "Subtracts integers.",
             kernel_of<subtract_integers>),
    fallible("$subtract", "(integer, integer) -> integer", "Subtracts integers.",
             kernel_of<subtract_integers>),
    fallible("$subtract", "(bigint, bigint) -> bigint", "Subtracts integers.",
             kernel_of<subtract_integers>),
    plain("$subtract", "(real, real) -> real", "({0} - {1})", "Subtracts reals."),
    plain("$subtract", "(double, double) -> double", "({0} - {1})", "Subtracts doubles."),
    {.name = "$subtract",
     .signature = kDecimals,
     .doc = "Subtracts decimals.",
     .may_fail = true,
     .make_kernel = kernel_of<subtract_decimals>,
     .derive_result = add_type},
    fallible("$multiply", "(tinyint, tinyint) -> tinyint", "Multiplies integers.",
             kernel_of<multiply_integers>),
    fallible("$multiply", "(smallint, smallint) -> smallint", "Multiplies integers.",
             kernel_of<multiply_integers>),
    fallible("$multiply", "(integer, integer) -> integer", "Multiplies integers.",
             kernel_of<multiply_integers>),
    fallible("$multiply", "(bigint, bigint) -> bigint", "Multiplies integers.",
             kernel_of<multiply_integers>),
    plain("$multiply", "(real, real) -> real", "({0} * {1})", "Multiplies reals."),
    plain("$multiply", "(double, double) -> double", "({0} * {1})", "Multiplies doubles."),
    {.name = "$multiply",
     .signature = kDecimals,
     .doc = "Multiplies decimals.",
     .may_fail = true,
     .make_kernel = kernel_of<multiply_decimals>,
     .derive_result = multiply_type},
    fallible("$divide", "(tinyint, tinyint) -> tinyint", "Divides integers, truncating.",
             kernel_of<divide_integers>),
    fallible("$divide", "(smallint, smallint) -> smallint", "Divides integers, truncating.",
             kernel_of<divide_integers>),
    fallible("$divide", "(integer, integer) -> integer", "Divides integers, truncating.",
             kernel_of<divide_integers>),
    fallible("$divide", "(bigint, bigint) -> bigint", "Divides integers, truncating.",
             kernel_of<divide_integers>),
    total("$divide", "(real, real) -> real", "Divides reals.", kernel_of<divide_doubles>),
    total("$divide", "(double, double) -> double", "Divides doubles.", kernel_of<divide_doubles>),
    {.name = "$divide",
     .signature = kDecimals,
     .doc = "Divides decimals, rounding half up.",
     .may_fail = true,
     .make_kernel = kernel_of<divide_decimals>,
     .derive_result = divide_type},
    fallible("$modulus", "(tinyint, tinyint) -> tinyint", "Remainder with the dividend's sign.",
             kernel_of<modulus_integers>),
    fallible("$modulus", "(smallint, smallint) -> smallint", "Remainder with the dividend's sign.",
             kernel_of<modulus_integers>),
    fallible("$modulus", "(integer, integer) -> integer", "Remainder with the dividend's sign.",
             kernel_of<modulus_integers>),
    fallible("$modulus", "(bigint, bigint) -> bigint", "Remainder with the dividend's sign.",
             kernel_of<modulus_integers>),
    total("$modulus", "(real, real) -> real", "Remainder with the dividend's sign.",
          kernel_of<modulus_doubles>),
    total("$modulus", "(double, double) -> double", "Remainder with the dividend's sign.",
          kernel_of<modulus_doubles>),
    {.name = "$modulus",
     .signature = kDecimals,
     .doc = "Remainder with the dividend's sign.",
     .may_fail = true,
     .make_kernel = kernel_of<modulus_decimals>,
     .derive_result = modulus_type},
    fallible("mod", "(tinyint, tinyint) -> tinyint", "Remainder with the dividend's sign.",
             kernel_of<mod_integers>),
    fallible("mod", "(smallint, smallint) -> smallint", "Remainder with the dividend's sign.",
             kernel_of<mod_integers>),
    fallible("mod", "(integer, integer) -> integer", "Remainder with the dividend's sign.",
             kernel_of<mod_integers>),
    fallible("mod", "(bigint, bigint) -> bigint", "Remainder with the dividend's sign.",
             kernel_of<mod_integers>),
    total("mod", "(real, real) -> real", "Remainder with the dividend's sign.",
          kernel_of<modulus_doubles>),
    total("mod", "(double, double) -> double", "Remainder with the dividend's sign.",
          kernel_of<modulus_doubles>),
    {.name = "mod",
     .signature = kDecimals,
     .doc = "Remainder with the dividend's sign.",
     .may_fail = true,
     .make_kernel = kernel_of<modulus_decimals>,
     .derive_result = modulus_type},
    fallible("$negate", "(tinyint) -> tinyint", "Negates.", kernel_of<negate_integer>),
    fallible("$negate", "(smallint) -> smallint", "Negates.", kernel_of<negate_integer>),
    fallible("$negate", "(integer) -> integer", "Negates.", kernel_of<negate_integer>),
    fallible("$negate", "(bigint) -> bigint", "Negates.", kernel_of<negate_integer>),
    plain("$negate", "(real) -> real", "(- {0})", "Negates."),
    plain("$negate", "(double) -> double", "(- {0})", "Negates."),
    total("$negate", "(decimal(p, s)) -> decimal(p, s)", "Negates.", kernel_of<negate_decimal>),
};

}  // namespace

std::span<const FunctionEntry> arithmetic_operators() { return kArithmeticOperators; }

}  // namespace trailsql
