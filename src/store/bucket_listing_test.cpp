#include "store/bucket_listing.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "store/bucket_fixture_for_test.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

using Keys = std::vector<std::string>;

class BucketListingTest : public ScriptedBucketFixture {
 protected:
  static constexpr size_t kThreads = 4;

  /// Returns the keys that a listing of the range takes, sorted; twice those that it takes twice.
  Keys listed(const KeyRange& range, const std::string& root = "", bool skips_denied = false) {
    TaskPool pool(kThreads);
    BucketListing listing(client(), context(), "logs", root, skips_denied, pool);
    std::mutex mutex;
    Keys keys;
    listing.list_range(range, [&](const std::vector<S3Object>& objects) {
      EXPECT_TRUE(std::ranges::is_sorted(objects, {}, &S3Object::key));
      const std::lock_guard lock(mutex);
      for (const S3Object& object : objects) keys.push_back(object.key);
    });
    pool.run();
    unlisted_ = listing.take_unlisted();
    std::ranges::sort(keys);
    return keys;
  }

  /// What lies directly in a folder.
  struct Folder {
    std::vector<S3Object> objects;
    Keys folders;
  };
  Folder folder(const std::string& prefix, const std::string& root = "") {
    TaskPool pool(1);
    Folder found;
    found.folders = BucketListing(client(), context(), "logs", root, false, pool)
                        .list_folder(prefix, [&](const std::vector<S3Object>& objects) {
                          found.objects.insert(found.objects.end(), objects.begin(), objects.end());
                        });
    return found;
  }
  std::optional<S3Object> object(const std::string& key) {
    TaskPool pool(1);
    return BucketListing(client(), context(), "logs", "", false, pool).find_object(key);
  }

  std::string error_of(const std::function<void()>& run) {
    try {
      run();
    } catch (const QueryError& error) {
      return error.what();
    }
    return "no error";
  }

  /// Whether Hive reads a key below a root.
  static bool is_shown(std::string name) {
    if (name.empty() || name.ends_with('/')) return false;
    name.insert(0, "/");
    return name.find("/_") == std::string::npos && name.find("/.") == std::string::npos;
  }
  Keys expected(const KeyRange& range, const std::string& root = "") const {
    Keys keys;
    for (const auto& [key, bytes] : server_.objects()) {
      if (key.starts_with(range.prefix) && (range.after.empty() || key > range.after) &&
          (range.end.empty() || key < range.end) && key.starts_with(root) &&
          is_shown(key.substr(root.size())))
        keys.push_back(key);
    }
    return keys;
  }

  std::vector<UnlistedPath> unlisted_;
};

TEST_F(BucketListingTest, AFolder) {
  for (const char* key : {"p/", "p/a", "p/b/1", "p/b/2", "p/.h/1", "p/_h", "p//1", "p/c d/+", "q"})
    server_.add(key);
  for (const size_t max_keys : {1u, 2u, 1000u}) {
    server_.manners.max_keys = max_keys;
    const Folder found = folder("p/", "p/");
    ASSERT_EQ(found.objects.size(), 1u);
    EXPECT_EQ(found.objects[0].key, "p/a");
    EXPECT_EQ(found.folders, (Keys{"", "b", "c d"}));
  }
  EXPECT_TRUE(folder("none/").folders.empty());
  EXPECT_EQ(folder("p//").objects.at(0).key, "p//1");
}

// Whoever wants few objects, or has to start soon, does not wait for all pages.
TEST_F(BucketListingTest, AFolderIsHandedOverPageByPage) {
  for (int i = 0; i < 10; ++i) server_.add(fmt::format("p/{}", i));
  server_.manners.max_keys = 3;
  std::vector<size_t> num_requests;  // so far, by page
  TaskPool pool(1);
  BucketListing listing(client(), context(), "logs", "", false, pool);
  const auto take = [&](const std::vector<S3Object>&) {
    num_requests.push_back(counts_.num_lists);
    if (num_requests.size() == 2) cancellation_.request();
  };
  EXPECT_THROW(listing.list_folder("p/", take), QueryError);
  EXPECT_EQ(num_requests, (std::vector<size_t>{1, 2}));
  EXPECT_EQ(server_.take_requests().size(), 2u);
}

