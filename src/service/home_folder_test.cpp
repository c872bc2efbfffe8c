#include "service/home_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class TemporaryFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "trailsql_home_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    parent_ = name;
  }
  void TearDown() override { fs::remove_all(parent_); }

  std::string parent_;
};

TEST_F(TemporaryFolderTest, EachObjectHasItsOwn) {
  const TemporaryFolder first(parent_, "run-");
  {
    const TemporaryFolder second(parent_, "run-");
    EXPECT_NE(first.path(), second.path());
    fs::create_directories(second.path());
  }
  EXPECT_TRUE(fs::exists(first.path()));
  EXPECT_EQ(std::distance(fs::directory_iterator(parent_), {}), 1) << "the second one is left";
}

TEST_F(TemporaryFolderTest, RemovesWhatDeadProcessesLeft) {
  const pid_t child = ::fork();
  if (child == 0) {
    const TemporaryFolder folder(parent_, "run-");
    ::_exit(0);  // without a destructor
  }
  ::waitpid(child, nullptr, 0);
  fs::create_directories(fs::path(parent_) / "notes");
  EXPECT_EQ(std::distance(fs::directory_iterator(parent_), {}), 2);
  const TemporaryFolder folder(parent_, "run-");
  EXPECT_EQ(std::distance(fs::directory_iterator(parent_), {}), 2);
  EXPECT_TRUE(fs::exists(fs::path(parent_) / "notes")) << "a folder of somebody else";
}

TEST_F(TemporaryFolderTest, KeepsWhatIsNeededAndWhatLives) {
  const TemporaryFolder lives(parent_, "run-");
  fs::create_directories(fs::path(parent_) / "run-dead");
  fs::create_directories(fs::path(parent_) / "run-needed");
  TemporaryFolder::remove_abandoned(
      parent_, "run-", [](const std::string& path) { return path.ends_with("needed"); });
  EXPECT_TRUE(fs::exists(lives.path()));
  EXPECT_FALSE(fs::exists(fs::path(parent_) / "run-dead"));
  EXPECT_TRUE(fs::exists(fs::path(parent_) / "run-needed"));
}

}  // namespace
}  // namespace trailsql
