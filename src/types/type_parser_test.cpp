#include <gtest/gtest.h>

#include "base/error.h"
#include "types/type.h"

namespace trailsql {
namespace {

std::string parsed(std::string_view text) {
  try {
    return parse_type(text).display();
  } catch (const QueryError& error) {
    return error.full_text();
  }
}

TEST(TypeParser, ReadsTrinosSpelling) {
  for (const char* text :
       {"boolean", "bigint", "decimal(5,2)", "varchar(3)", "varchar", "char(4)",
        "timestamp(6) with time zone", "time(0)", "time(3) with time zone", "array(varchar)",
        "map(varchar, array(bigint))", "row(a bigint, varchar, b row(c date))",
        "interval year to month", "interval day to second", "json", "uuid", "ipaddress"}) {
    EXPECT_EQ(parsed(text), text);
  }
  EXPECT_EQ(parsed("decimal"), "decimal(38,0)");
  EXPECT_EQ(parsed("DOUBLE PRECISION"), "double");
  EXPECT_EQ(parsed("timestamp"), "timestamp(3)");
  EXPECT_EQ(parsed("row(date date, double precision, time with time zone)"),
            "row(date date, double, time(3) with time zone)");
  EXPECT_EQ(parsed("row(\"a b\" bigint, interval day to second)"),
            "row(a b bigint, interval day to second)");
}

TEST(TypeParser, ReadsHivesSpelling) {
  EXPECT_EQ(parsed("ARRAY< STRUCT< eventName: STRING, TYPE: int, `items`: float > >"),
            "array(row(eventname varchar, type integer, items real))");
  EXPECT_EQ(parsed("map<string,binary>"), "map(varchar, varbinary)");
  EXPECT_EQ(parsed("struct<a:decimal,b:array<struct<c:timestamp>>>"),
            "row(a decimal(10,0), b array(row(c timestamp(3))))");
}

TEST(TypeParser, ExplainsMistakes) {
  EXPECT_EQ(parsed("foo"), "TYPE_NOT_FOUND: Unknown type: foo");
  EXPECT_EQ(parsed("array(bigint"), "SYNTAX_ERROR: 'array(bigint' is not a type");
  EXPECT_EQ(parsed("array<bigint)"), "SYNTAX_ERROR: 'array<bigint)' is not a type");
  EXPECT_EQ(parsed(""), "SYNTAX_ERROR: '' is not a type");
  EXPECT_EQ(parsed("bigint bigint"), "SYNTAX_ERROR: 'bigint bigint' is not a type");
  EXPECT_EQ(parsed("decimal(39)"),
            "INVALID_FUNCTION_ARGUMENT: DECIMAL precision must be in range [1, 38]: 39");
  std::string deep;
  for (int i = 0; i < 600; ++i) deep += "array(";
  EXPECT_EQ(parsed(deep + "bigint" + std::string(600, ')')),
            "NOT_SUPPORTED: Types nest deeper than 500 levels");
}

}  // namespace
}  // namespace trailsql
