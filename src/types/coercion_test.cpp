// What is expected was asked from Trino 476 (typeof(coalesce(a, b))).
#include "types/coercion.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

std::string common(std::string_view a, std::string_view b) {
  const std::optional<Type> one = common_super_type(parse_type(a), parse_type(b));
  const std::optional<Type> two = common_super_type(parse_type(b), parse_type(a));
  EXPECT_EQ(one.has_value(), two.has_value());
  EXPECT_TRUE(!one || *one == *two);
  return one ? one->display() : "none";
}

bool coerces(std::string_view from, std::string_view to) {
  return can_coerce(parse_type(from), parse_type(to));
}

TEST(Coercion, FindsCommonSuperTypes) {
  EXPECT_EQ(common("integer", "bigint"), "bigint");
  EXPECT_EQ(common("bigint", "decimal(2,1)"), "decimal(20,1)");
  EXPECT_EQ(common("integer", "decimal(3,1)"), "decimal(11,1)");
  EXPECT_EQ(common("integer", "real"), "real");
  EXPECT_EQ(common("real", "decimal(2,1)"), "real");
  EXPECT_EQ(common("real", "double"), "double");
  EXPECT_EQ(common("varchar(2)", "varchar(5)"), "varchar(5)");
  EXPECT_EQ(common("char(3)", "varchar(1)"), "char(3)");
  EXPECT_EQ(common("char(3)", "varchar"), "char(65536)");
  EXPECT_EQ(common("date", "timestamp(4)"), "timestamp(4)");
  EXPECT_EQ(common("timestamp(6)", "timestamp(3) with time zone"), "timestamp(6) with time zone");
  EXPECT_EQ(common("unknown", "array(bigint)"), "array(bigint)");
  EXPECT_EQ(common("array(integer)", "array(bigint)"), "array(bigint)");
  EXPECT_EQ(common("map(varchar(1),integer)", "map(varchar(2),double)"), "map(varchar(2), double)");
  EXPECT_EQ(common("row(a integer, b integer)", "row(a bigint, c integer)"),
            "row(a bigint, integer)");
}

TEST(Coercion, RefusesWhatHasNoCommonType) {
  EXPECT_EQ(common("varchar", "bigint"), "none");
  EXPECT_EQ(common("varchar", "date"), "none");
  EXPECT_EQ(common("boolean", "integer"), "none");
  EXPECT_EQ(common("json", "varchar"), "none");
  EXPECT_EQ(common("row(a integer)", "row(a integer, b integer)"), "none");
}

TEST(Coercion, GoesOneWay) {
  EXPECT_TRUE(coerces("integer", "bigint"));
  EXPECT_FALSE(coerces("bigint", "integer"));
  EXPECT_TRUE(coerces("varchar(3)", "varchar"));
  EXPECT_FALSE(coerces("varchar", "varchar(3)"));
  EXPECT_TRUE(coerces("unknown", "row(a bigint)"));
  EXPECT_TRUE(coerces("row(x integer)", "row(y bigint)"));
  EXPECT_TRUE(coerces("bigint", "double"));
  EXPECT_FALSE(coerces("double", "bigint"));
  EXPECT_TRUE(coerces("decimal(3,1)", "double"));
  EXPECT_FALSE(coerces("bigint", "decimal(10,0)"));
}

TEST(Coercion, KnowsEqualRepresentations) {
  EXPECT_TRUE(is_physically_equal(Type::varchar(3), Type::varchar()));
  EXPECT_FALSE(is_physically_equal(Type::varchar(), Type::varchar(3)));
  EXPECT_FALSE(is_physically_equal(TypeKind::kInteger, TypeKind::kBigint));
  EXPECT_TRUE(is_physically_equal(parse_type("row(a varchar(1))"), parse_type("row(b varchar)")));
  EXPECT_FALSE(is_physically_equal(Type::timestamp(6), Type::timestamp(7)));
  EXPECT_FALSE(is_orderable(parse_type("array(map(varchar,bigint))")));
  EXPECT_TRUE(is_orderable(parse_type("row(a date)")));
}

}  // namespace
}  // namespace trailsql
