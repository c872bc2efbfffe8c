#include "analysis/analyzer.h"

#include <gtest/gtest.h>

#include "analysis/canonical_key.h"
#include "analysis/metadata_for_test.h"
#include "base/error.h"
#include "syntax/parser.h"

namespace trailsql {
namespace {

class AnalyzerTest : public testing::Test {
 protected:
  AnalyzerTest() {
    metadata_.add_table(
        "logs", {{"records", "array<struct<eventname:string,useridentity:struct<arn:string>>>"},
                 {"day", "int"}});
    metadata_.add_view("names", "SELECT eventname AS n FROM logs CROSS JOIN UNNEST(records)",
                       {"n"});
    metadata_.add_view("loop", "SELECT * FROM loop", {"x"});
  }

  const Analysis& analyze(const std::string& sql) {
    statement_ = parse_statement(sql);
    analysis_ = analyze_query(*std::get<QueryStatement>(statement_->node).query,
                              statement_->num_nodes, metadata_, {});
    return *analysis_;
  }
  // "name type, …" of the outputs.
  std::string outputs(const std::string& sql) {
    const Analysis& analysis = analyze(sql);
    const std::vector<OutputField>& fields = analysis.queries[analysis.root].outputs;
    std::string text;
    for (size_t i = 0; i < fields.size(); ++i) {
      text += (i == 0 ? "" : ", ") + output_name(fields, i) + " " + fields[i].type.display();
    }
    return text;
  }
  std::string error(const std::string& sql) {
    try {
      analyze(sql);
    } catch (const QueryError& failure) {
      return failure.full_text() + (failure.hint().empty() ? "" : " | " + failure.hint());
    }
    return "no error";
  }

