// Runs kernels on single values. What is expected was asked from Trino 476.
#include <gtest/gtest.h>

#include "functions/kernel_for_test.h"

namespace trailsql {
namespace {

TestValue number(int64_t value) { return {"bigint", std::to_string(value)}; }
TestValue stamp(std::string value) { return {"timestamp(3)", std::move(value)}; }
TestValue zoned(std::string value) { return {"timestamp(3) with time zone", std::move(value)}; }
TestValue day(std::string value) { return {"date", std::move(value)}; }
TestValue null_of(std::string type) { return {std::move(type), std::nullopt}; }

TEST(Arithmetic, IntegersOverflowWithTheirOperands) {
  EXPECT_EQ(run_function("$add", {number(1), number(9223372036854775807)}),
            "NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow: 1 + 9223372036854775807");
  EXPECT_EQ(run_function("$multiply", {{"tinyint", "127"}, {"tinyint", "2"}}),
            "NUMERIC_VALUE_OUT_OF_RANGE: tinyint multiplication overflow: 127 * 2");
  EXPECT_EQ(run_function("$divide", {number(-7), number(2)}), "-3");
  EXPECT_EQ(run_function("$modulus", {number(-5), number(3)}), "-2");
  EXPECT_EQ(run_function("$divide", {number(1), number(0)}), "DIVISION_BY_ZERO: Division by zero");
  EXPECT_EQ(run_function("$divide", {{"double", "1"}, {"double", "0"}}), "Infinity");
}

TEST(Arithmetic, DecimalsRoundHalfUp) {
  EXPECT_EQ(run_function("$divide", {{"decimal(2,1)", "1.0"}, {"decimal(2,1)", "3.0"}}), "0.3");
  EXPECT_EQ(run_function("$divide", {{"decimal(2,1)", "2.0"}, {"decimal(2,1)", "3.0"}}), "0.7");
  EXPECT_EQ(run_function("$divide", {{"decimal(2,1)", "1.0"}, {"decimal(2,1)", "0.0"}}),
            "DIVISION_BY_ZERO: Division by zero");
  EXPECT_EQ(run_function("$add", {{"decimal(38,0)", std::string(38, '9')}, {"decimal(38,0)", "1"}}),
            "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow");
  EXPECT_EQ(run_function("$modulus", {{"decimal(2,1)", "5.5"}, {"decimal(1,0)", "2"}}), "1.5");
  EXPECT_EQ(run_function("mod", {{"decimal(2,1)", "5.5"}, {"decimal(1,0)", "2"}}), "1.5");
  // The sum passes 2^127, not only 38 digits.
  EXPECT_EQ(run_function("$add", {{"decimal(38,0)", "16" + std::string(36, '0')},
                                  {"decimal(38,1)", std::string(37, '9') + ".9"}}),
            "NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow");
}

TEST(Comparison, FollowsTrinoForNaNAndNulls) {
  EXPECT_EQ(run_function("$equal", {{"double", "NaN"}, {"double", "NaN"}}), "false");
  EXPECT_EQ(run_function("$less", {{"double", "NaN"}, {"double", "1"}}), "false");
  const TestValue with_null = {"row(a bigint, b bigint)", "[1,null]"};
  EXPECT_EQ(run_function("$equal", {with_null, with_null}), "NULL");
  EXPECT_EQ(run_function("$equal", {with_null, {"row(a bigint, b bigint)", "[2,null]"}}), "false");
  EXPECT_EQ(run_function("$distinct", {with_null, with_null}), "false");
  EXPECT_EQ(run_function("$equal", {{"array(bigint)", "[1,2]"}, {"array(bigint)", "[1,2]"}}),
            "true");
}

TEST(Subscript, ExplainsWhatIsOutOfRange) {
  const TestValue array = {"array(bigint)", "[1,2]"};
  EXPECT_EQ(run_function("$subscript", {array, number(2)}), "2");
  EXPECT_EQ(run_function("$subscript", {array, number(5)}),
            "INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array "
            "length: 5 > 2");
  EXPECT_EQ(run_function("$subscript", {array, number(0)}),
            "INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1");
  EXPECT_EQ(run_function("$subscript", {array, number(-1)}),
            "INVALID_FUNCTION_ARGUMENT: Array subscript is negative: -1");
  EXPECT_EQ(run_function("$subscript", {{"map(varchar,bigint)", R"({"a":1})"}, text("x")}),
            "INVALID_FUNCTION_ARGUMENT: Key not present in map: x");
}

TEST(Like, EscapesOneCharacter) {
  EXPECT_EQ(run_function("$like", {text("a%"), text("ax%"), text("x")}), "true");
  EXPECT_EQ(run_function("$like", {text("abcbd"), text("a%b_"), text("x")}), "true");
  EXPECT_EQ(run_function("$like", {text("abcb"), text("a%c"), text("x")}), "false");
  EXPECT_EQ(run_function("$like", {text("a"), text("b"), text("xx")}),
            "INVALID_FUNCTION_ARGUMENT: Escape string must be a single character");
}

TEST(Strings, CountCharacters) {
  EXPECT_EQ(run_function("substr", {text("héllo"), number(2), number(3)}), "éll");
  EXPECT_EQ(run_function("substr", {text("abc"), number(0)}), "");
  EXPECT_EQ(run_function("substr", {text("abc"), number(-2)}), "bc");
  EXPECT_EQ(run_function("substr", {text("abc"), number(-5)}), "");
  EXPECT_EQ(run_function("upper", {text("ß")}), "ß");
  EXPECT_EQ(run_function("split", {text("a,b,,c"), text(",")}), "[a, b, , c]");
  EXPECT_EQ(run_function("split_part", {text("a-b-c"), text("-"), number(2)}), "b");
  EXPECT_EQ(run_function("split_part", {text("a-b"), text("-"), number(5)}), "NULL");
  EXPECT_EQ(run_function("strpos", {text("abcb"), text("b"), number(-1)}), "4");
  EXPECT_EQ(run_function("strpos", {text("abcb"), text("b"), number(2)}), "4");
  EXPECT_EQ(run_function("lpad", {text("abc"), number(5), text("xy")}), "xyabc");
  EXPECT_EQ(run_function("rpad", {text("abc"), number(6), text("xy")}), "abcxyx");
  EXPECT_EQ(run_function("concat_ws", {text(","), text("a"), null_of("varchar"), text("b")}),
            "a,b");
  EXPECT_EQ(run_function("replace", {text("abc"), text(""), text("-")}), "-a-b-c-");
  EXPECT_EQ(run_function("trim", {text(" \ta\n")}), "a");
  EXPECT_EQ(run_function("reverse", {text("héy")}), "yéh");
}

TEST(Regexps, FollowJava) {
  EXPECT_EQ(run_function("regexp_like", {text("abc"), text("b.")}), "true");
  EXPECT_EQ(run_function("regexp_extract", {text("abc"), text("(b)(c)"), number(2)}), "c");
  EXPECT_EQ(run_function("regexp_extract", {text("abc"), text("(x)?b"), number(1)}), "NULL");
  EXPECT_EQ(run_function("regexp_extract", {text("abc"), text("(b)"), number(2)}),
            "INVALID_FUNCTION_ARGUMENT: Pattern has 1 groups. Cannot access group 2");
  EXPECT_EQ(run_function("regexp_replace", {text("abc"), text("(?<n>b)"), text("<${n}>")}),
            "a<b>c");
  EXPECT_EQ(run_function("regexp_replace", {text("aXbX"), text("X"), text("\\$")}), "a$b$");
  EXPECT_EQ(run_function("regexp_replace", {text("abc"), text(""), text("-")}), "-a-b-c-");
  EXPECT_EQ(run_function("regexp_replace", {text("abc"), text("b"), text("$2")}),
            "INVALID_FUNCTION_ARGUMENT: Illegal replacement sequence: unknown group 2");
  EXPECT_EQ(run_function("regexp_split", {text("a1b22c"), text("\\d+")}), "[a, b, c]");
  EXPECT_EQ(run_function("regexp_count", {text("abc"), text("")}), "4");
  EXPECT_EQ(run_function("regexp_position", {text("abcb"), text("b"), {"integer", "3"}}), "4");
  EXPECT_EQ(run_function("regexp_like", {text("abab"), text("(ab)\\1")}), "true");
  EXPECT_EQ(run_function("regexp_like", {text("xb"), text("(?<!x)b")}), "false");
  EXPECT_EQ(run_function("regexp_like", {text("ABC"), text("^\\p{Lower}+$")}), "false");
}

TEST(Json, ExtractsAsFarAsItMust) {
  const TestValue json = text(R"({"a":{"b":[1,2,{"c":"x"}]},"n":1.50})");
  EXPECT_EQ(run_function("json_extract", {json, text("$.a.b[2].c")}), "\"x\"");
  EXPECT_EQ(run_function("json_extract_scalar", {json, text("$.a.b[2].c")}), "x");
  EXPECT_EQ(run_function("json_extract_scalar", {json, text("$.n")}), "1.50");
  EXPECT_EQ(run_function("json_extract_scalar", {json, text("$.a")}), "NULL");
  EXPECT_EQ(run_function("json_extract_scalar", {text(R"({"a":1)"), text("$.a")}), "1");
  EXPECT_EQ(run_function("json_extract", {text(R"({"a":null})"), text("$.a")}), "null");
  EXPECT_EQ(run_function("json_extract", {text(R"({"a":  {"z":1,"b" : 2.50}})"), text("$.a")}),
            R"({"z":1,"b":2.5})");
  EXPECT_EQ(run_function("json_extract", {json, text("$.a[*]")}),
            "INVALID_FUNCTION_ARGUMENT: Invalid JSON path: '$.a[*]'");
  EXPECT_EQ(run_function("json_parse", {text(R"({"b":1,"a":  [1, 2.0, 1e3 ]})")}),
            R"({"a":[1,2.0,1000.0],"b":1})");
  EXPECT_EQ(run_function("json_parse", {text("[1,]")}),
            "INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: '[1,]'");
  EXPECT_EQ(run_function("json_array_length", {text("[1,2,3]")}), "3");
  EXPECT_EQ(run_function("json_array_length", {text("{}")}), "NULL");
  EXPECT_EQ(run_function("json_array_get", {text(R"([1,"a"])"), number(-1)}), "a");
  EXPECT_EQ(run_function("json_array_contains", {text("[1,2"), number(1)}), "true");
  EXPECT_EQ(run_function("json_size", {json, text("$.a.b")}), "3");
}

TEST(Dates, TruncateAddAndDiffer) {
  EXPECT_EQ(run_function("date_trunc", {text("week"), day("2020-01-01")}), "2019-12-30");
  EXPECT_EQ(run_function("date_trunc", {text("hour"), day("2020-01-01")}),
            "INVALID_FUNCTION_ARGUMENT: 'hour' is not a valid DATE field");
  EXPECT_EQ(run_function("date_trunc", {text("day"), zoned("2020-01-01 10:30 America/New_York")}),
            "2020-01-01 00:00:00.000 America/New_York");
  EXPECT_EQ(run_function("date_add", {text("month"), number(1), stamp("2020-01-31")}),
            "2020-02-29 00:00:00.000");
  EXPECT_EQ(run_function("date_diff", {text("month"), day("2020-01-31"), day("2020-02-29")}), "1");
  EXPECT_EQ(
      run_function("date_diff", {text("day"), stamp("2020-01-02"), stamp("2020-01-01 01:00")}),
      "0");
  EXPECT_EQ(run_function("hour", {zoned("2020-01-05 15:04:05.123 America/New_York")}), "15");
  EXPECT_EQ(
      run_function("at_timezone", {zoned("2020-01-05 15:04:05 UTC"), text("America/New_York")}),
      "2020-01-05 10:04:05.000 America/New_York");
  EXPECT_EQ(run_function("at_timezone", {zoned("2020-01-05 15:04:05 UTC"), text("+-5")}),
            "INVALID_FUNCTION_ARGUMENT: '+-5' is not a valid time zone");
  EXPECT_EQ(run_function("from_unixtime", {{"double", "1.5"}}), "1970-01-01 00:00:01.500 UTC");
  EXPECT_EQ(run_function("from_unixtime", {number(0), text("America/New_York")}),
            "1969-12-31 19:00:00.000 America/New_York");
  EXPECT_EQ(run_function("year_of_week", {zoned("2021-01-01 UTC")}), "2020");
}

TEST(DateTexts, FollowMySqlJodaAndIso) {
  EXPECT_EQ(run_function("date_format", {stamp("2020-01-05 15:04:05.123"),
                                         text("%Y-%m-%d %H:%i:%s.%f %a %b %c %e %h %I %j %k %l %M "
                                              "%p %r %S %T %v %W %x %y %%")}),
            "2020-01-05 15:04:05.123000 Sun Jan 1 5 03 03 005 15 3 January PM 03:04:05 PM 05 "
            "15:04:05 01 Sunday 2020 20 %");
  EXPECT_EQ(run_function("date_format", {stamp("2020-01-05"), text("%D")}),
            "INVALID_FUNCTION_ARGUMENT: %D not supported in date format string");
  EXPECT_EQ(run_function("date_parse", {text("05/Jan/2020 3PM"), text("%d/%b/%Y %l%p")}),
            "2020-01-05 15:00:00.000");
  EXPECT_EQ(run_function("date_parse", {text("2020-01-05 x"), text("%Y-%m-%d")}),
            "INVALID_FUNCTION_ARGUMENT: Invalid format: \"2020-01-05 x\" is malformed at \" x\"");
  EXPECT_EQ(run_function("parse_datetime",
                         {text("2020-01-05T15:04:05Z"), text("yyyy-MM-dd'T'HH:mm:ssZ")}),
            "2020-01-05 15:04:05.000 UTC");
  EXPECT_EQ(run_function("parse_datetime",
                         {text("05 Jan 2020 03:04 PM +0200"), text("dd MMM yyyy hh:mm a Z")}),
            "2020-01-05 15:04:00.000 +02:00");
  EXPECT_EQ(run_function("format_datetime", {zoned("2020-01-05 15:04:05 America/New_York"),
                                             text("Z ZZ ZZZ G C YY y EEE e 'T'''")}),
            "-0500 -05:00 America/New_York AD 20 20 2020 Sun 7 T'");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("2020-01-01T10:00:00Z")}),
            "2020-01-01 10:00:00.000 UTC");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("2020-01-01T10:00:00.123456+02:00")}),
            "2020-01-01 10:00:00.123 +02:00");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("2020-W01-1")}),
            "2019-12-30 00:00:00.000 UTC");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("2020-001")}),
            "2020-01-01 00:00:00.000 UTC");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("2020-01-01 10:00:00")}),
            "INVALID_FUNCTION_ARGUMENT: Invalid format: \"2020-01-01 10:00:00\" is malformed at "
            "\" 10:00:00\"");
  EXPECT_EQ(run_function("from_iso8601_date", {text("2020-123")}), "2020-05-02");
  EXPECT_EQ(run_function("to_iso8601", {zoned("2020-01-01 10:00:00 +02:00")}),
            "2020-01-01T10:00:00.000+02:00");
}

