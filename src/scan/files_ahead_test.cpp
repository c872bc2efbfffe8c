#include "scan/files_ahead.h"

#include <gtest/gtest.h>

#include <set>

#include "scan/scan_limits.h"
#include "store/gzip_for_test.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

class FilesAheadTest : public testing::Test {
 protected:
  void add(const std::string& name, const std::string& bytes) {
    folder_.write(name, bytes);
    StoredFile file;
    file.relative_path = name;
    file.size_bytes = bytes.size();
    files_.push_back(file);
  }
  FilesAhead start() {
    return FilesAhead(files_, next_file_, [this](const StoredFile& file) {
      return folder_.path() + "/" + file.relative_path;
    });
  }
  // Waits until it has read all that it will.
  void await(size_t num_claimed) const {
    for (int i = 0; i < 10'000 && next_file_ < num_claimed; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  TemporaryFolder folder_;
  std::vector<StoredFile> files_;
  std::atomic<size_t> next_file_{0};
};

TEST_F(FilesAheadTest, EveryFileIsReadOnce) {
  for (int i = 0; i < 50; ++i) add(std::to_string(i) + ".gz", gzip_for_test(std::to_string(i)));
  FilesAhead ahead = start();
  std::set<std::string> texts;
  while (auto file = ahead.take()) {
    EXPECT_TRUE(file->is_inflated);
    EXPECT_EQ(file->raw.view(), std::to_string(file->index));
    texts.insert(std::string(file->raw.view()));
  }
  // It ended when the first was taken; whoever reads the scan goes on from there.
  EXPECT_EQ(texts.size(), next_file_);
  EXPECT_FALSE(ahead.take());
}

TEST_F(FilesAheadTest, WhatIsNoSimpleGzipIsLeftAsItIs) {
  const std::string whole = gzip_for_test("text of a file");
  add("plain", "text");
  add("empty", "");
  add("cut", whole.substr(0, whole.size() - 1));
  add("two", whole + whole);
  add("behind", whole + "x");
  std::string damaged = whole;
  damaged[damaged.size() - 5] ^= 1;
  add("sum", damaged);
  FilesAhead ahead = start();
  await(files_.size());
  while (auto file = ahead.take()) {
    EXPECT_FALSE(file->is_inflated) << files_[file->index].relative_path;
    EXPECT_EQ(file->problem, "");
    EXPECT_EQ(file->stored.view().size(), files_[file->index].size_bytes);
  }
  EXPECT_EQ(next_file_, files_.size());
}

TEST_F(FilesAheadTest, AFileThatIsGone) {
  add("gone.gz", "x");
  std::filesystem::remove(folder_.path() + "/gone.gz");
  FilesAhead ahead = start();
  await(1);
  const auto file = ahead.take();
  ASSERT_TRUE(file);
  EXPECT_NE(file->problem, "");
}

TEST_F(FilesAheadTest, StaysWithinItsMemory) {
  const std::string large(kFilesAheadBytes / 4, 'a');
  for (int i = 0; i < 8; ++i) add(std::to_string(i) + ".gz", gzip_for_test(large));
  files_.back().size_bytes = kFilesAheadBytes + 1;  // as stored, too
  FilesAhead ahead = start();
  await(7);
  size_t num_inflated = 0;
  while (auto file = ahead.take()) num_inflated += file->is_inflated ? 1 : 0;
  EXPECT_EQ(num_inflated, 3u);
  EXPECT_EQ(next_file_, 7u);
}

TEST_F(FilesAheadTest, EndsAtAnyTime) {
  for (int i = 0; i < 50; ++i) add(std::to_string(i), std::string(10'000, 'x'));
  for (int i = 0; i < 20; ++i) {
    next_file_ = 0;
    const FilesAhead ahead = start();
  }
}

}  // namespace
}  // namespace trailsql
