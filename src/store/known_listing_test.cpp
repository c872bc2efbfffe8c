#include "store/known_listing.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "store/bucket_fixture_for_test.h"
#include "store/bucket_trail.h"
#include "store/listing_cache_for_test.h"

namespace trailsql {
namespace {

using Names = std::vector<std::string>;

const std::string kRegion = "AWSLogs/111111111111/CloudTrail/eu-west-1/";
constexpr int32_t kMay1 = 19'844;  // 2024-05-01

/// Walks to days of May 2024 in a bucket, whose days before the 20th are closed.
class KnownListingTest : public ScriptedBucketFixture {
 protected:
  static std::string day(int number) { return fmt::format("{}2024/05/{:02}/", kRegion, number); }

  /// Returns the keys, those that were remembered with a star.
  Names walk(const std::set<int>& days) {
    server_.take_requests();
    TaskPool pool(2);
    BucketListing listing(client(), context(), "logs", "", false, pool);
    TrailFilter filter;
    if (!days.empty()) {
      filter.days = [days](const std::optional<DayRange>& range) {
        return range && std::ranges::any_of(days, [&](int number) {
                 return range->first <= kMay1 + number - 1 && kMay1 + number - 1 <= range->last;
               });
      };
    }
    const TrailScope scope(TrailKind::kEvents, filter);
    std::mutex mutex;
    Names names;
    walk_bucket_trail(
        listing, scope,
        [&](TrailKind, const TrailPart& part) {
          const std::lock_guard lock(mutex);
          for (const StoredFile& file : part.files) {
            names.push_back((part.relative_path + file.relative_path).substr(kRegion.size()) +
                            (file.is_remembered ? "*" : ""));
          }
        },
        cache_.get(), "");
    std::ranges::sort(names);
    return names;
  }
  /// Of the last walk, those in the folder of the region.
  size_t num_requests() {
    const std::vector<SeenRequest> requests = server_.take_requests();
    return static_cast<size_t>(std::ranges::count_if(requests, [](const SeenRequest& request) {
      return request.query.at("prefix").starts_with(kRegion);
    }));
  }

