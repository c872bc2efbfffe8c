#include "service/error_report.h"

#include <gtest/gtest.h>

#include "base/hive_error.h"

namespace trailsql {
namespace {

QueryError error_at(uint32_t line, uint32_t column, std::string hint = {}) {
  return QueryError(ErrorCode::kColumnNotFound, {line, column}, "Column 'x' cannot be resolved",
                    std::move(hint));
}

TEST(ErrorReport, PointsAtThePlace) {
  EXPECT_EQ(render_error(error_at(1, 8, "did you mean y?"), "SELECT x FROM t"),
            "COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved\n"
            "  SELECT x FROM t\n"
            "         ^\n"
            "did you mean y?\n");
}

TEST(ErrorReport, HiveCountsColumnsFromZero) {
  const QueryError error = hive_parse_error({1, 3}, "missing EOF at 'x' near 'y'", "a hint");
  EXPECT_EQ(render_error(error, "y x z"),
            "FAILED: ParseException line 1:2 missing EOF at 'x' near 'y'\n"
            "  y x z\n"
            "    ^\n"
            "a hint\n");
  EXPECT_EQ(placed_in_script(error, {4, 10}).full_text(),
            "FAILED: ParseException line 4:11 missing EOF at 'x' near 'y'");
  EXPECT_EQ(
      render_error(hive_error(ErrorCode::kTableNotFound, {1, 3}, "SemanticException x"), "y x"),
      "FAILED: SemanticException x\n"
      "  y x\n"
      "    ^\n");
}

TEST(ErrorReport, FindsTheLine) {
  EXPECT_EQ(render_error(error_at(2, 3), "SELECT\r\n  x\r\nFROM t"),
            "COLUMN_NOT_FOUND: line 2:3: Column 'x' cannot be resolved\n"
            "    x\n"
            "    ^\n");
}

TEST(ErrorReport, CountsCellsUnderTabsAndWideCharacters) {
  EXPECT_EQ(render_error(error_at(1, 2), "\tx"),
            "COLUMN_NOT_FOUND: line 1:2: Column 'x' cannot be resolved\n"
            "      x\n"
            "      ^\n");
  EXPECT_EQ(render_error(error_at(1, 6), "'日ä' x"),
            "COLUMN_NOT_FOUND: line 1:6: Column 'x' cannot be resolved\n"
            "  '日ä' x\n"
            "        ^\n");
}

TEST(ErrorReport, EndOfTheStatement) {
  EXPECT_EQ(render_error(error_at(1, 7), "SELECT"),
            "COLUMN_NOT_FOUND: line 1:7: Column 'x' cannot be resolved\n"
            "  SELECT\n"
            "        ^\n");
}

TEST(ErrorReport, WithoutAPlaceOrBeyondTheText) {
  EXPECT_EQ(render_error(QueryError(ErrorCode::kDivisionByZero, "Division by zero"), "SELECT 1/0"),
            "DIVISION_BY_ZERO: Division by zero\n");
  EXPECT_EQ(render_error(error_at(9, 1), "SELECT 1"),
            "COLUMN_NOT_FOUND: line 9:1: Column 'x' cannot be resolved\n");
}

TEST(ErrorReport, ShowsTheMiddleOfLongLines) {
  const std::string statement = "SELECT " + std::string(300, 'a') + ", x, " + std::string(300, 'b');
  const std::string report = render_error(error_at(1, 310), statement, {false, 40});
  const size_t start = report.find('\n') + 1;
  const std::string line = report.substr(start, report.find('\n', start) - start);
  EXPECT_TRUE(line.starts_with("  …aaa")) << report;
  EXPECT_TRUE(line.ends_with("bbb…")) << report;
  const std::string caret = report.substr(report.find('\n', start) + 1);
  EXPECT_EQ(caret, std::string(28, ' ') + "^\n");
}

TEST(ErrorReport, ShowsTheEndOfTheLongestStatementAtOnce) {
  std::string statement;
  while (statement.size() < 262'000) statement += "ä";
  const auto column = static_cast<uint32_t>(statement.size() / 2 + 1);
  const std::string report = render_error(error_at(1, column), statement + "x", {false, 40});
  EXPECT_TRUE(report.ends_with("äx\n" + std::string(28, ' ') + "^\n")) << report;
}

TEST(ErrorReport, EscapesControlCharacters) {
  const QueryError error(ErrorCode::kHiveCursorError, "bad \x1b[2J");
  EXPECT_EQ(render_error(error, ""), "HIVE_CURSOR_ERROR: bad \\x1b[2J\n");
}

TEST(ErrorReport, ColorsNameAndCaret) {
  const std::string report = render_error(error_at(1, 8), "SELECT x", {true, 100});
  EXPECT_TRUE(report.starts_with("\x1b[1;31mCOLUMN_NOT_FOUND\x1b[0m: line 1:8")) << report;
  EXPECT_NE(report.find("\x1b[1;31m^\x1b[0m"), std::string::npos) << report;
}

TEST(ErrorReport, PlacesErrorsInTheScriptThatHoldsTheStatement) {
  const QueryError in_first_line(ErrorCode::kColumnNotFound, {1, 8}, "x", "hint");
  EXPECT_EQ(placed_in_script(in_first_line, {3, 5}).full_text(), "COLUMN_NOT_FOUND: line 3:12: x");
  EXPECT_EQ(placed_in_script(in_first_line, {3, 5}).hint(), "hint");
  const QueryError in_second_line(ErrorCode::kColumnNotFound, {2, 8}, "x");
  EXPECT_EQ(placed_in_script(in_second_line, {3, 5}).full_text(), "COLUMN_NOT_FOUND: line 4:8: x");
  const QueryError without_place(ErrorCode::kDivisionByZero, "x");
  EXPECT_EQ(placed_in_script(without_place, {3, 5}).full_text(), "DIVISION_BY_ZERO: x");
}

TEST(ErrorReport, ShowsZeroBytesInsteadOfEndingThere) {
  const QueryError error(ErrorCode::kSyntaxError, {1, 1}, std::string("a\0b", 3));
  EXPECT_EQ(error.full_text(), "SYNTAX_ERROR: line 1:1: a␀b");
}

}  // namespace
}  // namespace trailsql
