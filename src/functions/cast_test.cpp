// What is expected was asked from Trino 476.
#include "functions/cast.h"

#include <gtest/gtest.h>

#include "functions/kernel_for_test.h"

namespace trailsql {
namespace {

TEST(Cast, TextToNumbers) {
  EXPECT_EQ(run_cast(text("  12 "), "bigint"), "12");
  EXPECT_EQ(run_cast(text("abc"), "bigint"), "INVALID_CAST_ARGUMENT: Cannot cast 'abc' to BIGINT");
  EXPECT_EQ(run_cast(text("x"), "integer"), "INVALID_CAST_ARGUMENT: Cannot cast 'x' to INT");
  EXPECT_EQ(run_cast(text("0x1p3"), "double"), "8.0");
  EXPECT_EQ(run_cast(text("0x10"), "double"),
            "INVALID_CAST_ARGUMENT: Cannot cast '0x10' to DOUBLE");
  EXPECT_EQ(run_cast(text("0x-1p3"), "double"),
            "INVALID_CAST_ARGUMENT: Cannot cast '0x-1p3' to DOUBLE");
  EXPECT_EQ(run_cast(text("1d"), "double"), "1.0");
  EXPECT_EQ(run_cast(text("inf"), "double"), "INVALID_CAST_ARGUMENT: Cannot cast 'inf' to DOUBLE");
  EXPECT_EQ(run_cast(text("F"), "boolean"), "false");
  EXPECT_EQ(run_cast(text(" true "), "boolean"),
            "INVALID_CAST_ARGUMENT: Cannot cast ' true ' to BOOLEAN");
  EXPECT_EQ(
      run_cast(text("99999"), "decimal(5,2)"),
      "INVALID_CAST_ARGUMENT: Cannot cast VARCHAR '99999' to DECIMAL(5, 2). Value too large.");
  EXPECT_EQ(run_cast(text("1.555"), "decimal(5,2)"), "1.56");
  EXPECT_EQ(run_cast(text("1e+-5"), "decimal(5,2)"),
            "INVALID_CAST_ARGUMENT: Cannot cast VARCHAR '1e+-5' to DECIMAL(5, 2). Value is not a "
            "number.");
}

TEST(Cast, NumbersToNumbers) {
  EXPECT_EQ(run_cast({"double", "2.5"}, "bigint"), "3");
  EXPECT_EQ(run_cast({"double", "-2.5"}, "bigint"), "-3");
  EXPECT_EQ(run_cast({"double", "1e30"}, "bigint"),
            "INVALID_CAST_ARGUMENT: Unable to cast 1.0E30 to bigint");
  EXPECT_EQ(run_cast({"double", "1e10"}, "integer"),
            "NUMERIC_VALUE_OUT_OF_RANGE: Out of range for integer: 1.0E10");
  EXPECT_EQ(run_cast({"bigint", "300"}, "tinyint"),
            "NUMERIC_VALUE_OUT_OF_RANGE: Out of range for tinyint: 300");
  EXPECT_EQ(run_cast({"integer", "123456"}, "decimal(5,2)"),
            "INVALID_CAST_ARGUMENT: Cannot cast INTEGER '123456' to DECIMAL(5, 2)");
  EXPECT_EQ(run_cast({"real", "0.15"}, "decimal(3,1)"), "0.2");
  EXPECT_EQ(run_cast({"double", "1e300"}, "real"), "Infinity");
}

TEST(Cast, NumbersToTextAlwaysHaveAnExponent) {
  EXPECT_EQ(run_cast({"double", "1"}, "varchar"), "1.0E0");
  EXPECT_EQ(run_cast({"double", "123456"}, "varchar"), "1.23456E5");
  EXPECT_EQ(run_cast({"double", "0.1"}, "varchar"), "1.0E-1");
  EXPECT_EQ(run_cast({"double", "0.001"}, "varchar"), "1.0E-3");
  EXPECT_EQ(run_cast({"double", "-0"}, "varchar"), "-0E0");
  EXPECT_EQ(run_cast({"real", "0.1"}, "varchar"), "1.0E-1");
  EXPECT_EQ(run_cast({"bigint", "1234"}, "varchar(2)"),
            "INVALID_CAST_ARGUMENT: Value 1234 cannot be represented as varchar(2)");
  EXPECT_EQ(run_cast({"double", "1"}, "varchar(3)"),
            "INVALID_CAST_ARGUMENT: Value 1.0 (1.0E0) cannot be represented as varchar(3)");
}

TEST(Cast, TextToTimes) {
  EXPECT_EQ(run_cast(text(" 2020-1-1"), "date"), "2020-01-01");
  EXPECT_EQ(run_cast(text("2020-02-30"), "date"),
            "INVALID_CAST_ARGUMENT: Value cannot be cast to date: 2020-02-30");
  EXPECT_EQ(run_cast(text("2020-1-1 1:2"), "timestamp(3)"), "2020-01-01 01:02:00.000");
  EXPECT_EQ(run_cast(text("2020-01-01T01:02:03"), "timestamp(3)"),
            "INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp: 2020-01-01T01:02:03");
  EXPECT_EQ(run_cast(text("2020-01-01 01:02:03 +02:00"), "timestamp(0) with time zone"),
            "2020-01-01 01:02:03 +02:00");
  EXPECT_EQ(run_cast(text("2020-01-01 Europe/Warsaw"), "timestamp(0) with time zone"),
            "2020-01-01 00:00:00 Europe/Warsaw");
  EXPECT_EQ(
      run_cast(text("2020-01-01 00:00:00 Foo/Bar"), "timestamp(3) with time zone"),
      "INVALID_CAST_ARGUMENT: Value cannot be cast to timestamp: 2020-01-01 00:00:00 Foo/Bar");
  EXPECT_EQ(run_cast(text("10:00:00.1235"), "time(3)"), "10:00:00.124");
}

TEST(Cast, TimesToTimes) {
  EXPECT_EQ(run_cast({"timestamp(3)", "2020-01-01 00:00:00.999"}, "timestamp(0)"),
            "2020-01-01 00:00:01");
  EXPECT_EQ(run_cast({"timestamp(1)", "1960-01-01 00:00:00.5"}, "timestamp(0)"),
            "1960-01-01 00:00:01");
  EXPECT_EQ(
      run_cast({"timestamp(0) with time zone", "2020-01-01 22:00:00 America/New_York"}, "date"),
      "2020-01-01");
  EXPECT_EQ(run_cast({"date", "2020-01-01"}, "timestamp(3) with time zone"),
            "2020-01-01 00:00:00.000 UTC");
}

TEST(Cast, CharIsPadded) {
  EXPECT_EQ(run_cast(text("abc"), "char(5)"), "abc  ");
  EXPECT_EQ(run_cast({"char(5)", "abc"}, "varchar"), "abc  ");
  EXPECT_EQ(run_cast(text("abcdef"), "varchar(3)"), "abc");
}

TEST(Cast, Json) {
  EXPECT_EQ(run_cast({"json", "[1,2]"}, "array(integer)"), "[1, 2]");
  EXPECT_EQ(run_cast({"json", R"({"A":1,"b":"x"})"}, "row(a integer, b varchar)"), "{a=1, b=x}");
  EXPECT_EQ(run_cast({"json", "1.50"}, "varchar"), "1.5E0");
  EXPECT_EQ(run_cast({"json", "1.6"}, "bigint"), "2");
  EXPECT_EQ(run_cast({"json", "null"}, "bigint"), "NULL");
  EXPECT_EQ(run_cast({"json", "[1]"}, "bigint"),
            "INVALID_CAST_ARGUMENT: Cannot cast '[1]' to bigint");
  EXPECT_EQ(run_cast({"json", "\"abc\""}, "array(integer)"),
            "INVALID_CAST_ARGUMENT: Cannot cast to array(integer). Expected a json array, but got "
            "abc\n\"abc\"");
  EXPECT_EQ(run_cast({"row(a bigint, b varchar)", R"([1,"x"])"}, "json"), R"({"a":1,"b":"x"})");
  EXPECT_EQ(run_cast({"map(varchar,bigint)", R"({"b":1,"a":null})"}, "json"),
            R"({"a":null,"b":1})");
  EXPECT_EQ(run_cast(text("a\"b"), "json"), R"("a\"b")");
}

TEST(Cast, KnowsWhatTrinoLacks) {
  EXPECT_FALSE(can_cast(TypeKind::kInteger, TypeKind::kDate));
  EXPECT_FALSE(can_cast(TypeKind::kDate, TypeKind::kBigint));
  EXPECT_FALSE(can_cast(TypeKind::kVarbinary, Type::varchar()));
  EXPECT_FALSE(can_cast(TypeKind::kJson, TypeKind::kDate));
  EXPECT_FALSE(can_cast(Type::character(1), TypeKind::kBigint));
  EXPECT_TRUE(can_cast(TypeKind::kUnknown, TypeKind::kDate));
}

TEST(Cast, LowersCheapPairsWithoutKernels) {
  KernelUses kernels;
  EXPECT_EQ(lower_cast("x", Type::varchar(3), Type::varchar(), false, kernels), "x");
  EXPECT_EQ(lower_cast("x", TypeKind::kInteger, TypeKind::kBigint, false, kernels),
            "CAST(x AS BIGINT)");
  EXPECT_EQ(lower_cast("NULL", TypeKind::kUnknown, TypeKind::kDate, false, kernels),
            "CAST(NULL AS DATE)");
  EXPECT_TRUE(kernels.kernels().empty());
  EXPECT_EQ(lower_cast("x", Type::varchar(), TypeKind::kBigint, true, kernels),
            "k_try_cast_varchar_bigint(x)");
  EXPECT_EQ(kernels.kernels().size(), 1U);
}

TEST(Cast, SafeKernelsMakeNull) {
  KernelUses kernels;
  const Type from = Type::array(Type::varchar());
  const Type to = Type::array(TypeKind::kBigint);
  lower_cast("x", from, to, true, kernels);
  Column source(from);
  for (const char* value : {"1", "x", "2"}) {
    source.children()[0].append_string("7");
    source.children()[0].append_string(value);
    source.append_list();
  }
  Column result(to);
  const Column* arguments[] = {&source};
  kernels.kernels()[0]->run({arguments, 3, result});
  EXPECT_FALSE(result.is_null(0));
  EXPECT_TRUE(result.is_null(1));
  EXPECT_EQ(result.children()[0].int64_at(result.offset(2) + 1), 2);
}

TEST(Cast, NamesEngineTypes) {
  EXPECT_EQ(engine_type_name(parse_type("row(a varchar, b array(real))")),
            "STRUCT(f0 VARCHAR, f1 FLOAT[])");
  EXPECT_EQ(engine_type_name(parse_type("map(varchar, timestamp(3) with time zone)")),
            "MAP(VARCHAR, STRUCT(f0 TIMESTAMP, f1 VARCHAR))");
}

}  // namespace
}  // namespace trailsql
