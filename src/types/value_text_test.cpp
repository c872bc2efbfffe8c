#include "types/value_text.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

std::string text_of(const Column& column) {
  std::string out;
  append_text(out, column, 0);
  return out;
}
std::string json_of(const Column& column) {
  std::string out;
  append_protocol_json(out, column, 0);
  return out;
}
std::string java(double value) {
  std::string out;
  append_java_double(out, value);
  return out;
}
std::string decimal(int128_t unscaled, int scale) {
  std::string out;
  append_decimal(out, unscaled, scale);
  return out;
}

TEST(ValueText, PrintsDoublesAsJava) {
  EXPECT_EQ(java(1), "1.0");
  EXPECT_EQ(java(0.1), "0.1");
  EXPECT_EQ(java(1e20), "1.0E20");
  EXPECT_EQ(java(1e7), "1.0E7");
  EXPECT_EQ(java(9999999), "9999999.0");
  EXPECT_EQ(java(1e-7), "1.0E-7");
  EXPECT_EQ(java(0.001), "0.001");
  EXPECT_EQ(java(123456.789), "123456.789");
  EXPECT_EQ(java(-0.0), "-0.0");
  EXPECT_EQ(java(-std::numeric_limits<double>::infinity()), "-Infinity");
}

TEST(ValueText, PrintsDecimals) {
  EXPECT_EQ(decimal(-5, 2), "-0.05");
  EXPECT_EQ(decimal(150, 2), "1.50");
  EXPECT_EQ(decimal(7, 0), "7");
  EXPECT_EQ(decimal(0, 3), "0.000");
}

TEST(ValueText, PrintsTimes) {
  Column stamp(Type::timestamp(3));
  stamp.append_int64(-1);
  EXPECT_EQ(text_of(stamp), "1969-12-31 23:59:59.999");
  Column precise(Type::timestamp(11));
  precise.children()[0].append_int64(-1);
  precise.children()[1].append_int64(123'450);
  precise.append_row();
  EXPECT_EQ(text_of(precise), "1969-12-31 23:59:59.99999912345");
  Column zoned(Type::timestamp_with_time_zone(3));
  zoned.children()[0].append_int64(1577872800000000);
  zoned.children()[1].append_string("America/New_York");
  zoned.append_row();
  EXPECT_EQ(text_of(zoned), "2020-01-01 05:00:00.000 America/New_York");
  EXPECT_EQ(json_of(zoned), "\"2020-01-01 05:00:00.000 America/New_York\"");
  std::string out;
  append_date(out, 10957);
  EXPECT_EQ(out, "2000-01-01");
  out.clear();
  append_year_month_interval(out, -13);
  EXPECT_EQ(out, "-1-1");
  out.clear();
  append_day_second_interval(out, -90061001);
  EXPECT_EQ(out, "-1 01:01:01.001");
}

TEST(ValueText, PrintsNestedValues) {
  Column array(Type::array(TypeKind::kBigint));
  array.children()[0].append_int64(1);
  array.children()[0].append_null();
  array.append_list();
  EXPECT_EQ(text_of(array), "[1, null]");
  EXPECT_EQ(json_of(array), "[1,null]");
  Column row(parse_type("row(a varchar, double)"));
  row.children()[0].append_string("x\"");
  row.children()[1].append_double(std::numeric_limits<double>::infinity());
  row.append_row();
  EXPECT_EQ(text_of(row), "{a=x\", Infinity}");
  EXPECT_EQ(json_of(row), "[\"x\\\"\",\"Infinity\"]");
  Column map(parse_type("map(bigint, varchar)"));
  map.children()[0].append_int64(7);
  map.children()[1].append_string("v");
  map.append_list();
  EXPECT_EQ(text_of(map), "{7=v}");
  EXPECT_EQ(json_of(map), "{\"7\":\"v\"}");
}

TEST(ValueText, PrintsBytesAndPadding) {
  Column bytes(TypeKind::kVarbinary);
  bytes.append_string("12");
  EXPECT_EQ(text_of(bytes), "31 32");
  EXPECT_EQ(json_of(bytes), "\"MTI=\"");
  Column padded(Type::character(4));
  padded.append_string("é");
  EXPECT_EQ(text_of(padded), "é   ");
  Column address(TypeKind::kIpAddress);
  address.append_string(std::string(15, '\0') + "\1");
  EXPECT_EQ(text_of(address), "::1");
}

}  // namespace
}  // namespace trailsql
