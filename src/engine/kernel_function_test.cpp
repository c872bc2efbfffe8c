#include <gtest/gtest.h>

#include "engine/fake_scan.h"
#include "engine/query_for_test.h"

namespace trailsql {
namespace {

KernelPtr identity(const Type& type) {
  auto kernel = std::make_shared<Kernel>();
  kernel->sql_name = "k_identity";
  kernel->argument_types = {type};
  kernel->result_type = type;
  kernel->run = [](const KernelCall& call) {
    for (size_t row = 0; row < call.num_rows; ++row) {
      call.result.append_from(*call.arguments[0], row);
    }
  };
  return kernel;
}

// Fails for negative numbers and doubles the others.
KernelPtr fallible() {
  auto kernel = std::make_shared<Kernel>();
  kernel->sql_name = "k_fallible";
  kernel->argument_types = {TypeKind::kBigint};
  kernel->result_type = TypeKind::kBigint;
  kernel->run = [](const KernelCall& call) {
    for_each_row(call, [&](size_t row) {
      const int64_t value = call.arguments[0]->int64_at(row);
      if (value < 0) {
        throw QueryError(ErrorCode::kNumericValueOutOfRange, Location{1, 8},
                         "negative: " + std::to_string(value));
      }
      call.result.append_int64(value * 2);
    });
  };
  return kernel;
}

std::vector<std::string> run_fallible(const std::string& sql) {
  EngineQuery query = query_for_test(sql, {TypeKind::kBigint});
  query.kernels = {fallible()};
  const std::vector<Column> columns = run_for_test(std::move(query));
  std::vector<std::string> values;
  for (size_t i = 0; i < columns[0].size(); ++i) values.push_back(value_for_test(columns[0], i));
  return values;
}

using Values = std::vector<std::string>;

TEST(KernelFunction, ErrorOfARowThatCountsEndsTheQuery) {
  try {
    run_fallible("SELECT k_fallible(x) FROM (VALUES (1::BIGINT), (-5)) t(x)");
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.full_text(), "NUMERIC_VALUE_OUT_OF_RANGE: line 1:8: negative: -5");
  }
  EXPECT_THROW(run_fallible("SELECT k_fallible(-1::BIGINT)"), QueryError);  // folded
  EXPECT_THROW(run_fallible("SELECT x FROM (VALUES (-1::BIGINT)) t(x) WHERE k_fallible(x) > 0"),
               QueryError);
}

TEST(KernelFunction, TryMakesFailingRowsNull) {
  EXPECT_EQ(run_fallible("SELECT TRY(k_fallible(x)) FROM (VALUES (1::BIGINT), (-5), (3)) t(x)"),
            (Values{"2", "NULL", "6"}));
  EXPECT_EQ(run_fallible("SELECT TRY(k_fallible(-5::BIGINT))"), Values{"NULL"});
  EXPECT_EQ(run_fallible("SELECT count(TRY(k_fallible(CASE WHEN i % 3 = 0 THEN -i - 1 ELSE i END)))"
                         " FROM range(30000) t(i)"),
            Values{"20000"});
}

TEST(KernelFunction, ErrorsThatDoNotCountAreDropped) {
  EXPECT_EQ(run_fallible("SELECT CASE WHEN x > 0 THEN k_fallible(x) ELSE 0::BIGINT END "
                         "FROM (VALUES (1::BIGINT), (-5)) t(x)"),
            (Values{"2", "0"}));
  EXPECT_EQ(run_fallible("SELECT CASE WHEN x > 0 THEN k_fallible(-7::BIGINT) ELSE x END "
                         "FROM (VALUES (-5::BIGINT)) t(x)"),
            Values{"-5"});
  EXPECT_EQ(run_fallible("SELECT x FROM (VALUES (-5::BIGINT), (4)) t(x) "
                         "WHERE CASE WHEN x > 0 THEN k_fallible(x) = 8 ELSE false END"),
            Values{"4"});
}

TEST(KernelFunction, NullArgumentsGiveNull) {
  auto always_one = std::make_shared<Kernel>();
  always_one->sql_name = "k_one";
  always_one->argument_types = {TypeKind::kBigint, TypeKind::kBigint};
  always_one->result_type = Type::row({{std::nullopt, TypeKind::kBigint}});
  always_one->run = [](const KernelCall& call) {
    for (size_t row = 0; row < call.num_rows; ++row) {
      call.result.children()[0].append_int64(1);
      call.result.append_row();
    }
  };
  EngineQuery query = query_for_test(
      "SELECT k_one(x, y) FROM (VALUES (1::BIGINT, 2::BIGINT), (NULL, 2), (1, NULL))"
      " t(x, y)",
      {always_one->result_type});
  query.kernels = {always_one};
  const std::vector<Column> columns = run_for_test(std::move(query));
  EXPECT_EQ(value_for_test(columns[0], 0), "(1)");
  EXPECT_EQ(value_for_test(columns[0], 1), "NULL");
  EXPECT_EQ(value_for_test(columns[0], 2), "NULL");
  EXPECT_TRUE(columns[0].children()[0].is_null(1));
}

TEST(KernelFunction, CalledOnNullSeesNulls) {
  auto is_null = std::make_shared<Kernel>();
  is_null->sql_name = "k_is_null";
  is_null->argument_types = {Type::varchar()};
  is_null->result_type = TypeKind::kBoolean;
  is_null->called_on_null = true;
  is_null->run = [](const KernelCall& call) {
    for (size_t row = 0; row < call.num_rows; ++row) {
      call.result.append_boolean(call.arguments[0]->is_null(row));
    }
  };
  EngineQuery query = query_for_test(
      "SELECT k_is_null(x), k_is_null(NULL::VARCHAR) FROM (VALUES ('a'), (NULL)) t(x)",
      {TypeKind::kBoolean, TypeKind::kBoolean});
  query.kernels = {is_null};
  const std::vector<Column> columns = run_for_test(std::move(query));
  EXPECT_FALSE(columns[0].boolean_at(0));
  EXPECT_TRUE(columns[0].boolean_at(1));
  EXPECT_TRUE(columns[1].boolean_at(0));
}

TEST(KernelFunction, WrongNumberOfValuesIsAnInternalError) {
  auto lazy = std::make_shared<Kernel>(*fallible());
  lazy->run = [](const KernelCall&) {};
  EngineQuery query = query_for_test("SELECT k_fallible(1::BIGINT)", {TypeKind::kBigint});
  query.kernels = {lazy};
  try {
    run_for_test(std::move(query));
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.full_text(),
              "GENERIC_INTERNAL_ERROR: Kernel k_fallible made 0 values for 1 rows");
  }
}