TEST(Intervals, MoveDates) {
  // An interval has no cast from text; differences make them.
  EXPECT_EQ(run_function("$subtract", {day("2020-01-03"), day("2020-01-01")}), "2 00:00:00.000");
  EXPECT_EQ(run_function("$subtract", {stamp("2020-01-03"), stamp("2020-01-01 12:00")}),
            "1 12:00:00.000");
}

TEST(Arrays, TreatNullAsAnElementOfSets) {
  const TestValue array = {"array(bigint)", "[2,1,null,2]"};
  EXPECT_EQ(run_function("array_distinct", {array}), "[2, 1, null]");
  EXPECT_EQ(run_function("array_sort", {array}), "[1, 2, 2, null]");
  EXPECT_EQ(run_function("contains", {array, number(1)}), "true");
  EXPECT_EQ(run_function("contains", {array, number(9)}), "NULL");
  EXPECT_EQ(run_function("array_max", {array}), "NULL");
  EXPECT_EQ(run_function("array_join", {array, text(",")}), "2,1,2");
  EXPECT_EQ(run_function("array_join", {array, text(","), text("?")}), "2,1,?,2");
  EXPECT_EQ(run_function("element_at", {array, number(-1)}), "2");
  EXPECT_EQ(run_function("element_at", {array, number(9)}), "NULL");
  EXPECT_EQ(run_function("slice", {array, number(-3), number(2)}), "[1, null]");
  EXPECT_EQ(run_function("concat", {array, {"array(bigint)", "[7]"}}), "[2, 1, null, 2, 7]");
  EXPECT_EQ(run_function("concat", {number(0), {"array(bigint)", "[7]"}}), "[0, 7]");
  EXPECT_EQ(run_function("sequence", {number(1), number(4)}), "[1, 2, 3, 4]");
  EXPECT_EQ(run_function("sequence", {number(3), number(1)}), "[3, 2, 1]");
  EXPECT_EQ(run_function("map_keys", {{"map(varchar,bigint)", R"({"a":1})"}}), "[a]");
  EXPECT_EQ(run_function("map", {{"array(varchar)", R"(["b","a"])"}, {"array(bigint)", "[1,2]"}}),
            "{a=2, b=1}");
}