TEST_F(BucketListingTest, AnObject) {
  for (const char* key : {"p/_a", "p/_a/b", "p/_ab", "p/b/1"}) server_.add(key, "bytes");
  server_.manners.has_empty_pages = true;
  EXPECT_EQ(object("p/_a")->size_bytes, 5u);
  EXPECT_FALSE(object("p/_"));
  EXPECT_FALSE(object("p/b"));
  EXPECT_FALSE(object("p/none"));
  server_.manners = {};
  server_.take_requests();
  object("p/_a");
  EXPECT_EQ(server_.take_requests().size(), 1u);
}

TEST_F(BucketListingTest, SplitsWhatIsLong) {
  server_.manners.max_keys = 10;
  for (int folder = 0; folder < 20; ++folder) {
    for (int file = 0; file < 40; ++file) server_.add(fmt::format("p/x/{:02}/{:02}", folder, file));
  }
  server_.add("p/x/_temporary/0/a");
  EXPECT_EQ(listed({"p/", "", ""}).size(), 800u);
  size_t num_flat = 0;
  for (const SeenRequest& request : server_.take_requests()) {
    num_flat += request.query.at("prefix") == "p/";
    EXPECT_EQ(request.query.at("prefix").find("_temporary"), std::string::npos);
  }
  EXPECT_EQ(num_flat, 3u);  // two pages, and one by folder
}

class BucketRangesTest : public BucketListingTest {
 protected:
  std::string any_of(const Keys& texts) { return texts[chance_() % texts.size()]; }

  void fill(bool has_odd_names) {
    const Keys names =
        has_odd_names ? Keys{"a", "b", "a-", "a0", "", "_h", ".h", "x y", "+", "%41", "ä", "b.c"}
                      : Keys{"a", "b", "a-", "a0", "_h", "1", "2"};
    for (int i = 0; i < 150; ++i) {
      std::string key;
      for (auto depth = chance_() % 5; depth > 0; --depth) key += any_of(names) + "/";
      key += any_of(names);
      if (chance_() % 8 == 0) key += "/";
      if (!key.empty()) server_.add(key);
    }
  }

  KeyRange any_range() {
    Keys keys;
    for (const auto& [key, bytes] : server_.objects()) keys.push_back(key);
    const auto bound = [&]() -> std::string {
      std::string key = any_of(keys);
      switch (chance_() % 5) {
        case 0: return "";
        case 1: return key.substr(0, key.find('/', chance_() % key.size()));
        case 2: return key.substr(0, key.find('/', chance_() % key.size())) + "/";
        case 3: return key + "0";
        default: return key;
      }
    };
    KeyRange range{"", bound(), bound()};
    if (chance_() % 2 == 0) {
      const std::string key = any_of(keys);
      range.prefix = key.substr(0, key.find('/') + 1);
    }
    return range;
  }

  std::minstd_rand chance_{17};
};

TEST_F(BucketRangesTest, HoldWhatLiesInThem) {
  for (int round = 0; round < 30; ++round) {
    FakeBucket& server = server_;
    server.clear();
    const bool is_encoded = chance_() % 4 != 0;
    fill(is_encoded);
    server.manners = {.max_keys = 1 + chance_() % 12,
                      .leaves_out_folder_of_start = chance_() % 2 == 0,
                      .knows_start_after = chance_() % 4 != 0,
                      .has_empty_pages = chance_() % 4 == 0,
                      .encodes_keys = is_encoded};
    for (int i = 0; i < 4; ++i) {
      const KeyRange range = any_range();
      const std::string root = chance_() % 2 == 0 ? range.prefix : "";
      ASSERT_EQ(listed(range, root), expected(range, root))
          << "round " << round << ": " << range.prefix << " | " << range.after << " | "
          << range.end;
    }
  }
}

