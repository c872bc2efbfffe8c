#include "store/object_cache.h"

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "base/error.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

using Claim = ObjectCache::Claim;

class ObjectCacheTest : public testing::Test {
 protected:
  Claim find(const std::string& name, uint64_t size) {
    return cache_.find(name, size, bytes_, cancellation_);
  }
  size_t num_files() const {
    size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path()))
      count += entry.is_regular_file() ? 1 : 0;
    return count;
  }

  const TemporaryFolder folder_;
  ObjectCache cache_{folder_.path(), 100};
  ByteBuffer bytes_;
  Cancellation cancellation_;
};

TEST_F(ObjectCacheTest, KeepsWhatThereIsRoomFor) {
  EXPECT_EQ(find("a", 60), Claim::kCallers);
  EXPECT_EQ(find("b", 41), Claim::kNobodys);
  EXPECT_EQ(find("b", UINT64_MAX), Claim::kNobodys);
  EXPECT_EQ(find("c", 40), Claim::kCallers);
  cache_.keep("a", std::string(60, 'a'));
  EXPECT_EQ(find("a", 60), Claim::kOthers);
  EXPECT_EQ(bytes_.view(), std::string(60, 'a'));
  cache_.give_up("c");
  EXPECT_EQ(find("b", 40), Claim::kCallers);
  EXPECT_EQ(cache_.claim("b", 40), Claim::kOthers);
  EXPECT_EQ(cache_.claim("c", 1), Claim::kNobodys);
}

TEST_F(ObjectCacheTest, WaitsForWhatIsOnItsWay) {
  EXPECT_EQ(find("a", 1), Claim::kCallers);
  std::thread waiter([&] { EXPECT_EQ(find("a", 1), Claim::kCallers); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  cache_.give_up("a");  // then it is the next one's
  waiter.join();
  std::thread canceled([&] { EXPECT_THROW(find("a", 1), QueryError); });
  cancellation_.request();
  canceled.join();
}

TEST_F(ObjectCacheTest, WhatCannotBeWrittenLeavesNothing) {
  EXPECT_EQ(find("a", 50), Claim::kCallers);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{10, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  cache_.keep("a", std::string(50, 'a'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(num_files(), 0u);
  EXPECT_EQ(find("a", 100), Claim::kCallers);
}

TEST_F(ObjectCacheTest, FilesThatAreGoneAreFetchedAgain) {
  EXPECT_EQ(find("a", 1), Claim::kCallers);
  cache_.keep("a", "x");
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    std::filesystem::remove_all(entry.path());
  EXPECT_EQ(find("a", 1), Claim::kNobodys);
}

}  // namespace
}  // namespace trailsql
