#include "store/bucket_trail.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "store/bucket_fixture_for_test.h"
#include "store/listing_cache_for_test.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kFirstAccount = "111111111111";
constexpr const char* kSecondAccount = "222222222222";
constexpr int32_t kJuly10 = 19'548;  // 2023-07-10

std::string shown_value(const std::optional<std::string>& value) { return value.value_or("-"); }

/// Everything that whoever reads a trail is told of a file, but in which part it came.
std::string line_of(TrailKind kind, const TrailPart& part, const StoredFile& file) {
  return fmt::format("{} {} {} {} {} {} {}{}", trail_kind_folder(kind),
                     shown_value(part.values.organization), shown_value(part.values.account),
                     shown_value(part.values.region),
                     part.values.day ? std::to_string(*part.values.day) : "-",
                     part.is_file ? "file" : "[" + part.relative_path + "]",
                     part.is_file ? part.relative_path : "", file.relative_path);
}

class BucketTrailTest : public ScriptedBucketFixture {
 protected:
  Lines in_bucket(const std::string& root, std::optional<TrailKind> kind, const TrailFilter& filter,
                  ListingCache* cache = nullptr) {
    TaskPool pool(4);
    BucketListing listing(client(), context(), "logs", root, false, pool);
    const TrailScope scope(kind, filter);
    std::mutex mutex;
    Lines lines;
    const TakeTrailPart take = [&](TrailKind found, const TrailPart& part) {
      EXPECT_FALSE(part.files.empty());
      const std::lock_guard lock(mutex);
      for (const StoredFile& file : part.files) lines.push_back(line_of(found, part, file));
    };
    walk_bucket_trail(listing, scope, take, cache, "");
    std::ranges::sort(lines);
    return lines;
  }

  static Lines on_disk(const std::string& root, TrailKind kind, const TrailFilter& filter) {
    Lines lines;
    std::vector<UnlistedPath> unlisted;
    for (const TrailPart& part : list_trail(root, kind, filter, Cancellation(), unlisted)) {
      if (part.is_file) {
        lines.push_back(line_of(kind, part, StoredFile{}));
        continue;
      }
      for (const StoredFile& file : list_files(join_location(root, part.relative_path)).files)
        lines.push_back(line_of(kind, part, file));
    }
    EXPECT_TRUE(unlisted.empty());
    std::ranges::sort(lines);
    return lines;
  }

  static std::string key_of(const std::string& account, const std::string& region, int32_t day) {
    const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
    const auto year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month());
    const auto number = static_cast<unsigned>(date.day());
    return fmt::format(
        "AWSLogs/{0}/CloudTrail/{1}/{2}/{3:02}/{4:02}/"
        "{0}_CloudTrail_{1}_{2}{3:02}{4:02}T1205Z_x.json.gz",
        account, region, year, month, number);
  }

  static TrailFilter filter_of_days(std::set<int32_t> wanted, bool wants_no_day = false) {
    TrailFilter filter;
    filter.days = [wanted = std::move(wanted), wants_no_day](const std::optional<DayRange>& days) {
      if (!days) return wants_no_day;
      const auto next = wanted.lower_bound(days->first);
      return next != wanted.end() && *next <= days->last;
    };
    return filter;
  }
  static TrailFilter::Text only(std::string wanted) {
    return [wanted = std::move(wanted)](const std::optional<std::string>& value) {
      return value == wanted;
    };
  }
};