TEST(Math, RoundsAsTrino) {
  EXPECT_EQ(run_function("round", {{"double", "-2.5"}}), "-3.0");
  EXPECT_EQ(run_function("round", {{"double", "2.567"}, {"integer", "2"}}), "2.57");
  EXPECT_EQ(run_function("round", {{"decimal(4,3)", "2.567"}, {"integer", "2"}}), "2.570");
  EXPECT_EQ(run_function("round", {{"decimal(2,1)", "2.5"}}), "3");
  EXPECT_EQ(run_function("floor", {{"decimal(2,1)", "-1.2"}}), "-2");
  EXPECT_EQ(run_function("abs", {{"integer", "-2147483648"}}),
            "NUMERIC_VALUE_OUT_OF_RANGE: Value -2147483648 is out of range for abs(integer)");
  EXPECT_EQ(run_function("greatest", {{"double", "NaN"}, {"double", "1"}}), "1.0");
  EXPECT_EQ(run_function("greatest", {number(1), null_of("bigint")}), "NULL");
  EXPECT_EQ(run_function("to_base", {number(255), number(16)}), "ff");
  EXPECT_EQ(run_function("from_base", {text("+ff"), number(16)}), "255");
  EXPECT_EQ(run_function("from_base", {text(" ff"), number(16)}),
            "INVALID_FUNCTION_ARGUMENT: Not a valid base-16 number:  ff");
}

