// Functions on the bits of integers.
#include <fmt/core.h>

#include <bit>

#include "functions/argument_error.h"
#include "functions/families.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

int64_t bit_count(int64_t value, int64_t num_bits) {
  if (num_bits == 64) return std::popcount(static_cast<uint64_t>(value));
  if (num_bits <= 1 || num_bits > 64)
    fail_argument(
        fmt::format("Bits specified in bit_count must be between 2 and 64, got {}", num_bits));
  const int64_t limit = int64_t{1} << (num_bits - 1);
  if (value < -limit || value >= limit)
    fail_argument(
        fmt::format("Number must be representable with the bits specified. {} cannot be "
                    "represented with {} bits",
                    value, num_bits));
  const uint64_t mask = (uint64_t{1} << static_cast<unsigned>(num_bits)) - 1;
  return std::popcount(static_cast<uint64_t>(value) & mask);
}

int num_bits_of(const BoundFunction& bound) {
  switch (bound.result_type.kind()) {
    case TypeKind::kTinyint: return 8;
    case TypeKind::kSmallint: return 16;
    case TypeKind::kInteger: return 32;
    default: return 64;
  }
}

// Whether the shift leaves no bit of the value. Java's shift by a negative number is one of 63 at
// least, so it leaves none either.
bool shifts_all(const BoundFunction& bound, int64_t shift) {
  return shift < 0 || shift >= num_bits_of(bound);
}

// Keeps the type's lowest bits, the highest of them being the sign.
int64_t narrowed(const BoundFunction& bound, uint64_t bits) {
  const auto unused = static_cast<unsigned>(64 - num_bits_of(bound));
  return static_cast<int64_t>(bits << unused) >> unused;
}

int64_t shift_left(const BoundFunction& bound, int64_t value, int64_t shift) {
  if (shifts_all(bound, shift)) return 0;
  return narrowed(bound, static_cast<uint64_t>(value) << static_cast<unsigned>(shift));
}

int64_t shift_right(const BoundFunction& bound, int64_t value, int64_t shift) {
  if (shifts_all(bound, shift)) return 0;
  const auto unused = static_cast<unsigned>(64 - num_bits_of(bound));
  const uint64_t bits = static_cast<uint64_t>(value) << unused >> unused;
  return narrowed(bound, bits >> static_cast<unsigned>(shift));
}

int64_t shift_right_arithmetic(const BoundFunction& bound, int64_t value, int64_t shift) {
  if (shifts_all(bound, shift)) return value < 0 ? -1 : 0;
  return value >> static_cast<unsigned>(shift);
}

constexpr std::string_view kTiny = "(tinyint, integer) -> tinyint";
constexpr std::string_view kSmall = "(smallint, integer) -> smallint";
constexpr std::string_view kInteger = "(integer, integer) -> integer";
constexpr std::string_view kBig = "(bigint, integer) -> bigint";
constexpr std::string_view kLeftDoc = "Shifts the bits to the left.";
constexpr std::string_view kRightDoc = "Shifts the bits to the right, filling in zeros.";
constexpr std::string_view kArithmeticDoc = "Shifts the bits to the right, keeping the sign.";

constexpr FunctionEntry kBitwiseFunctions[] = {
    plain("bitwise_and", "(bigint, bigint) -> bigint", "({0} & {1})", "Returns the bitwise AND."),
    plain("bitwise_or", "(bigint, bigint) -> bigint", "({0} | {1})", "Returns the bitwise OR."),
    plain("bitwise_xor", "(bigint, bigint) -> bigint", "xor({0}, {1})", "Returns the bitwise XOR."),
    plain("bitwise_not", "(bigint) -> bigint", "(~ {0})", "Returns the bitwise NOT."),
    total("bitwise_left_shift", kTiny, kLeftDoc, kernel_of<shift_left>),
    total("bitwise_left_shift", kSmall, kLeftDoc, kernel_of<shift_left>),
    total("bitwise_left_shift", kInteger, kLeftDoc, kernel_of<shift_left>),
    total("bitwise_left_shift", kBig, kLeftDoc, kernel_of<shift_left>),
    total("bitwise_right_shift", kTiny, kRightDoc, kernel_of<shift_right>),
    total("bitwise_right_shift", kSmall, kRightDoc, kernel_of<shift_right>),
    total("bitwise_right_shift", kInteger, kRightDoc, kernel_of<shift_right>),
    total("bitwise_right_shift", kBig, kRightDoc, kernel_of<shift_right>),
    total("bitwise_right_shift_arithmetic", kTiny, kArithmeticDoc,
          kernel_of<shift_right_arithmetic>),
    total("bitwise_right_shift_arithmetic", kSmall, kArithmeticDoc,
          kernel_of<shift_right_arithmetic>),
    total("bitwise_right_shift_arithmetic", kInteger, kArithmeticDoc,
          kernel_of<shift_right_arithmetic>),
    total("bitwise_right_shift_arithmetic", kBig, kArithmeticDoc,
          kernel_of<shift_right_arithmetic>),
    fallible("bit_count", "(bigint, bigint) -> bigint", "Counts the one bits.",
             kernel_of<bit_count>),
};

}  // namespace

std::span<const FunctionEntry> bitwise_functions() { return kBitwiseFunctions; }

}  // namespace trailsql