TEST_F(BucketTrailTest, OneDayOfOneAccount) {
  for (const char* account : {kFirstAccount, kSecondAccount}) {
    for (const char* region : {"eu-west-1", "us-east-1", "us-gov-west-1"}) {
      for (int32_t day = kJuly10 - 40; day <= kJuly10 + 40; ++day)
        server_.add(key_of(account, region, day));
    }
  }
  TrailFilter filter = filter_of_days({kJuly10});
  filter.account = only(kFirstAccount);
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, filter).size(), 3u);
  const std::vector<SeenRequest> requests = server_.take_requests();
  // To the kind 4; for each region itself, its year, its month, the day.
  EXPECT_EQ(requests.size(), 16u);
  for (const SeenRequest& request : requests) {
    const std::string prefix = request.query.at("prefix");
    EXPECT_EQ(prefix.find(kSecondAccount), std::string::npos) << prefix;
    const std::string day = "/2023/07/10/";
    const size_t year = prefix.find("/2");
    EXPECT_TRUE(year == std::string::npos || day.starts_with(prefix.substr(year))) << prefix;
    EXPECT_EQ(request.query.contains("delimiter"), !prefix.ends_with(day)) << prefix;
  }
}

TEST_F(BucketTrailTest, ManyDaysTakeFewRequests) {
  std::set<int32_t> wanted;
  for (int32_t day = kJuly10 - 400; day <= kJuly10; ++day) {
    server_.add(key_of(kFirstAccount, "eu-west-1", day));
    if (day > kJuly10 - 390) wanted.insert(day);
  }
  EXPECT_EQ(in_bucket("AWSLogs/111111111111/CloudTrail/eu-west-1/", TrailKind::kEvents,
                      filter_of_days(wanted))
                .size(),
            390u);
  // One range, and what is beside it: in the region, a year and a month at both ends.
  EXPECT_EQ(server_.take_requests().size(), 6u);
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, {}).size(), 401u);
  EXPECT_EQ(server_.take_requests().size(), 4u);
}

TEST_F(BucketTrailTest, ClosedDaysAreListedOnce) {
  for (int32_t day = kJuly10 - 5; day <= kJuly10; ++day)
    server_.add(key_of(kFirstAccount, "eu-west-1", day));
  MemoryListingCache cache(kJuly10 - 1);
  const TrailFilter closed = filter_of_days({kJuly10 - 4, kJuly10 - 3});
  const Lines lines = in_bucket("", TrailKind::kEvents, closed, &cache);
  EXPECT_EQ(lines.size(), 2u);
  server_.take_requests();
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, closed, &cache), lines);
  for (const SeenRequest& request : server_.take_requests())
    EXPECT_TRUE(request.query.contains("delimiter")) << request.url;
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, {}, &cache).size(), 6u);
  server_.add(key_of(kFirstAccount, "eu-west-1", kJuly10 + 1));
  server_.add(key_of(kFirstAccount, "eu-west-1", kJuly10 - 1) + "2");
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, {}, &cache).size(), 8u);
}

// Where the folders above are others than CloudTrail's, nobody knows which days are closed.
TEST_F(BucketTrailTest, OddPlacesAreNotRemembered) {
  const std::string days[] = {"eu-west-1/2023/07/10/a/", "eu-west-1//2023/07/10/",
                              "eu-west-1/2023//07/10/"};
  for (const std::string& day : days) {
    const std::string root = "AWSLogs/111111111111/CloudTrail/" + day;
    MemoryListingCache cache(kJuly10);
    server_.add(root + "x.json");
    EXPECT_EQ(in_bucket(root, TrailKind::kEvents, {}, &cache).size(), 1u);
    server_.add(root + "y.json");
    EXPECT_EQ(in_bucket(root, TrailKind::kEvents, {}, &cache).size(), 2u) << root;
  }
}

// Days that follow one another are one range: what lies between them is found once.
TEST_F(BucketTrailTest, WhatLiesBesideDays) {
  const std::string month = "AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/";
  const std::string name = "111111111111_CloudTrail_eu-west-1_20230711T1205Z_x.json.gz";
  for (const char* place : {"10/", "11/", "12/", "11-x/", "11x/y/", "11", "", "../", "31x/", "32/"})
    server_.add(month + place + name);
  server_.add("AWSLogs/111111111111/CloudTrail/eu-west-1/2023/" + name);
  server_.add("AWSLogs/111111111111/CloudTrail/eu-west-1/x/" + name);
  server_.add("AWSLogs/111111111111/CloudTrail/eu-west-1/" + name);
  for (const bool wants_no_day : {false, true}) {
    const TrailFilter filter = filter_of_days({kJuly10, kJuly10 + 1, kJuly10 + 2}, wants_no_day);
    const Lines lines = in_bucket("", TrailKind::kEvents, filter);
    // Not that in a hidden folder; one more whose name tells no day.
    EXPECT_EQ(lines.size(), wants_no_day ? 12u : 11u);
    EXPECT_EQ(std::ranges::adjacent_find(lines), lines.end());
  }
}

