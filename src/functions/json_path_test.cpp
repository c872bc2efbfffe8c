#include "functions/json_path.h"

#include <gtest/gtest.h>

#include "functions/json_path_evaluator.h"

namespace trailsql {
namespace {

// Evaluates a path on a document and returns what it finds, one after the other, or the problem.
std::string find(const std::string& json, std::string_view path) {
  PathProblem problem;
  const std::shared_ptr<const JsonPath> parsed = parse_json_path(path, {}, problem);
  if (!parsed) return std::to_string(problem.offset) + ": " + problem.text;
  const PathResult result = evaluate_path(*parsed, *read_json_item(json), {});
  if (result.problem) return "problem: " + *result.problem;
  std::string out;
  for (const JsonItem& item : result.items) {
    if (!out.empty()) out += ' ';
    append_json_item(out, item, false);
  }
  return out;
}

// What is expected was asked from Trino 476, with json_query(… WITH WRAPPER ERROR ON ERROR).
TEST(JsonPath, LaxModeUnwrapsAndWraps) {
  EXPECT_EQ(find(R"([{"a":1},{"a":2},3])", "lax $.a"), "1 2");
  EXPECT_EQ(find("5", "lax $[0]"), "5");
  EXPECT_EQ(find("[1,2]", "lax $[5]"), "");
  EXPECT_EQ(find("[[-1,2]]", "lax $.abs()"),
            "problem: invalid item type. Expected: NUMBER, actual: ARRAY");
}

TEST(JsonPath, StrictModeSaysWhatIsWrong) {
  EXPECT_EQ(find("{}", "strict $.b"),
            "problem: structural error: missing member 'b' in JSON object");
  EXPECT_EQ(find("5", "strict $[*]"),
            "problem: invalid item type. Expected: ARRAY, actual: NUMBER");
  EXPECT_EQ(find("[1,2,3]", "strict $[2 to 1]"),
            "problem: structural error: invalid array subscript: [2, 1] for array of size 3");
}

TEST(JsonPath, FiltersAndArithmetic) {
  EXPECT_EQ(find("[1,2,3,4]", "lax $[*] ? (@ > 1 && !(@ == 4))"), "2 3");
  EXPECT_EQ(find(R"([1,"a",true])", "lax $[*] ? ((@ > 1) is unknown)"), R"("a" true)");
  EXPECT_EQ(find("[1,2,3]", "lax $[last - 1] * 2 + 1"), "5");
  EXPECT_EQ(find(R"({"b":1,"a":{"b":2}})", "lax $..b"), "1 2");
}

TEST(JsonPath, RefusesWhatIsNoPath) {
  EXPECT_EQ(find("1", "lax $ $"), "6: extraneous input '$' expecting <EOF>");
  EXPECT_EQ(find("1", "LAX $"), "0: mismatched input 'LAX' expecting {'lax', 'strict'}");
  EXPECT_EQ(find("1", "lax $ ? (@ like_regex \"a\")").substr(3),
            "like_regex predicate in JSON path is not yet supported");
  EXPECT_NE(find("1", "lax $" + std::string(100'000, '+') + "1").find("JSON path is"),
            std::string::npos);
  EXPECT_NE(find("1", "lax " + std::string(2'000, '(') + "1").find("JSON path is"),
            std::string::npos);
}

}  // namespace
}  // namespace trailsql
