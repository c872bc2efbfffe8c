#include "analysis/literal_value.h"

#include <gtest/gtest.h>

#include "syntax/parser.h"

namespace trailsql {
namespace {

TEST(IntervalLiteralTest, ReadsEveryFieldOfItsRange) {
  const auto value = [](const std::string& sql) {
    const ExpressionPtr expression = parse_expression("INTERVAL " + sql);
    return interval_value(std::get<IntervalLiteral>(expression->node));
  };
  EXPECT_EQ(value("'2' DAY"), 2 * 86'400'000);
  EXPECT_EQ(value("'1 02:03:04.5' DAY TO SECOND"), 93'784'500);
  EXPECT_EQ(value("'1-2' YEAR TO MONTH"), 14);
  EXPECT_EQ(value("-'3' MONTH"), -3);
  EXPECT_EQ(value("'-3' MONTH"), -3);
  EXPECT_EQ(value("'1:2' DAY"), std::nullopt);
  EXPECT_EQ(value("'99999999999999999999' DAY"), std::nullopt);
  EXPECT_EQ(value("'x' DAY"), std::nullopt);
  EXPECT_EQ(value("'2147483648' DAY"), std::nullopt);
  EXPECT_EQ(value("'178956971' YEAR"), std::nullopt);
  EXPECT_EQ(value("'' DAY"), 0);
  EXPECT_EQ(value("'.5' SECOND"), 500);
  EXPECT_EQ(value("'1,5' SECOND"), 1500);
  EXPECT_EQ(value("'12 10' DAY TO SECOND"), 12 * 86'400'000 + 10 * 3'600'000);
  EXPECT_EQ(value("'1 2' YEAR TO MONTH"), std::nullopt);
  EXPECT_EQ(value("'1 :30' DAY TO MINUTE"), std::nullopt);
  EXPECT_EQ(value("'1.5' HOUR"), std::nullopt);
}

TEST(IntervalLiteralTest, KnowsWhichFieldsGoTogether) {
  const auto fits = [](const std::string& fields) {
    const ExpressionPtr expression = parse_expression("INTERVAL '1' " + fields);
    return is_interval_qualifier(std::get<IntervalLiteral>(expression->node));
  };
  EXPECT_TRUE(fits("DAY TO SECOND"));
  EXPECT_TRUE(fits("YEAR"));
  EXPECT_FALSE(fits("SECOND TO DAY"));
  EXPECT_FALSE(fits("DAY TO DAY"));
  EXPECT_FALSE(fits("MONTH TO DAY"));
}

TEST(IntegerLiteralTest, ReadsEveryBase) {
  const auto value = [](const std::string& text) { return integer_value(IntegerLiteral{text}); };
  EXPECT_EQ(value("1_000"), 1000);
  EXPECT_EQ(value("-12"), -12);
  EXPECT_EQ(value("0x1F"), 31);
  EXPECT_EQ(value("0o17"), 15);
  EXPECT_EQ(value("0B11"), 3);
  EXPECT_EQ(value("007"), 7);
  EXPECT_EQ(value("9223372036854775807"), INT64_MAX);
  EXPECT_EQ(value("9223372036854775808"), std::nullopt);
}

}  // namespace
}  // namespace trailsql