// A folder of that name begins the layout, but not within that of a day.
TEST_F(BucketTrailTest, LogsWithinADay) {
  server_.add("CloudTrail/eu-west-1/2023/07/10/AWSLogs/x.json");
  server_.add("CloudTrail/eu-west-1/2023/07/10/AWSLogs/111111111111/y.json");
  const Lines expected = {
      "CloudTrail - - eu-west-1 19548 [CloudTrail/eu-west-1/2023/07/10/] "
      "AWSLogs/111111111111/y.json",
      "CloudTrail - - eu-west-1 19548 [CloudTrail/eu-west-1/2023/07/10/] AWSLogs/x.json"};
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, {}), expected);
  TrailFilter filter;
  filter.folder = [](const std::string&) { return true; };
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, filter), expected);
}

TEST_F(BucketTrailTest, RootsWithinADay) {
  server_.add("AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/10/x.json");
  server_.add("AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/10/a/y.json");
  const std::string root = "AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/10/";
  EXPECT_EQ(in_bucket(root, TrailKind::kEvents, {}),
            (Lines{"CloudTrail - 111111111111 eu-west-1 19548 [] a/y.json",
                   "CloudTrail - 111111111111 eu-west-1 19548 [] x.json"}));
  EXPECT_EQ(in_bucket(root + "a/", TrailKind::kEvents, {}),
            (Lines{"CloudTrail - 111111111111 eu-west-1 19548 [] y.json"}));
}

TEST_F(BucketTrailTest, FoldersWithoutANameAndMarkers) {
  for (const char* key :
       {"AWSLogs/", "AWSLogs//", "AWSLogs//111111111111/CloudTrail/x.json",
        "AWSLogs/111111111111//CloudTrail/x.json", "AWSLogs/111111111111/CloudTrail//x.json",
        "AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/10/",
        "AWSLogs/111111111111/CloudTrail/eu-west-1/2023/07/10//x.json",
        "AWSLogs/111111111111/CloudTrail/eu-west-1/2023//07/10/x.json"})
    server_.add(key);
  const std::string kind = "CloudTrail - 111111111111 ";
  const std::string folder = "AWSLogs/111111111111/CloudTrail/";
  EXPECT_EQ(in_bucket("", TrailKind::kEvents, {}),
            (Lines{kind + "- - file " + folder + "/x.json",
                   kind + "eu-west-1 - file " + folder + "eu-west-1/2023//07/10/x.json",
                   kind + "eu-west-1 19548 [" + folder + "eu-west-1/2023/07/10/] /x.json"}));
}

class RandomTrailTest : public BucketTrailTest {
 protected:
  std::string any_of(const Lines& texts) { return texts[chance_() % texts.size()]; }
  bool by_chance(uint32_t one_in) { return chance_() % one_in == 0; }

  // A folder, mostly as CloudTrail has it, with what else may be there.
  std::string any_folder() {
    const Lines odd = {"x",          "2023", "AWSLogs", "o-abcdefghij", kFirstAccount, "eu-west-1",
                       "CloudTrail", "_h",   ".h",      "11-x",         "Config",      "13"};
    std::string folder;
    const auto add = [&](const std::string& name) {
      if (by_chance(25)) return;
      if (by_chance(25)) folder += any_of(odd) + "/";
      folder += name + "/";
    };
    if (by_chance(3)) add(any_of({"copy", "o-abcdefghij", "2023"}));
    add("AWSLogs");
    if (by_chance(3)) add(any_of({"o-abcdefghij", "o-zyxwvutsrq"}));
    add(any_of({kFirstAccount, kSecondAccount}));
    add(any_of({"CloudTrail", "CloudTrail", "CloudTrail", "CloudTrail-Digest", "CloudTrail-Insight",
                "Config"}));
    add(any_of({"eu-west-1", "us-gov-west-1"}));
    add(any_of({"2022", "2023"}));
    add(any_of({"06", "07"}));
    add(any_of({"01", "10", "11", "12", "30", "31"}));
    if (by_chance(6)) add(any_of(odd));
    return folder;
  }

