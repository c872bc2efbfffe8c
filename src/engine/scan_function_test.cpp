#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "engine/fake_scan.h"
#include "engine/query_for_test.h"

namespace trailsql {
namespace {

void append_number(uint32_t, size_t row, Column& out) {
  out.append_int64(static_cast<int64_t>(row));
}

void append_mixed(uint32_t column, size_t row, Column& out) {
  if (row % 7 == 3) return out.append_null();
  if (column == 0) return out.append_int64(static_cast<int64_t>(row));
  out.append_string((row % 2 == 0 ? "n" : "a rather long value ") + std::to_string(row));
}

EngineQuery scan_query(std::string sql, std::vector<Type> types, std::shared_ptr<Scan> scan) {
  EngineQuery query = query_for_test(std::move(sql), std::move(types));
  query.scans = {std::move(scan)};
  return query;
}

TEST(ScanFunction, DeliversEveryRowOnceWithSeveralWorkers) {
  auto scan = std::make_shared<FakeScan>(std::vector<Type>{TypeKind::kBigint, Type::varchar()},
                                         100'000, 4, append_mixed);
  const std::vector<Column> columns = run_for_test(scan_query(
      "SELECT c0, c1 FROM trailsql_scan(0)", {TypeKind::kBigint, Type::varchar()}, scan));
  ASSERT_EQ(columns[0].size(), 100'000u);
  std::vector<bool> seen(100'000);
  size_t num_nulls = 0;
  for (size_t i = 0; i < columns[0].size(); ++i) {
    ASSERT_EQ(columns[0].is_null(i), columns[1].is_null(i));
    if (columns[0].is_null(i)) {
      ++num_nulls;
      continue;
    }
    const auto row = static_cast<size_t>(columns[0].int64_at(i));
    EXPECT_FALSE(seen[row]);
    seen[row] = true;
    ASSERT_EQ(columns[1].string_at(i),
              (row % 2 == 0 ? "n" : "a rather long value ") + std::to_string(row));
  }
  EXPECT_EQ(num_nulls, 14286u);
}

TEST(ScanFunction, AsksForTheColumnsInUseOnly) {
  auto scan = std::make_shared<FakeScan>(
      std::vector<Type>{TypeKind::kBigint, Type::varchar(), TypeKind::kBigint}, 10, 1,
      append_mixed);
  run_for_test(
      scan_query("SELECT c1, c1 FROM trailsql_scan(0)", {Type::varchar(), Type::varchar()}, scan));
  ASSERT_FALSE(scan->wanted().empty());
  for (const auto& wanted : scan->wanted()) EXPECT_EQ(wanted, (std::vector<uint32_t>{1}));
}

// DuckDB asks for the first column where it needs none, so the plan leaves out all columns.
TEST(ScanFunction, ScanWithoutColumnsCountsRows) {
  auto scan = std::make_shared<FakeScan>(std::vector<Type>{}, 5000, 2, append_mixed);
  const std::vector<Column> columns =
      run_for_test(scan_query("SELECT count(*) FROM trailsql_scan(0)", {TypeKind::kBigint}, scan));
  EXPECT_EQ(columns[0].int64_at(0), 5000);
  for (const auto& wanted : scan->wanted()) EXPECT_TRUE(wanted.empty());
}

TEST(ScanFunction, ATextTooLongForTheEngineEndsTheQuery) {
  auto scan = std::make_shared<FakeScan>(std::vector<Type>{Type::varchar()}, 1, 1,
                                         [](uint32_t, size_t, Column& out) {
                                           static const char kText[] = "only its beginning exists";
                                           out.append_borrowed_string({kText, size_t{1} << 32});
                                         });
  try {
    run_for_test(scan_query("SELECT length(c0) FROM trailsql_scan(0)", {TypeKind::kBigint}, scan));
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_EQ(error.full_text(), "NOT_SUPPORTED: A text of more than 4294967295 bytes");
  }
}

TEST(ScanFunction, NestedValuesArrive) {
  const Type type = Type::array(Type::row({{"a", Type::varchar()}, {"a", TypeKind::kInteger}}));
  auto scan = std::make_shared<FakeScan>(
      std::vector<Type>{type}, 10'000, 2, [](uint32_t, size_t row, Column& out) {
        if (row % 4 == 0) return out.append_null();
        for (size_t i = 0; i < row % 4; ++i) {
          Column& element = out.children()[0];
          if (i == 2) {
            element.append_null();
            continue;
          }
          element.children()[0].append_string("element of a list " + std::to_string(row));
          element.children()[1].append_int64(static_cast<int64_t>(i));
          element.append_row();
        }
        out.append_list();
      });
  const std::vector<Column> columns =
      run_for_test(scan_query("SELECT c0, len(c0) FROM trailsql_scan(0) WHERE len(c0) <> 1",
                              {type, TypeKind::kBigint}, scan));
  ASSERT_EQ(columns[0].size(), 5000u);
  for (size_t i = 0; i < columns[0].size(); ++i) {
    const std::string text = value_for_test(columns[0], i);
    const size_t from = text.find("list ") + 5;
    const std::string row = text.substr(from, text.find(',') - from);
    std::string expected =
        "[(element of a list " + row + ", 0), (element of a list " + row + ", 1)";
    expected += columns[1].int64_at(i) == 3 ? ", NULL]" : "]";
    ASSERT_EQ(text, expected);
  }
}

TEST(ScanFunction, ScansCanBeJoinedAndUsedTwice) {
  auto left =
      std::make_shared<FakeScan>(std::vector<Type>{TypeKind::kBigint}, 1000, 2, append_number);
  auto right =
      std::make_shared<FakeScan>(std::vector<Type>{TypeKind::kBigint}, 10, 1, append_number);
  EngineQuery query = query_for_test(
      "SELECT count(*) FROM trailsql_scan(0) a JOIN trailsql_scan(1) b ON a.c0 = b.c0",
      {TypeKind::kBigint});
  query.scans = {left, right};
  EXPECT_EQ(run_for_test(std::move(query))[0].int64_at(0), 10);
}

TEST(ScanFunction, ErrorsOfTheScanArriveAsTheyWere) {
  auto scan =
      std::make_shared<FakeScan>(std::vector<Type>{TypeKind::kBigint}, 100'000, 2, append_number);
  scan->before_batch = [&scan] {
    if (scan->rows_taken() > 50'000) {
      throw QueryError(ErrorCode::kHiveCursorError, "Row is not a valid JSON Object: /x/y.json.gz");
    }
  };
  try {
    run_for_test(
        scan_query("SELECT sum(c0)::BIGINT FROM trailsql_scan(0)", {TypeKind::kBigint}, scan));
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.full_text(), "HIVE_CURSOR_ERROR: Row is not a valid JSON Object: /x/y.json.gz");
  }
  scan->before_batch = nullptr;  // it refers to the scan
}

TEST(ScanFunction, UnknownScanIsAnInternalError) {
  try {
    run_for_test(query_for_test("SELECT c0 FROM trailsql_scan(3)", {TypeKind::kBigint}));
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.full_text(), "GENERIC_INTERNAL_ERROR: No scan has number 3");
  }
}

TEST(ScanFunction, ScanOfNoRows) {
  auto scan = std::make_shared<FakeScan>(std::vector<Type>{TypeKind::kBigint}, 0, 0, append_number);
  EXPECT_EQ(
      run_for_test(scan_query("SELECT c0 FROM trailsql_scan(0)", {TypeKind::kBigint}, scan))[0]
          .size(),
      0u);
}

}  // namespace
}  // namespace trailsql