struct RoundTrip {
  Type type;
  const char* sql;
  Values values;
};

const RoundTrip kRoundTrips[] = {
    {TypeKind::kBoolean, "true, false, NULL", {"1", "0", "NULL"}},
    {TypeKind::kTinyint, "127::TINYINT, (-128)::TINYINT, NULL", {"127", "-128", "NULL"}},
    {TypeKind::kSmallint, "(-300)::SMALLINT, NULL", {"-300", "NULL"}},
    {TypeKind::kInteger, "2147483647, NULL", {"2147483647", "NULL"}},
    {TypeKind::kBigint, "(-9223372036854775808)::BIGINT", {"-9223372036854775808"}},
    {TypeKind::kReal, "1.5::FLOAT, NULL", {"1.500000", "NULL"}},
    {TypeKind::kDouble, "-2.25::DOUBLE, NULL", {"-2.250000", "NULL"}},
    {Type::decimal(4, 1), "12.5::DECIMAL(4,1), NULL", {"125", "NULL"}},
    {Type::decimal(9, 0), "(-123456789)::DECIMAL(9,0)", {"-123456789"}},
    {Type::decimal(18, 2), "1234567890123.45::DECIMAL(18,2)", {"123456789012345"}},
    {Type::decimal(38, 3), "-7.125::DECIMAL(38,3), NULL", {"-7125", "NULL"}},
    {Type::varchar(),
     "'', 'exactly 12 b', 'longer than twelve', 'ß', NULL",
     {"", "exactly 12 b", "longer than twelve", "ß", "NULL"}},
    {TypeKind::kVarbinary, "'\\xFF\\x00'::BLOB", {std::string("\xff\0", 2)}},
    {TypeKind::kDate, "DATE '1970-01-03', DATE '1969-12-31'", {"2", "-1"}},
    {Type::timestamp(3), "TIMESTAMP '1970-01-01 00:00:01.5', NULL", {"1500000", "NULL"}},
    {Type::time(9), "5::BIGINT", {"5"}},
    {Type::timestamp_with_time_zone(3),
     "{'f0': TIMESTAMP '1970-01-01 00:00:01', 'f1': 'Europe/Zurich'}, NULL",
     {"(1000000, Europe/Zurich)", "NULL"}},
    {Type::timestamp(9), "{'f0': TIMESTAMP '1970-01-01', 'f1': 7::INTEGER}", {"(0, 7)"}},
    {Type::time_with_time_zone(3), "{'f0': 8::BIGINT, 'f1': (-60)::INTEGER}", {"(8, -60)"}},
    {TypeKind::kIntervalDayToSecond, "1000::BIGINT", {"1000"}},
    {TypeKind::kUnknown, "NULL::INTEGER, NULL::INTEGER", {"NULL", "NULL"}},
    {Type::array(Type::varchar()),
     "['a', NULL, 'longer than twelve'], [], NULL, ['b']",
     {"[a, NULL, longer than twelve]", "[]", "NULL", "[b]"}},
    {Type::array(Type::array(TypeKind::kBigint)),
     "[[1::BIGINT, 2], [], NULL], NULL, [], [[3]]",
     {"[[1, 2], [], NULL]", "NULL", "[]", "[[3]]"}},
    {Type::map(Type::varchar(), TypeKind::kBigint),
     "MAP {'a': 1::BIGINT, 'b': NULL}, MAP {}, NULL",
     {"{a: 1, b: NULL}", "{}", "NULL"}},
    {Type::row({{"a", TypeKind::kBigint}, {"a", Type::array(Type::varchar())}}),
     "{'f0': 1::BIGINT, 'f1': ['x', 'y']}, NULL, {'f0': NULL, 'f1': NULL}",
     {"(1, [x, y])", "NULL", "(NULL, NULL)"}},
    {Type::array(Type::row({{"k", Type::varchar()}, {"v", Type::decimal(5, 2)}})),
     "[{'f0': 'k', 'f1': 1.25::DECIMAL(5,2)}, NULL]",
     {"[(k, 125), NULL]"}},
};

