#include "functions/value_hash.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

// checksum() of one value is its hash times this number, modulo 2^64.
uint64_t checksum_of(const Column& column) { return hash_value(column, 0) * 0x9E3779B185EBCA87; }

TEST(ValueHash, IsTrinos) {
  Column number(TypeKind::kInteger);
  number.append_int64(2);
  EXPECT_EQ(checksum_of(number), 0x61EC31D1EB0CF7D0U);
  Column zero(TypeKind::kDouble);
  zero.append_double(-0.0);
  EXPECT_EQ(checksum_of(zero), 0xEA91506C79162D9DU);
  Column real(TypeKind::kReal);
  real.append_double(1.5);
  EXPECT_EQ(checksum_of(real), 0x8819A94ECF78CFA7U);
  Column array(Type::array(TypeKind::kInteger));
  array.children()[0].append_int64(1);
  array.children()[0].append_null();
  array.append_list();
  EXPECT_EQ(checksum_of(array), 0xC7C088EC4DAE62CDU);
}

TEST(ValueHash, NamesTheTypesItCannotHash) {
  EXPECT_TRUE(is_hashable(parse_type("map(varchar,array(decimal(30,2)))")));
  EXPECT_FALSE(is_hashable(parse_type("array(row(a integer))")));
  EXPECT_FALSE(is_hashable(parse_type("time(3) with time zone")));
}

}  // namespace
}  // namespace trailsql
