#include "store/file_listing.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/error.h"
#include "store/file_reader.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

class FileListingTest : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& bytes = "x") const {
    folder_.write(name, bytes);
  }
  static std::string names(const FileListing& listing) {
    std::string out;
    for (const StoredFile& file : listing.files) out += file.relative_path + " ";
    return out;
  }
  const TemporaryFolder folder_;
  const std::string& root_ = folder_.path();
};

TEST_F(FileListingTest, ListsRecursivelyAndHidesUnderscoresAndDots) {
  write("b/2.json");
  write("a/deep/er/1.json.gz", "abc");
  write("_hidden");
  write(".hidden");
  write("_folder/x.json");
  write(".folder/x.json");
  write("no_extension");
  const FileListing listing = list_files(root_);
  EXPECT_TRUE(listing.exists);
  EXPECT_EQ(names(listing), "a/deep/er/1.json.gz b/2.json no_extension ");
  EXPECT_EQ(listing.files[0].size_bytes, 3u);
  EXPECT_GT(listing.files[0].modified_time_us, 1'600'000'000'000'000);
}

TEST_F(FileListingTest, FollowsLinksButNotInCircles) {
  write("a/1.json");
  fs::create_directory_symlink(root_, fs::path(root_) / "a/loop");
  fs::create_directory_symlink(fs::path(root_) / "a", fs::path(root_) / "other");
  fs::create_symlink("nowhere", fs::path(root_) / "broken");
  EXPECT_EQ(names(list_files(root_)), "a/1.json other/1.json ");
}

TEST_F(FileListingTest, TakesOneFileAndTheMissing) {
  write("_one.json");
  const FileListing one = list_files(root_ + "/_one.json");
  ASSERT_EQ(one.files.size(), 1u);
  EXPECT_EQ(one.files[0].relative_path, "");
  EXPECT_FALSE(list_files(root_ + "/absent").exists);
}

TEST_F(FileListingTest, RefusesTooDeepFolders) {
  std::string path = root_;
  for (int i = 0; i < 140; ++i) {
    path += "/d";
    ASSERT_EQ(::mkdir(path.c_str(), 0755), 0);
  }
  try {
    list_files(root_);
    FAIL() << "no error";
  } catch (const QueryError& error) {
    EXPECT_EQ(error.code(), ErrorCode::kHiveFilesystemError);
    EXPECT_NE(std::string(error.what()).find(root_), std::string::npos);
  }
}

TEST(JoinLocation, PutsExactlyOneSlash) {
  EXPECT_EQ(join_location("s3://b/p/", "x/y.json"), "s3://b/p/x/y.json");
  EXPECT_EQ(join_location("s3://b/p", "x/y.json"), "s3://b/p/x/y.json");
  EXPECT_EQ(join_location("/one.json", ""), "/one.json");
}

TEST_F(FileListingTest, ReaderReadsWholeFilesAndNamesTheMissing) {
  const std::string text(300'000, 'q');
  write("large", text);
  write("small", "s");
  ByteBuffer bytes;
  EXPECT_EQ(read_file(root_ + "/large", bytes), "");
  EXPECT_EQ(bytes.view(), text);
  EXPECT_EQ(read_file(root_ + "/small", bytes), "");
  EXPECT_EQ(bytes.view(), "s");
  EXPECT_EQ(read_file(root_ + "/absent", bytes), "No such file or directory");
}

}  // namespace
}  // namespace trailsql