TEST(Binary, EncodesAndDigests) {
  EXPECT_EQ(run_function("to_hex", {{"varbinary", "ab"}}), "6162");
  EXPECT_EQ(run_function("to_base64", {{"varbinary", "abcd"}}), "YWJjZA==");
  EXPECT_EQ(run_function("from_base64", {text("YWJjZA==")}), "61 62 63 64");
  EXPECT_EQ(run_function("md5", {{"varbinary", ""}}),
            "d4 1d 8c d9 8f 00 b2 04 e9 80 09 98 ec f8 42 7e");
  EXPECT_EQ(run_function("from_hex", {text("6")}),
            "INVALID_FUNCTION_ARGUMENT: invalid input length 1");
}

TEST(Urls, AreTakenApart) {
  const TestValue url = text("http://u:p@a.b:80/x%20/y?q=1&r=a%20b#f");
  EXPECT_EQ(run_function("url_extract_host", {url}), "a.b");
  EXPECT_EQ(run_function("url_extract_port", {url}), "80");
  EXPECT_EQ(run_function("url_extract_path", {url}), "/x /y");
  EXPECT_EQ(run_function("url_extract_parameter", {url, text("r")}), "a b");
  EXPECT_EQ(run_function("url_extract_host", {text("http://a b")}), "NULL");
  EXPECT_EQ(run_function("url_encode", {text("a b/ü*~")}), "a+b%2F%C3%BC*%7E");
  EXPECT_EQ(run_function("contains", {text("10.0.0.0/8"), {"ipaddress", "10.1.2.3"}}), "true");
  EXPECT_EQ(run_function("contains", {text("10.0.0.0/8"), {"ipaddress", "11.1.2.3"}}), "false");
}

}  // namespace
}  // namespace trailsql