// The folder that the beginning lies in: not every server tells of it.
TEST_F(BucketRangesTest, BeginInsideAFolder) {
  for (const char* key : {"p/a/1", "p/a/2", "p/a/3", "p/a/4", "p/a/5", "p/a/6", "p/a/7", "p/b/1"})
    server_.add(key);
  server_.manners.max_keys = 2;
  for (const bool leaves_out : {false, true}) {
    server_.manners.leaves_out_folder_of_start = leaves_out;
    for (const char* after : {"p/a/", "p/a/1", "p/a/5", "p/a/7", "p/a0"}) {
      const KeyRange range{"p/", after, ""};
      EXPECT_EQ(listed(range), expected(range)) << after;
    }
  }
}

/// A server that gives these entries to whatever it is asked, and always says that there are more.
FakeBucket::Instead endless_pages(std::function<std::string(const SeenRequest&)> entries) {
  return [entries, num_pages = std::make_shared<std::atomic<int>>(0)](
             const HttpRequest& request, const SeenRequest& seen) -> std::optional<HttpResponse> {
    return deliver(request, 200, {},
                   fmt::format("<ListBucketResult><IsTruncated>true</IsTruncated>"
                               "<NextContinuationToken>{}</NextContinuationToken>{}"
                               "</ListBucketResult>",
                               (*num_pages)++, entries(seen)));
  };
}

std::string object_entry(const std::string& key) {
  return "<Contents><Key>" + key + "</Key><Size>1</Size></Contents>";
}
std::string prefix_entry(const std::string& prefix) {
  return "<CommonPrefixes><Prefix>" + prefix + "</Prefix></CommonPrefixes>";
}

class HostileBucketTest : public BucketListingTest {
 protected:
  void expect_error(const std::string& text, size_t max_requests = 4) {
    server_.take_requests();
    EXPECT_TRUE(holds(error_of([&] { listed({"p/", "", ""}); }), text));
    EXPECT_LE(server_.take_requests().size(), max_requests);
    EXPECT_TRUE(holds(error_of([&] { folder("p/"); }), text));
    EXPECT_LE(server_.take_requests().size(), max_requests);
  }
};

TEST_F(HostileBucketTest, RepeatsItself) {
  server_.instead = endless_pages([](const SeenRequest&) { return object_entry("p/a"); });
  expect_error("Cannot list s3://logs/p/: the server repeats itself");
  server_.instead =
      endless_pages([](const SeenRequest&) { return object_entry("p/a") + object_entry("p/b"); });
  expect_error("the server repeats itself");
}

TEST_F(HostileBucketTest, RepeatsFolders) {
  server_.instead = endless_pages([](const SeenRequest& seen) {
    return prefix_entry(seen.query.at("prefix") + "x/") +
           prefix_entry(seen.query.at("prefix") + "y/");
  });
  EXPECT_TRUE(holds(error_of([&] { folder("p/"); }), "the server repeats itself"));
  EXPECT_TRUE(holds(error_of([&] { listed({"p/", "", ""}); }), "the server repeats itself"));
  EXPECT_LE(server_.take_requests().size(), 8u);
}

TEST_F(HostileBucketTest, NamesWhatWasNotAskedFor) {
  server_.instead = endless_pages([](const SeenRequest&) { return object_entry("q/a"); });
  expect_error("the server lists what was not asked for");
  server_.instead = endless_pages(
      [](const SeenRequest&) { return object_entry("p/" + std::string(kMaxObjectKeyBytes, 'x')); });
  expect_error("the server lists what was not asked for");
  for (const char* prefix : {"", "p", "p/", "q/", "p/a", "p/a/b/", "/"}) {
    server_.instead = endless_pages([&](const SeenRequest& seen) {
      return seen.query.contains("delimiter") ? prefix_entry(prefix) : "";
    });
    EXPECT_NE(error_of([&] { folder("p/"); }), "no error") << prefix;
    EXPECT_NE(error_of([&] { listed({"p/", "", ""}); }), "no error") << prefix;
    EXPECT_LE(server_.take_requests().size(), 12u) << prefix;
  }
}

