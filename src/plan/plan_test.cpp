#include "plan/plan.h"

#include <gtest/gtest.h>

#include "analysis/analyzer.h"
#include "analysis/metadata_for_test.h"
#include "base/error.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    metadata_.add_table(
        "logs", {{"records",
                  "array<struct<eventname:string,useridentity:struct<arn:string,type:string>,"
                  "resources:array<struct<arn:string>>>>"},
                 {"day", "int"}});
  }

  Plan plan(const std::string& sql) {
    statement_ = parse_statement(sql);
    analysis_ = analyze_query(*std::get<QueryStatement>(statement_->node).query,
                              statement_->num_nodes, metadata_, {});
    return plan_query(*analysis_);
  }
  // What each scan delivers, as EXPLAIN tells it, without the engine's SQL.
  std::string scans(const std::string& sql) {
    const std::string text = explain_plan(plan(sql));
    return text.substr(0, text.find("Engine SQL"));
  }

  MetadataForTest metadata_;
  std::unique_ptr<const Statement> statement_;
  std::unique_ptr<const Analysis> analysis_;
};

TEST_F(PlanTest, PathsPassThroughSubqueriesAndUnnestIsFused) {
  EXPECT_EQ(scans("SELECT record.eventName, record.userIdentity.arn, count(*) FROM "
                  "(SELECT record FROM logs CROSS JOIN UNNEST(records) AS t (record)) AS r "
                  "GROUP BY record.eventName, record.userIdentity.arn"),
            "Scan 0 of default.logs at s3://bucket/logs/\n"
            "  one row per element of records\n"
            "  c0 := records[*].eventname varchar\n"
            "  c1 := records[*].useridentity.arn varchar\n");
}

TEST_F(PlanTest, NothingIsReadForACount) {
  EXPECT_EQ(scans("SELECT count(*) FROM logs CROSS JOIN UNNEST(records) AS t (record)"),
            "Scan 0 of default.logs at s3://bucket/logs/\n  one row per element of records\n");
  EXPECT_EQ(scans("SELECT count(*) FROM (SELECT records, day FROM logs)"),
            "Scan 0 of default.logs at s3://bucket/logs/\n  one row per document\n");
}

TEST_F(PlanTest, ParquetTablesAreViewsOfTheEngine) {
  metadata_.add_table("parquet_logs",
                      {{"records", "array<struct<eventname:string>>"}, {"day", "int"}},
                      "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
  EXPECT_EQ(scans("SELECT day, r.eventname FROM parquet_logs, UNNEST(records) AS t (r)"),
            "Parquet table 0 of default.parquet_logs at s3://bucket/parquet_logs/\n"
            "  c0 := records array(row(eventname varchar))\n"
            "  c1 := day integer\n");
}

TEST_F(PlanTest, AWholeRowTakesItsFieldsIn) {
  EXPECT_EQ(scans("SELECT u, u.arn FROM (SELECT record.useridentity u FROM logs CROSS JOIN "
                  "UNNEST(records) AS t (record))"),
            "Scan 0 of default.logs at s3://bucket/logs/\n"
            "  one row per element of records\n"
            "  c0 := records[*].useridentity row(arn varchar, type varchar)\n");
}

TEST_F(PlanTest, UnnestIsFusedOnlyWhereRowsStay) {
  EXPECT_NE(scans("SELECT e FROM logs LEFT JOIN UNNEST(records) AS t (e) ON TRUE")
                .find("one row per document"),
            std::string::npos);
  EXPECT_NE(scans("SELECT t.e FROM (VALUES 1) v(x) LEFT JOIN logs ON x = day CROSS JOIN "
                  "UNNEST(records) AS t (e)")
                .find("one row per document"),
            std::string::npos);
  EXPECT_NE(scans("SELECT r.arn FROM logs CROSS JOIN UNNEST(records) AS t (e) CROSS JOIN "
                  "UNNEST(e.resources) AS u (r)")
                .find("c0 := records[*].resources array(row(arn varchar))"),
            std::string::npos);
}

TEST_F(PlanTest, AWithQueryReadTwiceIsComputedOnce) {
  const Plan twice =
      plan("WITH d AS (SELECT day FROM logs) SELECT * FROM d a JOIN d b ON a.day = b.day");
  EXPECT_EQ(twice.scans.size(), 1u);
  EXPECT_NE(twice.engine_sql.find("AS MATERIALIZED"), std::string::npos);
  const Plan once = plan("WITH d AS (SELECT day FROM logs) SELECT * FROM d");
  EXPECT_EQ(once.engine_sql.find("MATERIALIZED"), std::string::npos);
}

TEST_F(PlanTest, ATermThatMayFailWaitsForTheOnesBefore) {
  const std::string sql = plan("SELECT 1 FROM logs WHERE day <> 0 AND 1 / day = 1").engine_sql;
  EXPECT_NE(sql.find("CASE WHEN NOT"), std::string::npos) << sql;
  std::string many = "SELECT 1 FROM logs WHERE day <> 0";
  for (int i = 0; i < 200; ++i) many += " AND 1 / day = 1";
  EXPECT_LT(plan(many).engine_sql.size(), 200'000u);
}

TEST_F(PlanTest, LongLogicIsShortForTheEngine) {
  std::string equal = "SELECT 1 FROM logs WHERE day = 0";
  std::string unlike = "SELECT 1 FROM logs WHERE day < 0";
  for (int i = 1; i < 100; ++i) {
    equal += " OR day = " + std::to_string(i);
    unlike += " OR day < " + std::to_string(-i);
  }
  const std::string one_in = plan(equal).engine_sql;
  EXPECT_NE(one_in.find(" IN (CAST(0 AS INTEGER), CAST(1 AS INTEGER)"), std::string::npos);
  EXPECT_EQ(one_in.find(" OR "), std::string::npos);
  const std::string kernels = plan(unlike).engine_sql;
  EXPECT_EQ(kernels.find(" OR "), kernels.rfind(" OR ")) << "two groups of 64 and 36";
}

TEST_F(PlanTest, AChainIntoJsonTextIsOneCall) {
  const std::string sql = plan("SELECT p.a.items[1].name FROM (VALUES 'x') AS t (p)").engine_sql;
  EXPECT_NE(sql.find(R"('["a","items",1,"name"]')"), std::string::npos) << sql;
}

}  // namespace
}  // namespace trailsql
