#include "store/distinct_roots.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

TEST(DistinctRoots, WhatLiesInAnotherIsLeftOut) {
  EXPECT_EQ(distinct_roots({"/a/b", "/a", "/ab/", "/a/"}), (std::vector<size_t>{1, 2}));
  EXPECT_EQ(distinct_roots({"/x"}), std::vector<size_t>{0});
  const TemporaryFolder folder;
  folder.write("logs/a.json", "{}");
  std::filesystem::create_symlink(folder.path() + "/logs", folder.path() + "/link");
  EXPECT_EQ(distinct_roots({folder.path() + "/link", folder.path() + "/logs/a.json"}),
            std::vector<size_t>{0});
}

}  // namespace
}  // namespace trailsql
