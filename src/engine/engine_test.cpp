#include "engine/engine.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "engine/fake_scan.h"
#include "engine/query_for_test.h"

namespace trailsql {
namespace {

using Clock = std::chrono::steady_clock;

int64_t ms_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

// Never ends; each batch takes a moment, as batches of real scans do.
std::shared_ptr<FakeScan> endless_scan() {
  auto scan = std::make_shared<FakeScan>(
      std::vector<Type>{TypeKind::kBigint}, size_t{1} << 60, 2,
      [](uint32_t, size_t row, Column& out) { out.append_int64(static_cast<int64_t>(row)); });
  scan->before_batch = [] { std::this_thread::sleep_for(std::chrono::milliseconds(1)); };
  return scan;
}

QueryError failure_of(EngineQuery query, const EngineOptions& options = options_for_test()) {
  try {
    run_for_test(std::move(query), options);
  } catch (const QueryError& error) {
    return error;
  }
  return {ErrorCode::kGenericUserError, "no failure"};
}

TEST(Engine, SelectsConstants) {
  const std::vector<Column> columns =
      run_for_test(query_for_test("SELECT 1, 'a'", {TypeKind::kInteger, Type::varchar()}));
  ASSERT_EQ(columns[0].size(), 1u);
  EXPECT_EQ(columns[0].int64_at(0), 1);
  EXPECT_EQ(columns[1].string_at(0), "a");
}

TEST(Engine, OrderedResultsAreOrdered) {
  EngineQuery query =
      query_for_test("SELECT i FROM range(50000) t(i) ORDER BY i DESC", {TypeKind::kBigint});
  query.ordered = true;
  const std::vector<Column> columns = run_for_test(std::move(query));
  ASSERT_EQ(columns[0].size(), 50000u);
  for (size_t i = 0; i < 50000; ++i) {
    ASSERT_EQ(columns[0].int64_at(i), static_cast<int64_t>(49999 - i));
  }
}

TEST(Engine, EmptyResultsHaveColumns) {
  const Cancellation cancellation;
  auto stream = execute(query_for_test("SELECT 1 WHERE false", {TypeKind::kInteger}),
                        options_for_test(), cancellation);
  ColumnBatch batch;
  EXPECT_FALSE(stream->next(batch));
  EXPECT_EQ(batch.columns.size(), 1u);
  EXPECT_FALSE(stream->next(batch));
}

TEST(Engine, TypesThatDoNotMatchAreRefused) {
  EXPECT_EQ(failure_of(query_for_test("SELECT 1", {TypeKind::kBigint})).full_text(),
            "GENERIC_INTERNAL_ERROR: The engine made column 1 as INTEGER instead of BIGINT "
            "(bigint)");
  EXPECT_EQ(failure_of(query_for_test("SELECT 1, 2", {TypeKind::kInteger})).full_text(),
            "GENERIC_INTERNAL_ERROR: The engine made 2 columns instead of 1");
}

TEST(Engine, FailuresOfTheEngineItself) {
  EXPECT_EQ(failure_of(query_for_test("SELECT nothing", {TypeKind::kInteger})).code(),
            ErrorCode::kGenericInternalError);
  EXPECT_EQ(failure_of(query_for_test("SELECT (SELECT i FROM range(2) t(i))", {TypeKind::kBigint}))
                .full_text(),
            "SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows");
  EXPECT_EQ(failure_of(query_for_test("SELECT 9223372036854775807::BIGINT + i FROM range(2) t(i)",
                                      {TypeKind::kBigint}))
                .code(),
            ErrorCode::kNumericValueOutOfRange);
  EXPECT_EQ(failure_of(query_for_test("SELECT (i + 200)::TINYINT FROM range(2) t(i)",
                                      {TypeKind::kTinyint}))
                .code(),
            ErrorCode::kNumericValueOutOfRange);
}

TEST(Engine, IsLockedDown) {
  for (const char* sql :
       {"SELECT content FROM read_text('/etc/hostname')", "SELECT * FROM read_csv('/etc/passwd')",
        "SET threads = 1", "SET enable_external_access = true", "INSTALL httpfs", "LOAD httpfs",
        "COPY (SELECT 1) TO '/tmp/trailsql_engine_test_escape.csv'"}) {
    EXPECT_EQ(failure_of(query_for_test(sql, {Type::varchar()})).code(),
              ErrorCode::kGenericInternalError)
        << sql;
  }
  EXPECT_FALSE(std::filesystem::exists("/tmp/trailsql_engine_test_escape.csv"));
}

TEST(Engine, CancellationEndsWhatRuns) {
  const char* statements[] = {
      "SELECT sum(c0)::BIGINT FROM trailsql_scan(0)",
      "SELECT c0 FROM trailsql_scan(0) WHERE c0 < 0",
      "SELECT count(*) FROM range(1000000) a(i), range(1000000) b(j) WHERE i + j = -1",
      "SELECT c0 FROM trailsql_scan(0)",
  };
  for (const char* sql : statements) {
    SCOPED_TRACE(sql);
    Cancellation cancellation;
    Clock::time_point requested;
    std::thread canceler([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
      requested = Clock::now();
      cancellation.request();
    });
    EngineQuery query = query_for_test(sql, {TypeKind::kBigint});
    query.scans = {endless_scan()};
    ErrorCode code = ErrorCode::kGenericUserError;
    try {
      auto stream = execute(std::move(query), options_for_test(), cancellation);
      ColumnBatch batch;
      while (stream->next(batch)) {
      }
    } catch (const QueryError& error) {
      code = error.code();
    }
    canceler.join();
    EXPECT_EQ(code, ErrorCode::kUserCanceled);
    EXPECT_LT(ms_since(requested), 300);
  }
}

TEST(Engine, CancellationBeforeTheStart) {
  Cancellation cancellation;
  cancellation.request();
  EXPECT_THROW(
      execute(query_for_test("SELECT 1", {TypeKind::kInteger}), options_for_test(), cancellation),
      QueryError);
}

TEST(Engine, AbandonedStreamsEndQuickly) {
  const Cancellation cancellation;
  EngineQuery query = query_for_test("SELECT c0 FROM trailsql_scan(0)", {TypeKind::kBigint});
  auto scan = endless_scan();
  query.scans = {scan};
  auto stream = execute(std::move(query), options_for_test(), cancellation);
  ColumnBatch batch;
  ASSERT_TRUE(stream->next(batch));
  const Clock::time_point start = Clock::now();
  stream.reset();
  EXPECT_LT(ms_since(start), 200);
  EXPECT_GT(batch.num_rows, 0u);
}

TEST(Engine, FirstRowsComeBeforeTheLast) {
  const Cancellation cancellation;
  auto scan = std::make_shared<FakeScan>(
      std::vector<Type>{TypeKind::kBigint}, 50'000'000, 1,
      [](uint32_t, size_t row, Column& out) { out.append_int64(static_cast<int64_t>(row)); });
  EngineQuery query = query_for_test("SELECT c0 FROM trailsql_scan(0)", {TypeKind::kBigint});
  query.scans = {scan};
  auto stream = execute(std::move(query), options_for_test(), cancellation);
  ColumnBatch batch;
  ASSERT_TRUE(stream->next(batch));
  EXPECT_LT(scan->rows_taken(), 10'000'000u);
}

TEST(Engine, MemoryLimitIsAnErrorOfItsOwn) {
  EngineOptions options = options_for_test();
  options.database.memory_limit_bytes = 50'000'000;
  const QueryError error = failure_of(
      query_for_test("SELECT len(list(i::VARCHAR || 'some longer text')) FROM range(20000000) t(i)",
                     {TypeKind::kBigint}),
      options);
  EXPECT_EQ(error.code(), ErrorCode::kExceededMemoryLimit) << error.what();
  EXPECT_TRUE(
      std::string(error.what()).starts_with("Query exceeded per-node memory limit of 50.0 MB ["))
      << error.what();
}

TEST(Engine, SpillsIntoItsOwnFolderAndTidiesUp) {
  EngineOptions options = options_for_test();
  options.temporary_directory += "/made/when needed";
  options.database.num_threads = 1;
  options.database.memory_limit_bytes = 100'000'000;
  const std::vector<Column> columns = run_for_test(
      query_for_test("SELECT count(*) FROM (SELECT i, hash(i) AS h, repeat('x', 50) || i AS t "
                     "FROM range(4000000) t(i) ORDER BY h OFFSET 1)",
                     {TypeKind::kBigint}),
      options);
  EXPECT_EQ(columns[0].int64_at(0), 3'999'999);
  EXPECT_TRUE(std::filesystem::is_empty(options.temporary_directory));
}

TEST(Engine, DeepExpressionsAreNoProblem) {
  std::string sql = "1";
  for (int i = 0; i < 200; ++i) sql = "CASE WHEN true THEN (" + sql + " + 0)::INTEGER ELSE 0 END";
  EXPECT_EQ(run_for_test(query_for_test("SELECT " + sql, {TypeKind::kInteger}))[0].int64_at(0), 1);
}

TEST(Engine, VersionIsThePinnedOne) { EXPECT_EQ(engine_version(), "1.5.5"); }

}  // namespace
}  // namespace trailsql
