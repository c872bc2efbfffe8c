#include "functions/number_format.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// Asked from Trino 476: format('%.2f', …) and its kin.
TEST(NumberFormat, RoundsHalfUpFromTheShortestDigits) {
  EXPECT_EQ(spell_fixed(digits_of(1.555, false), 2), "1.56");
  EXPECT_EQ(spell_fixed(digits_of(0.35, false), 1), "0.4");
  EXPECT_EQ(spell_fixed(digits_of(2.5, false), 0), "3");
  EXPECT_EQ(spell_fixed(digits_of(0.5, false), 0), "1");
  EXPECT_EQ(spell_fixed(digits_of(1e20, false), 3), "100000000000000000000.000");
  EXPECT_EQ(spell_fixed(digits_of(0.0, false), 2), "0.00");
  EXPECT_EQ(spell_fixed(digits_of(1e-9, false), 2), "0.00");
  EXPECT_EQ(spell_fixed(digits_of(9.99, false), 1), "10.0");
  EXPECT_EQ(spell_fixed(digits_of(static_cast<double>(1.1F), true), 6), "1.100000");
  EXPECT_EQ(spell_fixed(digits_of(int128_t{-25}, 2), 1), "0.3");
}

TEST(NumberFormat, SpellsExponents) {
  EXPECT_EQ(spell_scientific(digits_of(12345.678, false), 2), "1.23e+04");
  EXPECT_EQ(spell_scientific(digits_of(9.999, false), 1), "1.0e+01");
  EXPECT_EQ(spell_scientific(digits_of(0.0, false), 1), "0.0e+00");
  EXPECT_EQ(spell_general(digits_of(0.0001234, false), 6), "0.000123400");
  EXPECT_EQ(spell_general(digits_of(123456789.0, false), 6), "1.23457e+08");
  EXPECT_EQ(spell_general(digits_of(0.0, false), 6), "0.00000");
  EXPECT_EQ(spell_hexadecimal(1.0), "0x1.0p0");
}

TEST(NumberFormat, SeparatesThousands) {
  EXPECT_EQ(with_separators("1234567.5"), "1,234,567.5");
  EXPECT_EQ(with_separators("123"), "123");
}

}  // namespace
}  // namespace trailsql
