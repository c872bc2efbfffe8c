#include "engine/parquet_view.h"

#include <duckdb.h>
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/database_stock.h"
#include "engine/engine_text.h"
#include "engine/query_for_test.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// A folder whose Parquet files DuckDB writes.
class ParquetView : public testing::Test {
 public:
  ~ParquetView() override { fs::remove_all(folder_); }

 protected:
  // The name needs quoting, and has what DuckDB takes for a pattern.
  ParquetView() : folder_(fs::temp_directory_path() / "trailsql_parquet_it's_[a]*") {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }

  void write(const std::string& name, const std::string& query) {
    load_duckdb();
    duckdb_database database = nullptr;
    duckdb_connection connection = nullptr;
    ASSERT_EQ(duckdb_open(nullptr, &database), DuckDBSuccess);
    ASSERT_EQ(duckdb_connect(database, &connection), DuckDBSuccess);
    const std::string sql = fmt::format("COPY ({}) TO {} (FORMAT parquet)", query,
                                        engine_text((folder_ / name).string()));
    EXPECT_EQ(duckdb_query(connection, sql.c_str(), nullptr), DuckDBSuccess) << sql;
    duckdb_disconnect(&connection);
    duckdb_close(&database);
    table_.files.push_back({(folder_ / name).string(), "s3://bucket/" + name, 1, 1'500'000'789});
  }

  // Wants column `v` of type `type`; returns its values, or the error.
  std::string read(const std::string& type, std::vector<uint32_t> fields = {},
                   const std::string& wanted = "") {
    table_.spec.table_name = "default.t";
    table_.spec.table_columns = {{"v", parse_type(type)}};
    ScanColumn column;
    column.fields = std::move(fields);
    column.type = parse_type(wanted.empty() ? type : wanted);
    return read(column);
  }
  std::string read(const ScanColumn& column) {
    table_.spec.columns = {column};
    table_.report = &report_;
    EngineQuery query = query_for_test("SELECT c0 FROM parquet_0", {column.type});
    query.parquet_tables = {table_};
    query.ordered = true;
    try {
      const std::vector<Column> columns = run_for_test(std::move(query));
      std::string text;
      for (size_t row = 0; row < columns[0].size(); ++row)
        text += (row == 0 ? "" : " ") + value_for_test(columns[0], row);
      return text;
    } catch (const QueryError& error) {
      return error.full_text();
    }
  }

  fs::path folder_;
  ParquetTable table_;
  ScanReport report_;
};

TEST_F(ParquetView, NumbersOfOtherWidths) {
  write("a", "SELECT 7::BIGINT AS V UNION ALL SELECT NULL");
  EXPECT_EQ(read("bigint"), "7 NULL");
  EXPECT_EQ(read("tinyint"), "7 NULL");
  EXPECT_EQ(read("decimal(5,2)"), "700 NULL");
  EXPECT_EQ(
      read("double"),
      "HIVE_BAD_DATA: Field v's type INT64 in parquet file s3://bucket/a is incompatible with "
      "type double defined in table schema");
  write("b", "SELECT 300::INTEGER AS v");
  EXPECT_EQ(read("bigint"), "7 NULL 300");
  EXPECT_EQ(read("tinyint"),
            "HIVE_BAD_DATA: A value of column v in the Parquet files of default.t is out of the "
            "range of tinyint");
  EXPECT_EQ(report_.num_files_done, 5U);
}

TEST_F(ParquetView, TextIsCut) {
  write("a", "SELECT 'äbc  ' AS v UNION ALL SELECT 'x'");
  EXPECT_EQ(read("varchar(2)"), "äb x");
  EXPECT_EQ(read("char(4)"), "äbc x");
  EXPECT_EQ(read("binary"), "äbc   x");
  write("b", "SELECT 'y'::BLOB AS v UNION ALL SELECT '\\xFF'::BLOB");
  EXPECT_EQ(read("string"), "äbc   x y NULL");
}

TEST_F(ParquetView, TimestampsAreRounded) {
  write("a", "SELECT TIMESTAMP '1970-01-01 00:00:01.0005' AS v");
  write("b", "SELECT TIMESTAMP_NS '1969-12-31 23:59:59.999499999' AS v");
  write("c", "SELECT TIMESTAMPTZ '1970-01-01 01:00:00+01' AS v");
  EXPECT_EQ(read("timestamp"), "1001000 -1000 0");
}

TEST_F(ParquetView, NestedValuesByName) {
  write("a", "SELECT {'B': 1, 'A': [{'x': 2::BIGINT}]} AS v, 1 AS other");
  write("b", "SELECT {'c': 1} AS v");
  write("c", "SELECT 5 AS other");
  EXPECT_EQ(read("struct<a:array<struct<y:string,x:int>>,b:bigint>"),
            "([(NULL, 2)], 1) (NULL, NULL) NULL");
  EXPECT_EQ(read("struct<a:array<struct<y:string,x:int>>,b:bigint>", {1}, "bigint"), "1 NULL NULL");
  EXPECT_EQ(read("struct<a:bigint,b:bigint>"),
            "HIVE_BAD_DATA: Field v's type LIST in parquet file s3://bucket/a is incompatible with "
            "type row(a bigint, b bigint) defined in table schema");
}

TEST_F(ParquetView, MapsAreSortedByKey) {
  write("a", "SELECT MAP {'y': 2, 'x': 1} AS v");
  EXPECT_EQ(read("map<string,bigint>"), "{x: 1, y: 2}");
}

TEST_F(ParquetView, HiddenColumns) {
  write("a", "SELECT 1 AS v");
  write("b", "SELECT 2 AS v");
  ScanColumn column;
  column.source = ScanColumn::Source::kPath;
  column.type = Type::varchar();
  EXPECT_EQ(read(column), "s3://bucket/a s3://bucket/b");
  column.source = ScanColumn::Source::kFileSize;
  column.type = TypeKind::kBigint;
  EXPECT_EQ(read(column), "1 1");
  column.source = ScanColumn::Source::kFileModifiedTime;
  column.type = Type::timestamp_with_time_zone(3);
  EXPECT_EQ(read(column), "(1500000000, UTC) (1500000000, UTC)");
}

TEST_F(ParquetView, NamesThatArePatternsOfOthers) {
  write("a1", "SELECT 1 AS v");
  write("a[1]", "SELECT 2 AS v");
  write("a*", "SELECT 3 AS v");
  write("a?", "SELECT 4 AS v");
  write("a\\1", "SELECT 5 AS v");
  write("[[]", "SELECT 6 AS v");
  EXPECT_EQ(read("bigint"), "6 3 1 4 2 5");
  ScanColumn column;
  column.source = ScanColumn::Source::kPath;
  column.type = Type::varchar();
  EXPECT_EQ(read(column),
            "s3://bucket/[[] s3://bucket/a* s3://bucket/a1 s3://bucket/a? s3://bucket/a[1] "
            "s3://bucket/a\\1");
}

TEST_F(ParquetView, FilesThatAreNoParquetFiles) {
  EXPECT_EQ(read("bigint"), "");
  write("a", "SELECT i AS v, repeat('x', 100) AS w FROM range(100000) t(i)");
  // The footer stays, the pages before it are overwritten.
  {
    std::fstream file(folder_ / "a", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4);
    file << std::string(60'000, 'z');
  }
  const std::string expected = fmt::format(
      "HIVE_BAD_DATA: Malformed Parquet file. s3://bucket/a ({}) is not a valid Parquet "
      "file",
      (folder_ / "a").string());
  EXPECT_EQ(read("bigint"), expected);
  std::ofstream(folder_ / "a") << "hello";
  EXPECT_EQ(read("bigint"), expected);
}

}  // namespace
}  // namespace trailsql
