// What each declared type makes of a value. Expectations were asked from Trino 476.
#include <gtest/gtest.h>

#include "scan/scan_fixture.h"

namespace trailsql {
namespace {

// The value of {"v": text} in a column of that type.
std::string convert(const std::string& type, const std::string& json,
                    std::map<std::string, std::string> properties = {}) {
  ScanOrder order;
  order.table = {{"v", type}};
  order.properties = std::move(properties);
  const auto rows = rows_of("{\"v\":" + json + "}", order);
  if (rows.size() != 1) return "?";
  if (!rows[0].starts_with('[')) return rows[0];
  return rows[0].substr(1, rows[0].size() - 2);
}

struct Example {
  const char* json;
  const char* expected;
};

TEST(ValueConversion, Strings) {
  const Example kExamples[] = {
      {"1e3", "\"1E+3\""},
      {"-0", "\"0\""},
      {"-0.0", "\"0.0\""},
      {"1.50", "\"1.50\""},
      {"1E+20", "\"1E+20\""},
      {"1e-5", "\"0.00001\""},
      {"1e-7", "\"1E-7\""},
      {"08", "\"8\""},
      {"0X1f", "\"31\""},
      {"1e99999", "\"1E+99999\""},
      {"1e9999999999999", "\"1e9999999999999\""},
      {"1.", "\"1\""},
      {"tRue", "\"true\""},
      {"abc", "\"abc\""},
      {"NULL", "null"},
      {"\"<\\/a>\"", "\"</a>\""},
      {"[tRue,0x1F,010,1e5,abc,'q',,]", "\"[true,31,8,1E+5,\\\"abc\\\",\\\"q\\\",null,null]\""},
      {"{\"x\":\"</a> \\u0001\"}", "\"{\\\"x\\\":\\\"<\\\\/a> \\\\u0001\\\"}\""},
      {"{\"tag\":1,\"Tag\":2,\"b\":3}", "\"{\\\"Tag\\\":2,\\\"b\\\":3}\""},
      {"{\"a\":1,\"b\":2,\"A\":3}", "\"{\\\"b\\\":2,\\\"A\\\":3}\""},
      {"\"\\ud83d\\ude00 \\ud83d x \\a\\v\\x\\u+041\"", "\"😀 ? x \\u0007\\txA\""},
  };
  for (const Example& example : kExamples)
    EXPECT_EQ(convert("string", example.json), example.expected) << example.json;
}

TEST(ValueConversion, BoundedText) {
  EXPECT_EQ(convert("varchar(3)", "\"ééééé\""), "\"ééé\"");
  EXPECT_EQ(convert("varchar(3)", "{\"abc\":1}"), "\"{\\\"a\"");
  EXPECT_EQ(convert("char(4)", "\"ab   \""), "\"ab\"");
  EXPECT_EQ(convert("char(4)", "\"abcdefg\""), "\"abcd\"");
}

TEST(ValueConversion, Integers) {
  const Example kExamples[] = {
      {"\"12\"", "12"},
      {"1.9", "1"},
      {"-1.9", "-1"},
      {"1e3", "1000"},
      {"0x1F", "31"},
      {"\"010\"", "8"},
      {"\"-010\"", "-10"},
      {"+5", "5"},
      {"9223372036854775807.9", "9223372036854775807"},
      {"9223372036854775808", "null"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"1e99999", "null"},
      {"1e-9999999", "0"},
      {"\"\"", "null"},
      {"\" 5\"", "null"},
      {"\"1_000\"", "null"},
      {"true", "null"},
  };
  for (const Example& example : kExamples)
    EXPECT_EQ(convert("bigint", example.json), example.expected) << example.json;
  EXPECT_EQ(convert("tinyint", "127"), "127");
  EXPECT_EQ(convert("tinyint", "128"), "null");
  EXPECT_EQ(convert("smallint", "32768"), "null");
  EXPECT_EQ(convert("int", "2147483648"), "null");
}

TEST(ValueConversion, FloatingAndDecimal) {
  EXPECT_EQ(convert("double", "\" 1.5 \""), "1.5");
  EXPECT_EQ(convert("double", "\"1.5d\""), "1.5");
  EXPECT_EQ(convert("double", "\"0x1p3\""), "8");
  EXPECT_EQ(convert("double", "\"1e400\""), "inf");
  EXPECT_EQ(convert("double", "\"1e-400\""), "0");
  EXPECT_EQ(convert("double", "NaN"), "nan");
  EXPECT_EQ(convert("double", "\"nan\""), "null");
  EXPECT_EQ(convert("double", "\"-Infinity\""), "-inf");
  EXPECT_EQ(convert("double", "\"inf\""), "null");
  EXPECT_EQ(convert("double", "\"0x1F\""), "null");
  EXPECT_EQ(convert("double", "\".\""), "null");
  EXPECT_EQ(convert("float", "\"3.4028236e38\""), "inf");
  EXPECT_EQ(convert("float", "0.1"), "0.10000000149011612");
  EXPECT_EQ(convert("decimal(5,2)", "\"1.005\""), "101");
  EXPECT_EQ(convert("decimal(5,2)", "\"-1.005\""), "-101");
  EXPECT_EQ(convert("decimal(5,2)", "\"999.995\""), "null");
  EXPECT_EQ(convert("decimal(5,2)", "999.994"), "99999");
  EXPECT_EQ(convert("decimal(5,2)", "\"1e2\""), "10000");
  EXPECT_EQ(convert("decimal(5,2)", "\"1e-9\""), "0");
  EXPECT_EQ(convert("decimal(5,2)", "\"1,5\""), "null");
}

TEST(ValueConversion, Booleans) {
  EXPECT_EQ(convert("boolean", "\"TRUE\""), "true");
  EXPECT_EQ(convert("boolean", "1"), "false");
  EXPECT_EQ(convert("boolean", "{\"a\":1}"), "false");
  EXPECT_EQ(convert("boolean", "[true]"), "false");
  EXPECT_EQ(convert("boolean", "null"), "null");
}

TEST(ValueConversion, Timestamps) {
  const Example kExamples[] = {
      {"\"2014-08-01T12:00:00Z\"", "1406894400000000"},
      {"\"2014-08-01t12:00:00z\"", "1406894400000000"},
      {"\"2014-08-01 12:00:00Z\"", "null"},
      {"\"2014-08-01T12:00:00+02:00\"", "1406887200000000"},
      {"\"2014-08-01T12:00:00+0230\"", "1406885400000000"},
      {"\"2014-08-01T12:00:00+02\"", "null"},
      {"\"2014-08-01T12:00\"", "1406894400000000"},
      {"\"2014-08-01\"", "null"},
      {"\"2014-08-01 12:00\"", "null"},
      {"\"2014-08-01 12:00:00.9996\"", "1406894401000000"},
      {"1406894400.1239", "1406894400123000"},
      {"1406894400123", "1406894400123000"},
      {"-1", "-1000000"},
      {"\"  2014-08-01 12:00:00 \"", "1406894400000000"},
      {"\"2014-13-45 25:61:61\"", "1423965721000000"},
      {"\"2014-08-01T24:00:00Z\"", "1406937600000000"},
      {"\"2014-08-01T12:00:00.Z\"", "1406894400000000"},
      {"\"2014-08-01 12:00:00.1234567899\"", "null"},
      {"\"1.5.5\"", "null"},
      {"\"12:00:00\"", "null"},
  };
  for (const Example& example : kExamples)
    EXPECT_EQ(convert("timestamp", example.json), example.expected) << example.json;
  const std::map<std::string, std::string> formats{
      {"timestamp.formats", "dd/MM/yyyy HH:mm:ss,yyyy-MM-dd'T'HH:mm:ss.SZ"}};
  EXPECT_EQ(convert("timestamp", "\"01/08/2014 12:30:01\"", formats), "1406896201000000");
  EXPECT_EQ(convert("timestamp", "\"01/8/2014 12:30:01\"", formats), "null");
  EXPECT_EQ(convert("timestamp", "\"2014-08-01T12:00:00.5+0200\"", formats), "1406887200500000");
  EXPECT_EQ(convert("timestamp", "\"2014-08-01T12:00:00Z\"", formats), "1406894400000000");
}

TEST(ValueConversion, Dates) {
  const Example kExamples[] = {
      {"\"2014-08-01\"", "16283"},
      {"\"2014-08-01T12:00\"", "16283"},
      {"\"2014-08-01 12:00\"", "16283"},
      {"\"2014-13-45\"", "16480"},
      {"\"2014--1-01\"", "16010"},
      {"16283", "16283"},
      {"\"0x10\"", "16"},
      {"\"010\"", "8"},
      {"\"1e3\"", "null"},
      {"\"+2014-08-01\"", "null"},
      {"\"99999-01-01\"", "null"},
      {"\"\"", "null"},
  };
  for (const Example& example : kExamples)
    EXPECT_EQ(convert("date", example.json), example.expected) << example.json;
}

TEST(ValueConversion, NestedValues) {
  EXPECT_EQ(convert("array<string>", "[1,[2,\"x\"],{\"b\":1}]"),
            "[\"1\",\"[2,\\\"x\\\"]\",\"{\\\"b\\\":1}\"]");
  EXPECT_EQ(convert("array<string>", "5"), "[\"5\"]");
  EXPECT_EQ(convert("array<string>", "\"\""), "null");
  EXPECT_EQ(convert("struct<a:struct<x:bigint,y:bigint>>", "[[1,2]]"), "[[1,2]]");
  EXPECT_EQ(convert("struct<a:bigint>", "\"  \""), "[null]");
  EXPECT_EQ(convert("map<bigint,string>", "{\"1\":2,\"01\":3,\"x\":4,\"1.0\":5}"), "[1]->[\"5\"]");
  EXPECT_EQ(convert("map<double,bigint>", "{\"0\":1,\"NaN\":2,\"-0\":3,\" NaN\":4}"),
            "[nan,-0,nan]->[2,3,4]");
  EXPECT_EQ(convert("map<varchar(1),bigint>", "{\"ab\":1,\"ac\":2}"), "[\"a\"]->[2]");
  EXPECT_EQ(convert("map<string,string>", "{\"K\":1,\"k\":2,\"n\":3}"),
            "[\"k\",\"n\"]->[\"2\",\"3\"]");
  EXPECT_EQ(convert("map<string,string>", "\" \""), "null");
  EXPECT_EQ(convert("binary", "\"AAE\""), json_string(std::string_view("\0\1", 2)));
}

TEST(ValueConversion, WhatCannotBeCoercedEndsTheQuery) {
  const std::pair<std::string, const char*> kExamples[] = {
      {"bigint", "{}"},           {"int", "[]"},
      {"double", "{\"a\":1}"},    {"struct<a:bigint>", "5"},
      {"map<string,int>", "[1]"}, {"binary", "1"},
      {"timestamp", "[]"},        {"binary", "\"!\""},
  };
  const char* const kReasons[] = {
      "EmptyMap can not be coerced to a BIGINT",
      "UnmodifiableRandomAccessList can not be coerced to an INTEGER",
      "UnmodifiableMap can not be coerced to a DOUBLE",
      "Primitive can not be coerced to a ROW",
      "UnmodifiableRandomAccessList can not be coerced to a MAP",
      "Unquoted JSON string is not allowed for VARBINARY",
      "UnmodifiableRandomAccessList can not be coerced to a timestamp(3)",
      "Illegal base64 character 21",
  };
  for (size_t i = 0; i < std::size(kReasons); ++i) {
    const auto& [type, json] = kExamples[i];
    const std::string answer = convert(type, json, {{"ignore.malformed.json", "true"}});
    EXPECT_TRUE(answer.starts_with("ERROR: HIVE_CURSOR_ERROR: ")) << answer;
    EXPECT_NE(answer.find(kReasons[i]), std::string::npos) << answer;
    EXPECT_NE(answer.find("s3://bucket/prefix/f.json, line 1"), std::string::npos) << answer;
    EXPECT_EQ(convert(type, json, {{"use.null.for.invalid.data", "TRUE"}}), "null");
  }
}

}  // namespace
}  // namespace trailsql