  MetadataForTest metadata_;
  std::unique_ptr<const Statement> statement_;
  std::unique_ptr<const Analysis> analysis_;
};

TEST_F(AnalyzerTest, NamesKeepTheirCaseAndTypesAreTrinos) {
  EXPECT_EQ(outputs("SELECT record.EventName, record.userIdentity.ARN, count(*), DAY FROM logs "
                    "CROSS JOIN UNNEST(records) AS t (record) GROUP BY 1, 2, 4"),
            "EventName varchar, ARN varchar, _col2 bigint, DAY integer");
  EXPECT_EQ(outputs("SELECT records[1].eventname, 1.50, 'ab', 3000000000 FROM logs"),
            "_col0 varchar, _col1 decimal(3,2), _col2 varchar(2), _col3 bigint");
}

TEST_F(AnalyzerTest, ADereferenceChainIsOneColumnUse) {
  const Analysis& analysis = analyze(
      "SELECT t.record.userIdentity.arn FROM logs CROSS JOIN UNNEST(records) AS t (record)");
  const auto& select = std::get<SelectFacts>(analysis.queries[analysis.root].body);
  const std::optional<ColumnUse>& use = analysis.of(*select.outputs[0].expression).use;
  ASSERT_TRUE(use);
  EXPECT_EQ(use->column, 0u);
  EXPECT_EQ(use->path, (FieldPath{1, 0}));
  EXPECT_TRUE(std::holds_alternative<UnnestRelation>(analysis.relations[use->relation].source));
}

TEST_F(AnalyzerTest, UnnestColumnsFollowAthena) {
  EXPECT_EQ(outputs("SELECT * FROM logs CROSS JOIN UNNEST(records) AS t (record)"),
            "records array(row(eventname varchar, useridentity row(arn varchar))), day integer, "
            "record row(eventname varchar, useridentity row(arn varchar))");
  EXPECT_EQ(outputs("SELECT t.* FROM logs CROSS JOIN UNNEST(records) AS t (n, u)"),
            "n varchar, u row(arn varchar)");
  EXPECT_EQ(
      outputs("SELECT record.eventname, record FROM logs CROSS JOIN UNNEST(records) AS record"),
      "eventname varchar, record row(eventname varchar, useridentity row(arn varchar))");
  EXPECT_EQ(
      outputs("SELECT * FROM UNNEST(ARRAY[1, 2], MAP(ARRAY['a'], ARRAY[true])) WITH ORDINALITY"),
      "_col0 integer, _col1 varchar(1), _col2 boolean, _col3 bigint");
  EXPECT_EQ(error("SELECT 1 FROM logs CROSS JOIN UNNEST(records) AS t (a, b, c)"),
            "MISMATCHED_COLUMN_ALIASES: line 1:31: Column alias list has 3 entries but 't' has 2 "
            "columns available");
}

TEST_F(AnalyzerTest, HiddenColumnsAreThereButNotInStar) {
  EXPECT_EQ(outputs("SELECT \"$path\", \"$file_size\" FROM logs"),
            "$path varchar, $file_size bigint");
  EXPECT_EQ(outputs("SELECT logs.* FROM logs"),
            "records array(row(eventname varchar, useridentity row(arn varchar))), day integer");
}

TEST_F(AnalyzerTest, ViewsAreTheirQueries) {
  EXPECT_EQ(outputs("SELECT * FROM names"), "n varchar");
  EXPECT_EQ(
      error("SELECT * FROM loop"),
      "INVALID_VIEW: line 1:15: Failed analyzing stored view 'awsdatacatalog.default.loop': line "
      "1:15: View is recursive");
}

TEST_F(AnalyzerTest, GroupByAcceptsWhatIsBuiltFromItsKeys) {
  EXPECT_EQ(outputs("SELECT day + 1, sum(day) FROM logs GROUP BY DAY + 1 ORDER BY day + 1"),
            "_col0 integer, _col1 bigint");
  EXPECT_EQ(error("SELECT day + 2 FROM logs GROUP BY day + 1"),
            "EXPRESSION_NOT_AGGREGATE: line 1:12: '(day + 2)' must be an aggregate expression or "
            "appear in GROUP BY clause");
  EXPECT_EQ(error("SELECT count(*), (SELECT max(x) FROM (VALUES 1) u(x) WHERE x < logs.day) FROM "
                  "logs GROUP BY records"),
            "EXPRESSION_NOT_AGGREGATE: line 1:64: Subquery uses 'logs.day' which must appear in "
            "GROUP BY clause");
}

TEST_F(AnalyzerTest, ErrorsHavePlacesAndHints) {
  EXPECT_EQ(error("SELECT evntname FROM logs CROSS JOIN UNNEST(records) AS t (record)"),
            "COLUMN_NOT_FOUND: line 1:8: Column 'evntname' cannot be resolved | did you mean "
            "record.eventname?");
  EXPECT_EQ(
      error("SELECT evntname FROM logs"),
      "COLUMN_NOT_FOUND: line 1:8: Column 'evntname' cannot be resolved | records holds rows with "
      "eventname: add CROSS JOIN UNNEST(records) AS t (r) and write r.eventname");
  EXPECT_EQ(error("SELECT 1 FROM lgs"),
            "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.default.lgs' does not exist | did "
            "you mean logs?");
  EXPECT_EQ(error("SELECT lowr('a')"),
            "FUNCTION_NOT_FOUND: line 1:8: Function 'lowr' not registered | did you mean lower?");
  EXPECT_EQ(error("SELECT 1 FROM other.logs"),
            "SCHEMA_NOT_FOUND: line 1:15: Schema 'other' does not exist");
  EXPECT_EQ(error("SELECT day = 'x' FROM logs"),
            "TYPE_MISMATCH: line 1:12: Cannot apply operator: integer = varchar(1) | write the "
            "number in quotes, or CAST(text AS bigint)");
}

TEST_F(AnalyzerTest, EqualExpressionsHaveEqualKeys) {
  const Analysis& analysis = analyze(
      "SELECT lower(t.NAME), LOWER(name), lower('name'), upper(name) FROM (VALUES 'x') t(name)");
  const auto& outputs = std::get<SelectFacts>(analysis.queries[analysis.root].body).outputs;
  const auto key = [&](size_t i) { return canonical_key(analysis, *outputs[i].expression); };
  EXPECT_EQ(key(0), key(1));
  EXPECT_NE(key(0), key(2));
  EXPECT_NE(key(0), key(3));
}

TEST_F(AnalyzerTest, TooManySubqueriesAreRefused) {
  std::string sql = "SELECT (SELECT 1)";
  for (int i = 0; i < 10'000; ++i) sql += ", (SELECT 1)";
  EXPECT_EQ(error(sql).substr(0, 26), "QUERY_HAS_TOO_MANY_STAGES:");
}

TEST_F(AnalyzerTest, LongDisjunctionsAreQuick) {
  std::string sql = "SELECT 1 FROM logs WHERE day = 0";
  for (int i = 1; i < 10'000; ++i) sql += " OR day = " + std::to_string(i);
  EXPECT_EQ(outputs(sql), "_col0 integer");
}

}  // namespace
}  // namespace trailsql
