// Operators and functions of dates, timestamps and intervals. Expected values are those of Trino
// 476.
#include <gtest/gtest.h>

#include "functions/kernel_for_test.h"

namespace trailsql {
namespace {

TestValue date(std::string value) { return {"date", std::move(value)}; }
TestValue fine_stamp(std::string value) { return {"timestamp(9)", std::move(value)}; }
TestValue seconds(std::string value) { return {"timestamp(0)", std::move(value)}; }
TestValue fine_zoned(std::string value) {
  return {"timestamp(9) with time zone", std::move(value)};
}
TestValue number(std::string value) { return {"double", std::move(value)}; }

TEST(TimestampFunctionsTest, AddsUnitsAndRoundsToTheType) {
  const auto added = [](const char* unit, const char* number, const TestValue& value) {
    return run_function("date_add", {text(unit), count(number), value});
  };
  EXPECT_EQ(added("millisecond", "1", fine_stamp("1500-05-10 12:34:56.123456789")),
            "1500-05-10 12:34:56.124456789");
  EXPECT_EQ(added("millisecond", "555", seconds("2020-05-10 12:34:56")), "2020-05-10 12:34:57");
  EXPECT_EQ(added("month", "1", date("5000000-01-31")), "+5000000-02-29");
  EXPECT_EQ(added("day", "1", fine_zoned("2020-03-07 02:30:00 America/Los_Angeles")),
            "2020-03-08 03:30:00.000000000 America/Los_Angeles");
  EXPECT_EQ(added("day", "3000000000", seconds("2020-05-10 12:34:56")),
            "INVALID_FUNCTION_ARGUMENT: integer overflow");
  EXPECT_EQ(added("Foo", "1", date("2020-05-10")),
            "INVALID_FUNCTION_ARGUMENT: 'Foo' is not a valid DATE field");
}

TEST(TimestampFunctionsTest, CountsWholeUnitsOfMilliseconds) {
  const auto between = [](const char* unit, const TestValue& from, const TestValue& to) {
    return run_function("date_diff", {text(unit), from, to});
  };
  EXPECT_EQ(between("millisecond", fine_stamp("2020-05-10 12:34:55.1119"),
                    fine_stamp("2020-05-10 12:34:56.1111")),
            "1000");
  EXPECT_EQ(between("month", date("2020-02-29"), date("2020-01-31")), "-1");
  EXPECT_EQ(between("month", date("2020-01-31"), date("2020-02-28")), "0");
  EXPECT_EQ(between("day", date("5000000-05-05"), date("5000000-05-06")), "1");
}

TEST(TimestampFunctionsTest, TruncatesFarYears) {
  EXPECT_EQ(
      run_function("date_trunc", {text("month"), fine_stamp("123456-05-05 01:02:03.123456789")}),
      "+123456-05-01 00:00:00.000000000");
  EXPECT_EQ(run_function("date_trunc", {text("week"), date("0001-01-03")}), "0001-01-01");
  EXPECT_EQ(run_function("last_day_of_month", {date("5000000-02-05")}), "+5000000-02-29");
}

TEST(TimestampFunctionsTest, ChangesZones) {
  EXPECT_EQ(run_function("at_timezone",
                         {fine_zoned("2020-05-01 12:34:56.123456789 UTC"), text("Etc/GMT+8")}),
            "2020-05-01 04:34:56.123456789 -08:00");
  EXPECT_EQ(
      run_function("with_timezone", {seconds("2020-03-08 02:30:00"), text("America/Los_Angeles")}),
      "2020-03-08 03:30:00 America/Los_Angeles");
  EXPECT_EQ(run_function("with_timezone", {seconds("2020-03-08 02:30:00"), text("EST")}),
            "INVALID_FUNCTION_ARGUMENT: 'EST' is not a valid time zone");
}

TEST(TimestampFunctionsTest, CountsUnixTime) {
  EXPECT_EQ(run_function("from_unixtime_nanos", {count("-1")}),
            "1969-12-31 23:59:59.999999999 UTC");
  EXPECT_EQ(run_function("from_unixtime_nanos", {{"decimal(5,1)", "-1234.5"}}),
            "1969-12-31 23:59:59.999998765 UTC");
  EXPECT_EQ(
      run_function("from_unixtime_nanos", {{"decimal(38,0)", "99999999999999999999999999999"}}),
      "INVALID_FUNCTION_ARGUMENT: long overflow");
  EXPECT_EQ(run_function("from_unixtime", {number("-1.0005")}), "1969-12-31 23:59:59.000 UTC");
  EXPECT_EQ(run_function("from_unixtime", {number("0"), count("14"), count("1")}),
            "INVALID_FUNCTION_ARGUMENT: Invalid offset minutes 841");
}

TEST(TimestampFunctionsTest, SubtractsWithTwoWaysToRound) {
  EXPECT_EQ(run_function("$subtract", {{"timestamp(4)", "2020-05-01 12:34:55.0000"},
                                       {"timestamp(4)", "2020-05-01 12:34:56.9995"}}),
            "-0 00:00:01.999");
  EXPECT_EQ(
      run_function("$subtract", {{"timestamp(4) with time zone", "2020-05-01 12:34:55 UTC"},
                                 {"timestamp(4) with time zone", "2020-05-01 12:34:56.9995 UTC"}}),
      "-0 00:00:02.000");
}

TEST(TimestampFunctionsTest, ReadsDurations) {
  EXPECT_EQ(run_function("parse_duration", {text("1234.567s")}), "0 00:20:34.567");
  EXPECT_EQ(run_function("parse_duration", {text(" 1.5 d ")}), "1 12:00:00.000");
  EXPECT_EQ(run_function("parse_duration", {text("0.5ms")}), "0 00:00:00.001");
  EXPECT_EQ(run_function("parse_duration", {text("")}),
            "INVALID_FUNCTION_ARGUMENT: duration is empty");
  EXPECT_EQ(run_function("parse_duration", {text("1S")}),
            "INVALID_FUNCTION_ARGUMENT: Unknown time unit: S");
  EXPECT_EQ(run_function("parse_duration", {text("-1s")}),
            "INVALID_FUNCTION_ARGUMENT: duration is not a valid data duration string: -1s");
  EXPECT_EQ(run_function("parse_duration", {text("100000000000000d")}),
            "INVALID_FUNCTION_ARGUMENT: value 1.0E14 DAYS is too large to be represented in "
            "requested unit MILLISECONDS as a long");
}

TEST(TimestampFunctionsTest, SpellsSecondsInWords) {
  EXPECT_EQ(run_function("human_readable_seconds", {number("0")}), "0 seconds");
  EXPECT_EQ(run_function("human_readable_seconds", {number("-3661.4")}),
            "1 hour, 1 minute, 1 second");
  EXPECT_EQ(run_function("human_readable_seconds", {number("1e300")}),
            "15250284452471 weeks, 3 days, 15 hours, 30 minutes, 7 seconds");
  EXPECT_EQ(run_function("human_readable_seconds", {number("NaN")}),
            "INVALID_FUNCTION_ARGUMENT: Invalid argument found: NaN");
}

TEST(TimestampFunctionsTest, ReadsIsoTimestamps) {
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("2020-01-01T10.5")}),
            "2020-01-01 10:30:00.000 UTC");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("T10:20:30-0530")}),
            "1970-01-01 10:20:30.000 -05:30");
  EXPECT_EQ(run_function("from_iso8601_timestamp", {text("115023-03-21T10:45:30.00Z")}),
            "INVALID_FUNCTION_ARGUMENT: Millis overflow: 3567614928330000");
  EXPECT_EQ(
      run_function("from_iso8601_timestamp_nanos", {text("2020-01-01T10:20:30.123456789+05:30")}),
      "2020-01-01 10:20:30.123456789 +05:30");
  EXPECT_EQ(run_function("from_iso8601_timestamp_nanos", {text("2020-01-01")}),
            "INVALID_FUNCTION_ARGUMENT: Text '2020-01-01' could not be parsed at index 10");
  EXPECT_EQ(run_function("from_iso8601_timestamp_nanos", {text("2020-01-01T10:20:30+0530")}),
            "INVALID_FUNCTION_ARGUMENT: Text '2020-01-01T10:20:30+0530' could not be parsed, "
            "unparsed text found at index 19");
  EXPECT_EQ(run_function("from_iso8601_date", {text("2020-01-01T10:00")}),
            "INVALID_FUNCTION_ARGUMENT: Invalid format: \"2020-01-01T10:00\" is malformed at "
            "\"T10:00\"");
}

TEST(TimestampFunctionsTest, PutsDatesTogetherAsJoda) {
  const auto parsed = [](const char* value, const char* pattern) {
    return run_function("parse_datetime", {text(value), text(pattern)});
  };
  EXPECT_EQ(parsed("05-10", "MM-dd"), "2000-05-10 00:00:00.000 UTC");
  EXPECT_EQ(parsed("10:20", "HH:mm"), "1970-01-01 10:20:00.000 UTC");
  EXPECT_EQ(parsed("Mon, 01 January 2020", "EEE, dd MMMM yyyy"), "2019-12-30 00:00:00.000 UTC");
  EXPECT_EQ(parsed("Fri", "EEE"), "2000-12-29 00:00:00.000 UTC");
  EXPECT_EQ(parsed("2020", "xxxx"), "2019-12-30 00:00:00.000 UTC");
  EXPECT_EQ(parsed("3", "w"), "2000-01-17 00:00:00.000 UTC");
  EXPECT_EQ(parsed("2020-01-01 EST", "yyyy-MM-dd z"), "2020-01-01 00:00:00.000 America/New_York");
}

}  // namespace
}  // namespace trailsql
