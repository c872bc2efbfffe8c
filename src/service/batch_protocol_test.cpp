#include "service/batch_protocol.h"

#include <gtest/gtest.h>

namespace trailsql {
namespace {

TEST(BatchRequest, ReadsItsMembers) {
  const BatchRequest request =
      parse_batch_request(R"({"sql": "SELECT 'a\n'", "schema": "logs", "id": 17, "other": [1]})");
  EXPECT_EQ(request.problem, std::nullopt);
  EXPECT_EQ(request.id, "17");
  EXPECT_EQ(request.sql, "SELECT 'a\n'");
  EXPECT_EQ(request.database, "logs");
}

TEST(BatchRequest, EchoesAnyIdUntouched) {
  for (const std::string id : {"1.50", "-0", "1e400", "123456789012345678901234567890", "null",
                               "true", R"("a\u00e9\"b")", R"([1, {"k":  2}])", R"({"a": [ ]})"}) {
    const BatchRequest request = parse_batch_request(R"({"id": )" + id + R"( , "sql": "x"})");
    EXPECT_EQ(request.problem, std::nullopt) << id;
    EXPECT_EQ(request.id, id);
  }
}

TEST(BatchRequest, WhatIsNoRequestIsAProblem) {
  for (const std::string line :
       {"", "nonsense", "[]", "17", R"({"id": 1, "sql": 5})", R"({"id": 1)", R"({"id": 1} x)",
        R"({"id": 01x, "sql": "x"})", "{\"sql\": \"\xFF\"}"}) {
    EXPECT_TRUE(parse_batch_request(line).problem) << line;
  }
}

TEST(BatchRequest, IdSurvivesAMissingStatement) {
  const BatchRequest request = parse_batch_request(R"({"id": "a"})");
  EXPECT_EQ(request.id, R"("a")");
  EXPECT_TRUE(request.problem);
}

TEST(BatchRequest, LinesAreLimited) {
  EXPECT_TRUE(parse_batch_request(std::string(kMaxBatchLineBytes + 1, ' ')).problem);
}

}  // namespace
}  // namespace trailsql
