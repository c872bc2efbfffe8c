// Several processes at one catalog, some of which die in the middle of their work.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "catalog/catalog.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

CatalogTable numbered_table(int process, int number) {
  CatalogTable table;
  table.database = "default";
  table.name = "t_" + std::to_string(process) + "_" + std::to_string(number);
  for (int i = 0; i < 20; ++i) {
    table.columns.push_back({"c" + std::to_string(i), Type::varchar(), std::nullopt});
  }
  table.serde_properties = {{"a", "b"}};
  table.location = "s3://b/";
  return table;
}

// Starts a process that does `work`; exit status 0 when nothing was thrown.
template <typename Work>
pid_t start(Work&& work) {
  const pid_t child = fork();
  if (child != 0) return child;
  int status = 0;
  try {
    work();
  } catch (const std::exception& error) {
    fprintf(stderr, "%s\n", error.what());
    status = 1;
  }
  _exit(status);
}

int wait_for(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

class CatalogProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "trailsql_catalog_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    path_ = (folder_ / "catalog.db").string();
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
  std::string path_;
};

TEST_F(CatalogProcessTest, ProcessesCreateTheFileAndTablesAtOnce) {
  constexpr int kNumProcesses = 6;
  constexpr int kNumTables = 25;
  std::vector<pid_t> children;
  for (int process = 0; process < kNumProcesses; ++process) {
    children.push_back(start([&] {
      const auto catalog = Catalog::open(path_);
      for (int i = 0; i < kNumTables; ++i) {
        catalog->create_table(numbered_table(process, i), false);
        catalog->find_table("default", numbered_table(process, i / 2).name);
      }
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  EXPECT_EQ(Catalog::open(path_)->table_names("default").size(),
            static_cast<size_t>(kNumProcesses * kNumTables));
}

TEST_F(CatalogProcessTest, OnlyOneProcessCreatesATable) {
  std::vector<pid_t> children;
  for (int process = 0; process < 4; ++process) {
    children.push_back(start([&] {
      const auto catalog = Catalog::open(path_);
      int num_created = 0;
      for (int i = 0; i < 20; ++i) num_created += catalog->create_table(numbered_table(0, i), true);
      catalog->create_database(
          {"made_" + std::to_string(num_created) + "_by_" + std::to_string(getpid()), {}, {}, {}},
          false);
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(wait_for(child), 0);
  int num_created = 0;
  const auto catalog = Catalog::open(path_);
  for (const std::string& name : catalog->database_names()) {
    if (name.starts_with("made_")) num_created += std::atoi(name.c_str() + 5);
  }
  EXPECT_EQ(num_created, 20);
  EXPECT_EQ(catalog->table_names("default").size(), 20u);
}

TEST_F(CatalogProcessTest, KilledProcessesLeaveWholeTablesOnly) {
  Catalog::open(path_);
  for (int round = 0; round < 8; ++round) {
    const pid_t child = start([&] {
      const auto catalog = Catalog::open(path_);
      for (int i = 0;; ++i) {
        catalog->create_table(numbered_table(round, i), false);
        catalog->create_view(numbered_table(100 + round, i % 3), true);
      }
    });
    usleep(static_cast<useconds_t>(15'000 + round * 7'000));
    kill(child, SIGKILL);
    ASSERT_TRUE(WIFSIGNALED(wait_for(child)));
  }
  const auto catalog = Catalog::open(path_);
  const std::vector<std::string> names = catalog->table_names("default");
  EXPECT_GT(names.size(), 8u);
  for (const std::string& name : names) {
    const auto table = catalog->find_table("default", name);
    ASSERT_NE(table, nullptr);
    EXPECT_EQ(table->columns.size(), 20u);
    EXPECT_EQ(table->serde_properties.size(), 1u);
  }
  EXPECT_TRUE(catalog->create_table(numbered_table(1000, 0), false));
}

}  // namespace
}  // namespace trailsql
