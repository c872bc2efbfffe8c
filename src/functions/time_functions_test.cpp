// Operators and functions of times of day. Expected values are those of Trino 476.
#include <gtest/gtest.h>

#include "functions/kernel_for_test.h"

namespace trailsql {
namespace {

TestValue time_value(std::string value) { return {"time(4)", std::move(value)}; }
TestValue zoned_value(std::string value) { return {"time(4) with time zone", std::move(value)}; }

std::string truncated(const std::string& unit, const TestValue& value) {
  return run_function("date_trunc", {text(unit), value});
}
std::string added(const std::string& unit, const std::string& number, const TestValue& value) {
  return run_function("date_add", {text(unit), count(number), value});
}
std::string difference(const std::string& unit, const TestValue& from, const TestValue& to) {
  return run_function("date_diff", {text(unit), from, to});
}

TEST(TimeFunctionsTest, TakesParts) {
  EXPECT_EQ(run_function("hour", {time_value("12:34:56.7899")}), "12");
  EXPECT_EQ(run_function("minute", {time_value("12:34:56.7899")}), "34");
  EXPECT_EQ(run_function("second", {time_value("12:34:56.7899")}), "56");
  EXPECT_EQ(run_function("millisecond", {time_value("12:34:56.7899")}), "789");
  EXPECT_EQ(run_function("hour", {zoned_value("01:34:56.7899+08:35")}), "1");
  EXPECT_EQ(run_function("minute", {zoned_value("01:34:56.7899+08:35")}), "34");
  EXPECT_EQ(run_function("timezone", {zoned_value("01:34:56-00:35")}), "-00:35");
  EXPECT_EQ(run_function("timezone", {zoned_value("01:34:56+00:00")}), "+00:00");
  EXPECT_EQ(run_function("timezone_hour", {zoned_value("01:34:56-13:45")}), "-13");
  EXPECT_EQ(run_function("timezone_minute", {zoned_value("01:34:56-13:45")}), "-45");
  EXPECT_EQ(run_function("timezone_hour", {time_value("01:34:56")}), "0");
}

TEST(TimeFunctionsTest, Truncates) {
  EXPECT_EQ(truncated("HOUR", time_value("12:34:56.7899")), "12:00:00.0000");
  EXPECT_EQ(truncated("millisecond", time_value("12:34:56.7899")), "12:34:56.7890");
  EXPECT_EQ(truncated("hour", zoned_value("12:34:56-13:59")), "12:00:00.0000-13:59");
  EXPECT_EQ(truncated("day", time_value("12:34:56")),
            "INVALID_FUNCTION_ARGUMENT: 'day' is not a valid TIME field");
  EXPECT_EQ(truncated("x", zoned_value("12:34:56+00:00")),
            "INVALID_FUNCTION_ARGUMENT: 'x' is not a valid TIME field");
}

TEST(TimeFunctionsTest, AddsUnitsAroundMidnight) {
  EXPECT_EQ(added("second", "-1", time_value("00:00:00")), "23:59:59.0000");
  EXPECT_EQ(added("hour", "25", zoned_value("00:00:00+01:00")), "01:00:00.0000+01:00");
  EXPECT_EQ(added("millisecond", "9223372036854775807", time_value("00:00:00")), "07:12:55.8070");
  // What the type cannot hold is rounded, also to the next day.
  EXPECT_EQ(added("millisecond", "499", {"time(0)", "12:34:56"}), "12:34:56");
  EXPECT_EQ(added("millisecond", "500", {"time(0)", "23:59:59"}), "00:00:00");
  EXPECT_EQ(added("week", "1", time_value("00:00:00")),
            "INVALID_FUNCTION_ARGUMENT: 'week' is not a valid TIME field");
}

TEST(TimeFunctionsTest, CountsWholeUnits) {
  EXPECT_EQ(difference("hour", time_value("12:59:59"), time_value("10:00:00")), "-2");
  EXPECT_EQ(difference("millisecond", time_value("12:34:55.1119"), time_value("12:34:55.1120")),
            "0");
  EXPECT_EQ(difference("second", zoned_value("00:00:00+14:00"), zoned_value("00:00:00-10:00")),
            "0");
  EXPECT_EQ(difference("minute", zoned_value("23:59:00+14:00"), zoned_value("00:00:00-14:00")),
            "241");
}

TEST(TimeOperatorsTest, AddsIntervals) {
  const auto shifted = [](std::string_view name, const TestValue& value) {
    // Intervals have no text that a cast reads, so the operators get their milliseconds directly.
    Column time = column_of(value);
    Column interval((Type(TypeKind::kIntervalDayToSecond)));
    interval.append_int64(1123);
    const Type types[] = {time.type(), interval.type()};
    const BoundFunction bound = *resolve_function(name, types);
    const Column* places[] = {&time, &interval};
    Column result(bound.result_type);
    bound.entry->make_kernel(bound)->run({places, 1, result});
    return text_of(result);
  };
  EXPECT_EQ(shifted("$add", {"time(0)", "23:59:59"}), "00:00:00.123");
  EXPECT_EQ(shifted("$subtract", {"time(4)", "00:00:00.1234"}), "23:59:59.0004");
  EXPECT_EQ(shifted("$add", {"time(0) with time zone", "12:59:59+08:35"}), "13:00:00.123+08:35");
  EXPECT_EQ(shifted("$subtract", {"time(5) with time zone", "12:34:56.12345+08:35"}),
            "12:34:55.00045+08:35");
}

TEST(TimeOperatorsTest, SubtractsTimes) {
  const auto between = [](const TestValue& a, const TestValue& b) {
    return run_function("$subtract", {a, b});
  };
  EXPECT_EQ(between(time_value("12:34:56.9999"), time_value("12:34:55.1111")), "0 00:00:01.889");
  EXPECT_EQ(between(time_value("12:34:55.0000"), time_value("12:34:55.0015")), "-0 00:00:00.001");
  EXPECT_EQ(between(time_value("10:00:00"), time_value("23:00:00")), "-0 13:00:00.000");
  EXPECT_EQ(between(zoned_value("09:00:00-14:00"), zoned_value("19:00:00+03:00")),
            "0 07:00:00.000");
}

TEST(TimeOperatorsTest, ComparesInUtc) {
  EXPECT_EQ(
      run_function("$distinct", {zoned_value("00:00:00+14:00"), zoned_value("00:00:00-10:00")}),
      "false");
  EXPECT_EQ(run_function("$less", {zoned_value("21:00:00-01:00"), zoned_value("03:00:00+01:00")}),
            "false");
  EXPECT_EQ(run_function("$less", {zoned_value("03:00:00+01:00"), zoned_value("21:00:00-01:00")}),
            "true");
}

}  // namespace
}  // namespace trailsql