std::string unnested(const RoundTrip& trip) {
  return std::string("SELECT unnest([") + trip.sql + "]) AS x";
}

TEST(KernelFunction, ValuesOfAllTypesRoundTrip) {
  for (const RoundTrip& trip : kRoundTrips) {
    SCOPED_TRACE(trip.type.display() + ": " + trip.sql);
    const std::string from = " FROM (" + unnested(trip) + ")";
    for (const std::string& sql : {"SELECT k_identity(x)" + from, "SELECT x" + from}) {
      EngineQuery query = query_for_test(sql, {trip.type});
      query.kernels = {identity(trip.type)};
      query.ordered = true;
      const std::vector<Column> columns = run_for_test(std::move(query));
      ASSERT_EQ(columns[0].size(), trip.values.size());
      for (size_t i = 0; i < trip.values.size(); ++i) {
        EXPECT_EQ(value_for_test(columns[0], i), trip.values[i]) << i;
      }
    }
  }
}

TEST(KernelFunction, ManyRowsFilteredAndSlicedRoundTrip) {
  const Type type = Type::array(Type::row({{"a", Type::varchar()}, {"b", TypeKind::kBigint}}));
  EngineQuery query = query_for_test(
      "SELECT i, k_identity(x) FROM (SELECT i, CASE WHEN i % 5 = 0 THEN NULL ELSE "
      "[{'f0': 'value number ' || i, 'f1': i}, NULL, {'f0': NULL, 'f1': i + 1}] END AS x "
      "FROM range(20000) t(i)) WHERE i % 3 = 1",
      {TypeKind::kBigint, type});
  query.kernels = {identity(type)};
  const std::vector<Column> columns = run_for_test(std::move(query));
  ASSERT_EQ(columns[0].size(), 6667u);
  for (size_t row = 0; row < columns[0].size(); ++row) {
    const int64_t i = columns[0].int64_at(row);
    const std::string number = std::to_string(i);
    const std::string expected = i % 5 == 0 ? "NULL"
                                            : "[(value number " + number + ", " + number +
                                                  "), NULL, (NULL, " + std::to_string(i + 1) + ")]";
    ASSERT_EQ(value_for_test(columns[1], row), expected);
  }
}

TEST(KernelFunction, ConstantAndDictionaryArgumentsAreFlattened) {
  const Type type = Type::row({{"a", Type::array(TypeKind::kBigint)}, {"b", Type::varchar()}});
  EngineQuery query = query_for_test(
      "SELECT k_identity(x) FROM range(5000) t(i) JOIN (VALUES (0, {'f0': [1::BIGINT, 2], 'f1': "
      "'first of them'}), (1, {'f0': [3], 'f1': NULL})) u(k, x) ON i % 2 = k WHERE i > 10",
      {type});
  query.kernels = {identity(type)};
  const std::vector<Column> columns = run_for_test(std::move(query));
  size_t num_first = 0;
  size_t num_second = 0;
  for (size_t row = 0; row < columns[0].size(); ++row) {
    const std::string value = value_for_test(columns[0], row);
    num_first += value == "([1, 2], first of them)" ? 1 : 0;
    num_second += value == "([3], NULL)" ? 1 : 0;
  }
  EXPECT_EQ(num_first, 2494u);
  EXPECT_EQ(num_second, 2495u);
}

}  // namespace
}  // namespace trailsql
