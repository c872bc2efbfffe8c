#include "store/file_store.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/bucket_fixture_for_test.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

/// Hands requests on to a server that others hold.
class SharedHttp : public HttpClient {
 public:
  explicit SharedHttp(HttpClient& server) : server_(server) {}
  HttpResponse send(const HttpRequest& request, const Cancellation& cancellation) override {
    return server_.send(request, cancellation);
  }

 private:
  HttpClient& server_;
};

class FileStoreTest : public ScriptedBucketFixture {
 protected:
  FileStoreTest()
      : buckets_(
            [this](const char* name) -> std::optional<std::string> {
              const auto found = variables_.find(name);
              if (found == variables_.end()) return std::nullopt;
              return found->second;
            },
            [this](const HttpOptions&) { return std::make_unique<SharedHttp>(server_); }) {}

  FileStore store(bool skips_denied = false) {
    return {buckets_, access_, context(), skips_denied};
  }

  static std::string shown(const FileListing& listing) {
    std::string text = listing.exists ? "" : "none";
    for (const StoredFile& file : listing.files) text += "[" + file.relative_path + "]";
    for (const UnlistedPath& path : listing.unlisted) text += "!" + path.path;
    return text;
  }

  Buckets buckets_;
};

TEST_F(FileStoreTest, FilesOfALocation) {
  for (const char* key : {"t/a", "t/b/c", "t/_b/d", "t/.e", "t/", "ta", "u/_x"}) server_.add(key);
  server_.manners.max_keys = 2;
  EXPECT_EQ(shown(store().list_files("s3://logs/t/")), "[a][b/c]");
  EXPECT_EQ(shown(store().list_files("s3://logs/t")), "[a][b/c]");
  EXPECT_EQ(shown(store().list_files("s3://logs/")), "[t/a][t/b/c][ta]");
  EXPECT_EQ(shown(store().list_files("s3://logs")), "[t/a][t/b/c][ta]");
  EXPECT_EQ(shown(store().list_files("s3://logs/t/_b")), "[d]");
  EXPECT_EQ(shown(store().list_files("s3://logs/none")), "none");
  EXPECT_EQ(shown(store().list_files("s3://logs/u/")), "none");
}

TEST_F(FileStoreTest, LocationsThatAreObjects) {
  for (const char* key : {"t/a", "t/ab/c", "t/_h"}) server_.add(key, "bytes");
  const FileListing listing = store().list_files("s3://logs/t/a");
  EXPECT_EQ(shown(listing), "[]");
  EXPECT_EQ(listing.files.at(0).size_bytes, 5u);
  EXPECT_EQ(shown(store().list_files("s3://logs/t/_h")), "[]");  // by its own name, as on disk
  EXPECT_EQ(shown(store().list_files("s3://logs/t/")), "[a][ab/c]");
  EXPECT_EQ(shown(store().list_files("s3://logs/t/a/")), "none");
}

TEST_F(FileStoreTest, FoldersThatAreNotWanted) {
  for (const char* key : {"t/a/1", "t/a/b/2", "t/c/3", "t/4"}) server_.add(key);
  const FolderFilter filter = [](const std::string& path) { return path != "c/"; };
  EXPECT_EQ(shown(store().list_files("s3://logs/t", filter)), "[4][a/1][a/b/2]");
  for (const SeenRequest& request : server_.take_requests())
    EXPECT_NE(request.query.at("prefix"), "t/c/");
}

TEST_F(FileStoreTest, ManyLocationsAtOnce) {
  const TemporaryFolder disk;
  disk.write("a/x", "1");
  std::vector<std::string> paths = {disk.path() + "/a", "s3://logs/none", "s3://logs/p007/0"};
  for (int i = 0; i < 100; ++i) {
    for (int file = 0; file < 4; ++file) server_.add(fmt::format("p{:03}/{}", i, file));
    paths.push_back(fmt::format("s3://logs/p{:03}/", i));
  }
  const std::vector<FileListing> listings = store().list_files_of(paths, [](size_t i) {
    return i % 2 == 0 ? FolderFilter() : [](const std::string&) { return true; };
  });
  ASSERT_EQ(listings.size(), paths.size());
  EXPECT_EQ(shown(listings[0]), "[x]");
  EXPECT_EQ(shown(listings[1]), "none");
  EXPECT_EQ(shown(listings[2]), "[]");
  for (size_t i = 3; i < paths.size(); ++i) EXPECT_EQ(shown(listings[i]), "[0][1][2][3]") << i;
}

