#include "syntax/parser.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/error.h"

namespace trailsql {
namespace {

std::string repeated(std::string_view text, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}

ErrorCode code_of(const std::string& statement) {
  try {
    parse_statement(statement);
  } catch (const QueryError& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error: " << statement.substr(0, 80);
  return ErrorCode::kGenericInternalError;
}

Location location_of(std::string_view expression) { return parse_expression(expression)->location; }

TEST(Parser, PlacesExpressionsWhereTrinoDoes) {
  // Operators and predicates: their own place. Asked from Trino's parser.
  EXPECT_EQ(location_of("a.b = 1"), (Location{1, 5}));
  EXPECT_EQ(location_of("a + b"), (Location{1, 3}));
  EXPECT_EQ(location_of("a || b"), (Location{1, 3}));
  EXPECT_EQ(location_of("a NOT IN (1, 2)"), (Location{1, 3}));
  EXPECT_EQ(location_of("a BETWEEN 1 AND 2"), (Location{1, 3}));
  EXPECT_EQ(location_of("a IS NOT NULL"), (Location{1, 3}));
  EXPECT_EQ(location_of("a AT TIME ZONE 'x'"), (Location{1, 3}));
  // All others: where they begin, parentheses included.
  EXPECT_EQ(location_of("(a) AND b OR c"), (Location{1, 1}));
  EXPECT_EQ(location_of("\n  (a).b[1]"), (Location{2, 3}));
  EXPECT_EQ(location_of("'é' = 1"), (Location{1, 5}));
}

TEST(Parser, BoundsTheHeightOfTrees) {
  EXPECT_EQ(code_of("SELECT " + repeated("(", 600) + "1" + repeated(")", 600)),
            ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT 1" + repeated(" + 1", 600)), ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT a" + repeated(".a", 600)), ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT " + repeated("NOT ", 600) + "a"), ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT " + repeated("- ", 600) + "a"), ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT 1" + repeated(" UNION ALL SELECT 1", 1000)), ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT * FROM " + repeated("(", 600) + "t" + repeated(")", 600)),
            ErrorCode::kStackOverflow);
  EXPECT_EQ(
      code_of("SELECT CAST(a AS " + repeated("array(", 600) + "bigint" + repeated(")", 600) + ")"),
      ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("CREATE EXTERNAL TABLE t (a " + repeated("array<", 600) + "int" +
                    repeated(">", 600) + ")"),
            ErrorCode::kStackOverflow);
  EXPECT_NO_THROW(parse_statement("SELECT " + repeated("(", 400) + "1" + repeated(")", 400)));
}

TEST(Parser, BoundsTheSizeOfStatements) {
  EXPECT_EQ(code_of("SELECT '" + repeated("x", kMaxStatementBytes) + "'"),
            ErrorCode::kQueryTextTooLarge);
}

TEST(Parser, ParsesLongListsAndChainsQuickly) {
  const auto begin = std::chrono::steady_clock::now();
  const auto statement = parse_statement("SELECT 1 WHERE a = 0" + repeated(" OR a = 123", 10'000));
  const auto& query = *std::get<QueryStatement>(statement->node).query;
  const auto& where = std::get<QuerySpecification>(query.body).where;
  EXPECT_EQ(std::get<Logical>(where->node).terms.size(), 10'001U);
  EXPECT_LE(where->height, 3U);
  parse_statement("SELECT 1 WHERE a IN (0" + repeated(", 1", 5'000) + ")");
  const auto spent = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(spent, std::chrono::seconds(2));
}

TEST(Parser, RefusesLongTextsQuickly) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of("SELECT " + repeated("(", 250'000)), ErrorCode::kStackOverflow);
  EXPECT_EQ(code_of("SELECT " + repeated("/* ", 80'000)), ErrorCode::kSyntaxError);
  EXPECT_EQ(code_of("DROP TABLE '" + repeated("\\'", 120'000) + "x"), ErrorCode::kSyntaxError);
  EXPECT_EQ(code_of("DROP TABLE \"" + repeated("\\\"", 120'000) + "x"), ErrorCode::kSyntaxError);
  const auto spent = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(spent, std::chrono::seconds(4));
}

TEST(Parser, NumbersNodesAndParameters) {
  ParseOptions options;
  options.first_node_id = 100;
  const auto statement = parse_statement("SELECT ?, a FROM t WHERE b = ?", options);
  EXPECT_EQ(statement->num_parameters, 2U);
  const auto& query = *std::get<QueryStatement>(statement->node).query;
  EXPECT_EQ(query.id, 100 + statement->num_nodes - 1);
}

TEST(SplitScript, CutsAtSemicolonsOutsideOfTexts) {
  const Script script = split_script(
      "SELECT ';' -- a; b\n; ;CREATE EXTERNAL TABLE t (a string COMMENT \"it\\\";s\");\n SELECT 1");
  ASSERT_EQ(script.statements.size(), 3U);
  EXPECT_EQ(script.statements[0].text, "SELECT ';'");
  EXPECT_EQ(script.statements[1].text, "CREATE EXTERNAL TABLE t (a string COMMENT \"it\\\";s\")");
  EXPECT_EQ(script.statements[2].text, "SELECT 1");
  EXPECT_EQ(script.statements[2].location, (Location{3, 2}));
  EXPECT_FALSE(script.complete);
}

TEST(SplitScript, KnowsWhenAScriptIsComplete) {
  EXPECT_TRUE(split_script("SELECT 1;").complete);
  EXPECT_TRUE(split_script("  -- only a comment").complete);
  EXPECT_FALSE(split_script("SELECT 'a;").complete);
  EXPECT_FALSE(split_script("SELECT 1; /* open").complete);
}

}  // namespace
}  // namespace trailsql