  std::string any_name() {
    if (by_chance(3)) return any_of({"x.json", "_h.json", "y.json.gz", "10.json"});
    return fmt::format("{}_{}_{}_2023{}T1205Z_{}.json.gz", any_of({kFirstAccount, kSecondAccount}),
                       any_of({"CloudTrail", "CloudTrail-Digest"}),
                       any_of({"eu-west-1", "us-east-1"}), any_of({"0710", "0711", "0630", "1301"}),
                       chance_() % 10);
  }

  TrailFilter any_filter() {
    TrailFilter filter;
    if (by_chance(2)) {
      std::set<int32_t> wanted;
      const auto first = static_cast<int32_t>(kJuly10 - 60 + static_cast<int32_t>(chance_() % 60));
      const auto num_days = static_cast<int32_t>(by_chance(4) ? 1 : 30 + chance_() % 90);
      for (int32_t day = first; day < first + num_days; ++day) {
        if (!by_chance(20)) wanted.insert(day);
      }
      filter = filter_of_days(wanted, by_chance(2));
    }
    if (by_chance(6)) filter.account = only(kFirstAccount);
    if (by_chance(6)) filter.region = only("eu-west-1");
    if (by_chance(6)) filter.organization = only("o-abcdefghij");
    if (by_chance(8)) {
      filter.organization = [](const std::optional<std::string>& value) { return !value; };
    }
    if (by_chance(6)) {
      filter.folder = [](const std::string& path) {
        return path.find("us-gov-west-1") == std::string::npos;
      };
    }
    return filter;
  }

  std::minstd_rand chance_{23};
};

TEST_F(RandomTrailTest, AsOnDisk) {
  size_t num_lines = 0;
  for (int round = 0; round < 2; ++round) {
    const TemporaryFolder disk;
    server_.clear();
    std::set<std::string> folders;
    for (int i = 0; i < 40; ++i) {
      const std::string folder = any_folder();
      folders.insert(folder);
      for (auto files = 1 + chance_() % 3; files > 0; --files) server_.add(folder + any_name());
    }
    for (const auto& [key, bytes] : server_.objects()) disk.write(key, bytes);
    server_.manners.max_keys = 3 + chance_() % 20;
    MemoryListingCache cache(kJuly10 - 30 + static_cast<int32_t>(chance_() % 60));
    for (int i = 0; i < 16; ++i) {
      const TrailFilter filter = any_filter();
      const TrailKind kind = by_chance(4) ? TrailKind::kDigests : TrailKind::kEvents;
      std::string root;
      if (by_chance(2)) {
        root = *std::next(folders.begin(), static_cast<long>(chance_() % folders.size()));
        root.resize(root.find('/', chance_() % (root.size() + 1)) + 1);
        if (("/" + root).find("/_") != std::string::npos || root.find("/.") != std::string::npos ||
            root.starts_with('.'))
          root.clear();
      }
      const Lines expected = on_disk(disk.path() + "/" + root, kind, filter);
      ASSERT_EQ(in_bucket(root, kind, filter), expected)
          << "round " << round << ", filter " << i << ", root " << root;
      ASSERT_EQ(in_bucket(root, kind, filter, &cache), expected)
          << "with a cache, round " << round << ", filter " << i << ", root " << root;
      num_lines += expected.size();
    }
  }
  EXPECT_GT(num_lines, 80u);
}

}  // namespace
}  // namespace trailsql