TEST_F(FileStoreTest, Denials) {
  server_.add("t/a");
  server_.instead = [](const HttpRequest&, const SeenRequest& seen) -> std::optional<HttpResponse> {
    if (seen.query.at("prefix") != "u/") return std::nullopt;
    return s3_error(403, "AccessDenied");
  };
  const auto no_filter = [](size_t) { return FolderFilter(); };
  const std::vector<std::string> paths = {"s3://logs/t", "s3://logs/u"};
  EXPECT_THROW(store().list_files_of(paths, no_filter), QueryError);
  const std::vector<FileListing> listings = store(true).list_files_of(paths, no_filter);
  EXPECT_EQ(shown(listings.at(0)), "[a]");
  EXPECT_EQ(shown(listings.at(1)), "!s3://logs/u/");
}

TEST_F(FileStoreTest, Folders) {
  for (const char* key : {"t/a/1", "t/b/2", "t/_c/3", "t/4"}) server_.add(key);
  EXPECT_EQ(store().list_folder_names("s3://logs/t"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(store().list_folder_names("s3://logs/none").empty());
}

TEST_F(FileStoreTest, EmptyFolders) {
  server_.add("t/");  // its marker
  for (const bool has_empty_pages : {false, true}) {
    server_.manners = {1, false, true, has_empty_pages, true};
    EXPECT_TRUE(store().is_empty_folder("s3://logs/t"));
    EXPECT_TRUE(store().is_empty_folder("s3://logs/none/"));
    server_.add("t/u/_hidden");
    EXPECT_FALSE(store().is_empty_folder("s3://logs/t"));
    EXPECT_FALSE(store().is_empty_folder("s3://logs/t/u/"));
    server_.clear();
    server_.add("t/");
  }
  server_.instead = [](const HttpRequest& request, const SeenRequest&) {
    return deliver(request, 200, {},
                   "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again"
                   "</NextContinuationToken></ListBucketResult>");
  };
  EXPECT_THROW(store().is_empty_folder("s3://logs/t"), QueryError);
}

TEST_F(FileStoreTest, Trails) {
  const std::string day = "AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/10/";
  for (const char* name : {"b.json", "a.json", "c/d.json"}) server_.add(day + name);
  server_.manners.max_keys = 1;
  std::vector<UnlistedPath> unlisted;
  const auto parts_of = [&](const std::string& root) {
    return store().list_trail(root, TrailKind::kEvents, {}, cancellation_, unlisted);
  };
  const std::vector<TrailPart> parts = parts_of("s3://logs");
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].relative_path, day);
  ASSERT_EQ(parts[0].files.size(), 3u);
  EXPECT_EQ(parts[0].files[0].relative_path, "a.json");
  EXPECT_EQ(parts[0].files[2].relative_path, "c/d.json");
  const std::vector<TrailPart> one = parts_of("s3://logs/" + day + "a.json");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_TRUE(one[0].is_file);
  EXPECT_EQ(one[0].relative_path + one[0].files.at(0).relative_path, "");
  EXPECT_EQ(one[0].values.account, "111111111111");
  EXPECT_TRUE(parts_of("s3://logs/none").empty());
  const std::vector<TrailSummary> summaries =
      store().summarize_trail("s3://logs/", cancellation_, unlisted);
  EXPECT_EQ(summaries[0].num_files, 3u);
  EXPECT_EQ(summaries[0].num_loose_files, 0u);
  EXPECT_TRUE(unlisted.empty());
}

TEST_F(FileStoreTest, ThisMachineAlone) {
  try {
    FileStore().list_files("s3://logs/t");
    ADD_FAILURE();
  } catch (const QueryError& error) {
    EXPECT_TRUE(holds(error.what(), "s3://logs/t is in a bucket, which cannot be reached here"));
  }
  EXPECT_THROW(store().list_files("s3:///t"), QueryError);
}

TEST_F(FileStoreTest, BucketsKeepTheirClients) {
  AwsAccess other = access_;
  other.region = "us-east-1";
  S3Client& one = buckets_.client(access_);
  EXPECT_EQ(&buckets_.client(access_), &one);
  EXPECT_NE(&buckets_.client(other), &one);
  AwsAccess unknown;
  unknown.profile = "nobody";
  EXPECT_THROW(buckets_.client(unknown), QueryError);
  EXPECT_THROW(buckets_.client(unknown), QueryError);
}

}  // namespace
}  // namespace trailsql
