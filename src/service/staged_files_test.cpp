#include "service/staged_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "service/file_moves.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class StagedFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = (fs::path(testing::TempDir()) / ("staged-" + std::to_string(::getpid()))).string();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    fs::create_directories(home_);
    catalog_ = Catalog::open(home_ + "/catalog.db");
  }
  void TearDown() override {
    catalog_.reset();
    fs::remove_all(folder_);
    fs::remove_all(home_);
  }

  void add_moves(const std::vector<FileMove>& moves) {
    CatalogTable table;
    table.database = "default";
    table.name = "t";
    table.location = folder_;
    catalog_->create_table(table, false, {}, moves);
  }
  static void write(const std::string& path) { std::ofstream(path) << "text"; }
  std::string folder_;
  const std::string home_ =
      (fs::path(testing::TempDir()) / ("staged-home-" + std::to_string(::getpid()))).string();
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(StagedFilesTest, BecomesItsTarget) {
  fs::create_directories(folder_ + "/target");
  StagedFiles staged(folder_, *catalog_);
  write(staged.make_folder("p=1") + "/file");
  staged.finish();
  staged.become(folder_ + "/target");
  EXPECT_TRUE(fs::exists(folder_ + "/target/p=1/file"));
  EXPECT_FALSE(fs::exists(staged.path()));
}

TEST_F(StagedFilesTest, NeverReplacesFiles) {
  fs::create_directories(folder_ + "/target");
  write(folder_ + "/target/old");
  StagedFiles staged(folder_, *catalog_);
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
  StagedFiles staged(folder_, *catalog_);
  write(staged.path() + "/top");
  write(staged.make_folder("p=1/q=2") + "/deep");
  staged.finish();
  add_moves(staged.moves([&](const std::string& name) {
    return name == "p=1/q=2" ? folder_ + "/elsewhere" : folder_ + "/" + name;
  }));
  EXPECT_TRUE(finish_moves(*catalog_).empty());
  EXPECT_TRUE(fs::exists(folder_ + "/top"));
  EXPECT_TRUE(fs::exists(folder_ + "/elsewhere/deep"));
  EXPECT_TRUE(catalog_->moves().empty());
}

// As when the process dies between telling the catalog and moving the files.
TEST_F(StagedFilesTest, WhatTheCatalogKnowsIsFinishedByWhoeverComesNext) {
  const std::string dead = folder_ + "/.trailsql-dead";
  fs::create_directories(dead);
  write(dead + "/file");
  add_moves({{dead + "/file", folder_ + "/p=1/file"}, {dead + "/gone", "/nowhere/x"}});
  { const StagedFiles sweeps(folder_, *catalog_); }
  EXPECT_TRUE(fs::exists(dead + "/file"));
  EXPECT_TRUE(finish_moves(*catalog_).empty());
  EXPECT_TRUE(fs::exists(folder_ + "/p=1/file"));
  { const StagedFiles sweeps(folder_, *catalog_); }
  EXPECT_FALSE(fs::exists(dead));
}

TEST_F(StagedFilesTest, AMoveThatFailsStays) {
  write(folder_ + "/source");
  fs::create_directories(folder_ + "/target/full");
  add_moves({{folder_ + "/source", folder_ + "/target"}});
  ASSERT_EQ(finish_moves(*catalog_).size(), 1U);
  EXPECT_EQ(catalog_->moves().size(), 1U);
  fs::remove_all(folder_ + "/target");
  EXPECT_TRUE(finish_moves(*catalog_).empty());
  EXPECT_TRUE(fs::is_regular_file(folder_ + "/target"));
}

TEST_F(StagedFilesTest, SweepsWhatDeadProcessesLeft) {
  fs::create_directories(folder_ + "/.trailsql-dead");
  fs::create_directories(folder_ + "/.other");
  {
    const StagedFiles staged(folder_, *catalog_);
    EXPECT_TRUE(fs::exists(staged.path()));
  }
  EXPECT_FALSE(fs::exists(folder_ + "/.trailsql-dead"));
  EXPECT_TRUE(fs::exists(folder_ + "/.other"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

}  // namespace
}  // namespace trailsql
