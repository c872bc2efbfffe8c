#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "engine/query_for_test.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class ParquetOutputTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::path(testing::TempDir()) / ("output-" + std::to_string(::getpid()))).string();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  EngineQuery query(const std::string& sql, const std::string& partition_column = {}) const {
    EngineQuery result = query_for_test(sql, {});
    result.output = ParquetOutput{folder_ + "/rows", "zstd", partition_column};
    return result;
  }
  std::string folder_;
};

TEST_F(ParquetOutputTest, WritesOneFileAndCounts) {
  const Cancellation cancellation;
  const auto stream = execute(query(R"(SELECT range AS "A b" FROM range(100000))"),
                              options_for_test(), cancellation);
  ColumnBatch batch;
  ASSERT_TRUE(stream->next(batch));
  EXPECT_EQ(batch.columns[0].int64_at(0), 100'000);
  EXPECT_FALSE(stream->next(batch));
  std::ifstream file(folder_ + "/rows", std::ios::binary);
  std::string magic(4, '\0');
  file.read(magic.data(), 4);
  EXPECT_EQ(magic, "PAR1");
}

TEST_F(ParquetOutputTest, PutsPartitionsIntoFolders) {
  const EngineQuery partitioned =
      query("SELECT range AS a, range % 3 AS partition FROM range(10)", "partition");
  const ParquetOutput output = *partitioned.output;
  const Cancellation cancellation;
  {
    const auto stream = execute(partitioned, options_for_test(), cancellation);
    ColumnBatch batch;
    while (stream->next(batch)) continue;
  }
  for (int64_t number = 0; number < 3; ++number)
    EXPECT_TRUE(fs::is_directory(partition_folder(output, number))) << number;
}

TEST_F(ParquetOutputTest, WritesNothingElse) {
  EngineQuery elsewhere = query("SELECT 1 AS a");
  elsewhere.sql = "SELECT 1 AS a) TO '" + folder_ + "/other' (FORMAT parquet); COPY (SELECT 1 AS a";
  const Cancellation cancellation;
  EXPECT_THROW(execute(elsewhere, options_for_test(), cancellation), QueryError);
  EXPECT_FALSE(fs::exists(folder_ + "/other"));
}

}  // namespace
}  // namespace trailsql
