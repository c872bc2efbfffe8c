#include "service/staged_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class StagedFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::path(testing::TempDir()) / ("staged-" + std::to_string(::getpid()))).string();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static void write(const std::string& path) { std::ofstream(path) << "text"; }
  std::string folder_;
};

TEST_F(StagedFilesTest, BecomesItsTarget) {
  fs::create_directories(folder_ + "/target");
  StagedFiles staged(folder_);
  write(staged.make_folder("p=1") + "/file");
  staged.finish();
  staged.become(folder_ + "/target");
  EXPECT_TRUE(fs::exists(folder_ + "/target/p=1/file"));
  EXPECT_FALSE(fs::exists(staged.path()));
}

TEST_F(StagedFilesTest, NeverReplacesFiles) {
  fs::create_directories(folder_ + "/target");
  write(folder_ + "/target/old");
  StagedFiles staged(folder_);
  write(staged.path() + "/file");
  staged.finish();
  try {
    staged.become(folder_ + "/target");
    FAIL();
  } catch (const QueryError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kHivePathAlreadyExists);
  }
  EXPECT_TRUE(fs::exists(folder_ + "/target/old"));
}

TEST_F(StagedFilesTest, MovesFilesWhereTheirFoldersBelong) {
  StagedFiles staged(folder_);
  write(staged.path() + "/top");
  write(staged.make_folder("p=1/q=2") + "/deep");
  staged.finish();
  staged.move_files([&](const std::string& name) {
    return name == "p=1/q=2" ? folder_ + "/elsewhere" : folder_ + "/" + name;
  });
  EXPECT_TRUE(fs::exists(folder_ + "/top"));
  EXPECT_TRUE(fs::exists(folder_ + "/elsewhere/deep"));
}

TEST_F(StagedFilesTest, SweepsWhatDeadProcessesLeft) {
  // No process has this number: it is beyond the kernel's limit.
  fs::create_directories(folder_ + "/.trailsql-2000000000.0");
  fs::create_directories(folder_ + "/.other");
  {
    const StagedFiles staged(folder_);
    EXPECT_TRUE(fs::exists(staged.path()));
  }
  EXPECT_FALSE(fs::exists(folder_ + "/.trailsql-2000000000.0"));
  EXPECT_TRUE(fs::exists(folder_ + "/.other"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

}  // namespace
}  // namespace trailsql