  std::unique_ptr<MemoryListingCache> cache_ = std::make_unique<MemoryListingCache>(kMay1 + 19);
};

TEST_F(KnownListingTest, OneDayAgainAndAgain) {
  for (const int number : {1, 10, 25}) server_.add(day(number) + "x.json");
  EXPECT_EQ(walk({10}), Names{"2024/05/10/x.json"});
  EXPECT_EQ(num_requests(), 4u);  // the day, and beside it: in the region, the year and the month
  EXPECT_EQ(walk({10}), Names{"2024/05/10/x.json*"});
  EXPECT_EQ(num_requests(), 0u);
  EXPECT_EQ(walk({25}), Names{"2024/05/25/x.json"});
  EXPECT_EQ(num_requests(), 1u);
  EXPECT_EQ(walk({25}), Names{"2024/05/25/x.json"});
  EXPECT_EQ(num_requests(), 1u);
  EXPECT_EQ(walk({}), (Names{"2024/05/01/x.json", "2024/05/10/x.json*", "2024/05/25/x.json"}));
  EXPECT_EQ(cache_->num_additions, 2u);  // one a walk that lists what is closed
}

TEST_F(KnownListingTest, WhatLiesBesideDaysIsLookedForAgain) {
  const std::string loose = "111111111111_CloudTrail_eu-west-1_20240510T1205Z_x.json.gz";
  server_.add(day(10) + "x.json");
  server_.add(kRegion + "2024/05/" + loose);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(walk({10}).size(), 2u);
    EXPECT_EQ(num_requests(), i == 0 ? 4u : 1u);
  }
  server_.add(kRegion + "2024/05/" + loose + "2");
  EXPECT_EQ(walk({10}).size(), 3u);
  server_.clear();
  server_.add(day(10) + "x.json");
  walk({10});
  EXPECT_EQ(num_requests(), 1u);
  walk({10});
  EXPECT_EQ(num_requests(), 0u);
}

// A month that was not there when its year was looked into may hold files that lie in no day.
TEST_F(KnownListingTest, MonthsThatBeginLater) {
  server_.add(kRegion + "2024/04/29/x.json");
  EXPECT_EQ(walk({-1}), Names{"2024/04/29/x.json"});
  EXPECT_EQ(num_requests(), 4u);
  server_.add(kRegion + "2024/05/111111111111_CloudTrail_eu-west-1_20240503T1205Z_x.json.gz");
  EXPECT_EQ(walk({3}).size(), 1u);
  EXPECT_EQ(num_requests(), 2u);  // the day, the month
}

TEST_F(KnownListingTest, MonthsThatAreNotThere) {
  server_.add(kRegion + "2023/04/29/x.json");
  EXPECT_EQ(walk({25}), Names());
  EXPECT_EQ(num_requests(), 2u);  // the day, the region
  EXPECT_EQ(walk({25}), Names());
  EXPECT_EQ(num_requests(), 1u);
}

TEST_F(KnownListingTest, ForgetsADay) {
  for (const int number : {9, 10, 11}) server_.add(day(number) + "x.json");
  walk({});
  server_.add(day(10) + "y.json");
  EXPECT_EQ(walk({}), (Names{"2024/05/09/x.json*", "2024/05/10/x.json*", "2024/05/11/x.json*"}));
  forget_listed(*cache_, "", {"s3://logs/" + day(10) + "x.json", "s3://logs/" + day(10) + "a/z"},
                cancellation_);
  for (const char* star : {"", "*"}) {
    EXPECT_EQ(walk({}), (Names{"2024/05/09/x.json*", std::string("2024/05/10/x.json") + star,
                               std::string("2024/05/10/y.json") + star, "2024/05/11/x.json*"}));
  }
  forget_listed(*cache_, "http://another", {"s3://logs/" + day(10) + "x.json"}, cancellation_);
  forget_listed(*cache_, "", {"s3://logs/elsewhere/x", "s3://logs", "/x"}, cancellation_);
  EXPECT_EQ(walk({10}), (Names{"2024/05/10/x.json*", "2024/05/10/y.json*"}));
}

TEST_F(KnownListingTest, DaysInArchivesAreListedEachTime) {
  for (const int number : {8, 9, 10, 11, 12}) {
    server_.add(day(number) + "x.json");
    server_.add(day(number) + "y.json");
  }
  server_.manners.storage[day(9) + "y.json"] = "<StorageClass>GLACIER</StorageClass>";
  server_.manners.storage[day(11) + "x.json"] =
      "<StorageClass>DEEP_ARCHIVE</StorageClass><RestoreStatus><IsRestoreInProgress>false"
      "</IsRestoreInProgress><RestoreExpiryDate>2024-06-01T00:00:00Z</RestoreExpiryDate>"
      "</RestoreStatus>";
  walk({});
  EXPECT_EQ(walk({}), (Names{"2024/05/08/x.json*", "2024/05/08/y.json*", "2024/05/09/x.json",
                             "2024/05/09/y.json", "2024/05/10/x.json*", "2024/05/10/y.json*",
                             "2024/05/11/x.json", "2024/05/11/y.json", "2024/05/12/x.json*",
                             "2024/05/12/y.json*"}));
  EXPECT_EQ(server_.take_requests().back().header("x-amz-optional-object-attributes"),
            "RestoreStatus");
}

TEST(ListedPieces, Outside) {
  ListedPiece piece{"f", "b", "m", {}};
  for (const char* key : {"b", "d", "f", "k"}) piece.objects.emplace_back().key = key;
  const auto outside = [&](const std::string& first, const std::string& end) {
    std::string text;
    for (const ListedPiece& rest : pieces_outside(piece, {"f", first, end, {}})) {
      text += "[" + rest.first + " " + rest.end + ":";
      for (const S3Object& object : rest.objects) text += " " + object.key;
      text += "]";
    }
    return text;
  };
  EXPECT_EQ(outside("d", "f"), "[b d: b][f m: f k]");
  EXPECT_EQ(outside("a", "f"), "[f m: f k]");
  EXPECT_EQ(outside("d", "z"), "[b d: b]");
  EXPECT_EQ(outside("a", "z"), "");
  EXPECT_EQ(outside("a", "b"), "[b m: b d f k]");
  EXPECT_EQ(outside("m", "z"), "[b m: b d f k]");
}

TEST(FoldersToListAgain, AreThoseOfDays) {
  EXPECT_EQ(folder_to_list_again("s3://logs/" + kRegion + "2024/05/10/a/b/x.json"),
            "s3://logs/" + kRegion + "2024/05/10/");
  EXPECT_EQ(folder_to_list_again("s3://logs/" + kRegion + "2024/05/x.json"),
            "s3://logs/" + kRegion + "2024/05/");
}

}  // namespace
}  // namespace trailsql
