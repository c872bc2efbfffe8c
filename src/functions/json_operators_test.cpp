#include <gtest/gtest.h>

#include "functions/kernel_for_test.h"
#include "functions/operators.h"
#include "functions/overload_listing.h"

namespace trailsql {
namespace {

std::string at(const std::string& json, const std::string& steps) {
  return run_function(kJsonPathOperator, {text(json), text(steps)});
}

TEST(JsonPath, NamesAreExactFirstThenOfAnyCaseAndTheLastCounts) {
  const std::string json = R"({"a":1,"A":2,"b":3,"b":4,"C":5,"c\u0064":6})";
  EXPECT_EQ(at(json, R"(["a"])"), "1");
  EXPECT_EQ(at(json, R"(["A"])"), "2");
  EXPECT_EQ(at(json, R"(["b"])"), "4");
  EXPECT_EQ(at(json, R"(["c"])"), "5");
  EXPECT_EQ(at(json, R"(["cd"])"), "6");
  EXPECT_EQ(at(json, R"(["d"])"), "NULL");
}

TEST(JsonPath, ElementsCountFromOne) {
  EXPECT_EQ(at("[[1,2],[3]]", "[1,2]"), "2");
  EXPECT_EQ(at("[[1,2],[3]]", "[2]"), "[3]");
  EXPECT_EQ(at("[1]", "[0]"), "NULL");
  EXPECT_EQ(at("[1]", "[-1]"), "NULL");
  EXPECT_EQ(at(R"({"a":1})", "[1]"), "NULL");
}

TEST(JsonPath, ATextThatIsNoJsonHasNothingInIt) {
  for (const char* json : {"", "x", R"({"a":1)", R"({"a":1}})", R"({"a":1 "b":2})", R"({"a":01})"})
    EXPECT_EQ(at(json, R"(["a"])"), "NULL") << json;
}

TEST(Connectives, KnowThreeValues) {
  const TestValue yes{"boolean", "true"};
  const TestValue no{"boolean", "false"};
  const TestValue unknown{"boolean", std::nullopt};
  EXPECT_EQ(run_function(kAllOperator, {yes, unknown, no}), "false");
  EXPECT_EQ(run_function(kAllOperator, {yes, unknown}), "NULL");
  EXPECT_EQ(run_function(kAllOperator, {yes, yes}), "true");
  EXPECT_EQ(run_function(kAnyOperator, {no, unknown, yes}), "true");
  EXPECT_EQ(run_function(kAnyOperator, {no, unknown}), "NULL");
  EXPECT_EQ(run_function(kAnyOperator, {no, no}), "false");
}

TEST(OverloadListing, SpellsAsTrinoDoes) {
  EXPECT_EQ(listed_overloads("CONTAINS"),
            "contains(array(t), t) T:comparable, contains(varchar, ipaddress)");
  EXPECT_EQ(listed_overloads("now"), "now()");
  EXPECT_EQ(listed_overloads("nosuch"), "");
}

}  // namespace
}  // namespace trailsql