TEST_F(HostileBucketTest, ListsInNoOrder) {
  server_.instead = endless_pages([](const SeenRequest& seen) {
    return object_entry(seen.query.contains("continuation-token") ? "p/a" : "p/b");
  });
  expect_error("or lists in no order");
}

// Ever deeper folders end with the longest key that there can be.
TEST_F(HostileBucketTest, GoesDownForEver) {
  server_.instead = [](const HttpRequest& request, const SeenRequest& seen) {
    const bool by_folder = seen.query.contains("delimiter");
    const std::string folder = seen.query.at("prefix") + std::string(200, 'x') + "/";
    return deliver(
        request, 200, {},
        fmt::format("<ListBucketResult>{}{}</ListBucketResult>",
                    by_folder ? ""
                              : "<IsTruncated>true</IsTruncated>"
                                "<NextContinuationToken>t</NextContinuationToken>",
                    by_folder
                        ? prefix_entry(folder)
                        : object_entry(folder + seen.query.at("prefix").substr(0, 1) +
                                       (seen.query.contains("continuation-token") ? "b" : "a"))));
  };
  EXPECT_TRUE(holds(error_of([&] { listed({"p/", "", ""}); }), "was not asked for"));
  EXPECT_LE(server_.take_requests().size(), 30u);
}

TEST_F(HostileBucketTest, GivesPagesWithoutEnd) {
  server_.instead = endless_pages([](const SeenRequest&) { return ""; });
  EXPECT_TRUE(holds(error_of([&] { folder("p/"); }), "the server repeats itself"));
  EXPECT_LE(server_.take_requests().size(), 1'100u);
}

TEST_F(BucketListingTest, Denials) {
  for (const char* key : {"p/a/1", "p/a/2", "p/a/3", "p/b/1", "p/b/2", "p/c/1"}) server_.add(key);
  server_.manners.max_keys = 1;
  server_.instead = [](const HttpRequest&, const SeenRequest& seen) -> std::optional<HttpResponse> {
    if (seen.query.at("prefix") != "p/b/") return std::nullopt;
    return s3_error(403, "AccessDenied");
  };
  EXPECT_EQ(listed({"p/", "", ""}, "", true), (Keys{"p/a/1", "p/a/2", "p/a/3", "p/c/1"}));
  ASSERT_EQ(unlisted_.size(), 1u);
  EXPECT_EQ(unlisted_[0].path, "s3://logs/p/b/");
  EXPECT_EQ(unlisted_[0].reason,
            "As told (AccessDenied, HTTP status 403); listing needs s3:ListBucket");
  EXPECT_TRUE(unlisted_[0].is_left_out);
  EXPECT_EQ(
      error_of([&] {
        listed({"p/", "", ""});
      }),
      "Permission denied on S3 path: s3://logs/p/b/: As told (AccessDenied, HTTP status 403); "
      "listing needs s3:ListBucket");
}

TEST_F(BucketListingTest, FilesOfObjects) {
  TaskPool pool(1);
  const BucketListing listing(client(), context(), "logs", "p/", false, pool);
  S3Object object{"p/a/b", "\"e\"", 1'000, 17, true, true};
  StoredFile file = listing.file_of(object);
  EXPECT_EQ(file.relative_path, "a/b");
  EXPECT_EQ(file.size_bytes, 1'000u);
  EXPECT_EQ(file.modified_time_us, 17);
  EXPECT_TRUE(file.is_archived);
  EXPECT_EQ(file.etag, "");  // of those alone that are read in parts
  object.size_bytes = 1ull << 30;
  EXPECT_EQ(listing.file_of(object).etag, "\"e\"");
}

}  // namespace
}  // namespace trailsql
