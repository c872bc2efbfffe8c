#include "store/read_ahead.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "store/bucket_fixture_for_test.h"
#include "store/store_limits.h"
#include "store/temporary_folder_for_test.h"

namespace trailsql {
namespace {

constexpr uint64_t kLargeBudget = 1ull << 30;

class ReadAheadTest : public ScriptedBucketFixture {
 protected:
  void add(const std::string& key, std::string bytes) {
    objects_.push_back({objects_.size(), {"logs", key}, bytes.size(), FakeBucket::etag_of(bytes)});
    server_.add(key, std::move(bytes));
  }

  std::unique_ptr<ReadAhead> reader(uint64_t budget_bytes, size_t max_threads = 4) {
    return std::make_unique<ReadAhead>(client(), context(), budget_bytes, max_threads,
                                       [this]() -> std::optional<ObjectToRead> {
                                         const size_t next = num_asked_++;
                                         if (next >= objects_.size()) return std::nullopt;
                                         return objects_[next];
                                       });
  }

  /// Takes everything, and returns how each object ended: its bytes, or "! " and the problem.
  static std::map<size_t, std::string> take_all(ReadAhead& ahead) {
    std::map<size_t, std::string> taken;
    ByteBuffer used;
    while (std::optional<ObjectRead> read = ahead.take(std::move(used))) {
      const bool is_new =
          taken
              .emplace(read->number,
                       read->problem ? "! " + read->problem.text : std::string(read->bytes.view()))
              .second;
      EXPECT_TRUE(is_new) << read->number;
      used = std::move(read->bytes);
    }
    return taken;
  }

  /// Lets requests wait until whoever sent them is no longer wanted.
  void stall() {
    server_.before_each = [this](const SeenRequest&, const Cancellation& cancellation) {
      ++num_stalled_;
      while (true) {
        cancellation.check();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    };
  }
  static void await(const std::function<bool()>& is_so) {
    for (int i = 0; i < 10'000 && !is_so(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_TRUE(is_so());
  }

  std::vector<ObjectToRead> objects_;
  std::atomic<size_t> num_asked_{0};
  std::atomic<size_t> num_stalled_{0};
};

TEST_F(ReadAheadTest, EveryObjectOnce) {
  for (size_t i = 0; i < 200; ++i) add(fmt::format("k{}", i), text_of_size(i * 37 % 5'000));
  const auto ahead = reader(20'000, 8);
  const std::map<size_t, std::string> taken = take_all(*ahead);
  ASSERT_EQ(taken.size(), objects_.size());
  for (const auto& [number, bytes] : taken)
    EXPECT_EQ(bytes, server_.objects().at(objects_[number].name.key));
  EXPECT_FALSE(ahead->take({}));
  EXPECT_EQ(counts_.num_gets, 200u);
  EXPECT_EQ(num_asked_, 201u);
}

TEST_F(ReadAheadTest, NoObjects) {
  const auto ahead = reader(1);
  EXPECT_FALSE(ahead->take({}));
  EXPECT_FALSE(ahead->take({}));
}

TEST_F(ReadAheadTest, SeveralTake) {
  for (size_t i = 0; i < 300; ++i) add(fmt::format("k{}", i), text_of_size(i));
  const auto ahead = reader(2'000, 8);
  std::atomic<size_t> num_taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { num_taken += take_all(*ahead).size(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(num_taken, 300u);
}

TEST_F(ReadAheadTest, StaysWithinItsBudget) {
  constexpr size_t kBytes = 1'000;
  for (size_t i = 0; i < 50; ++i) add(fmt::format("k{}", i), text_of_size(kBytes));
  const auto ahead = reader(5 * kBytes + kBytes / 2, 16);
  await([&] { return counts_.num_bytes == 5 * kBytes; });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(counts_.num_gets, 5u);
  for (size_t num_taken = 1; num_taken <= 3; ++num_taken) {
    ASSERT_TRUE(ahead->take({}));
    await([&] { return counts_.num_bytes == (5 + num_taken) * kBytes; });
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(counts_.num_gets, 5 + num_taken);
  }
}

TEST_F(ReadAheadTest, OneLargerThanTheBudgetIsReadAlone) {
  for (const size_t size : {10u, 10u, 5'000u, 10u, 10u}) {
    const std::string key = fmt::format("k{}", objects_.size());
    add(key, text_of_size(size));
  }
  std::atomic<size_t> num_requests{0};
  server_.before_each = [&](const SeenRequest& request, const Cancellation&) {
    const size_t num_before = num_requests++;
    const bool is_small = request.key != "k2";
    EXPECT_TRUE(is_small ? num_before != 2 : num_before == 2) << request.key;
  };
  const auto ahead = reader(100);
  await([&] { return num_requests == 2; });
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(num_requests, 2u);
  ASSERT_TRUE(ahead->take({}));
  ASSERT_TRUE(ahead->take({}));
  await([&] { return num_requests == 3; });
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(num_requests, 3u);
  EXPECT_EQ(ahead->take({})->bytes.size(), 5'000u);
  EXPECT_EQ(take_all(*ahead).size(), 2u);
}

TEST_F(ReadAheadTest, SizesThatNoObjectHas) {
  add("k0", "small");
  objects_.push_back({1, {"logs", "huge"}, UINT64_MAX, ""});
  objects_.push_back({2, {"logs", "large"}, kMaxStoredFileBytes + 1, ""});
  add("k3", "small");
  const auto ahead = reader(1'000);
  const std::map<size_t, std::string> taken = take_all(*ahead);
  ASSERT_EQ(taken.size(), 4u);
  EXPECT_EQ(taken.at(0), "small");
  EXPECT_EQ(taken.at(1), "! it is larger than 68.7 GB");
  EXPECT_EQ(taken.at(2), "! it is larger than 68.7 GB");
  EXPECT_EQ(taken.at(3), "small");
}

TEST_F(ReadAheadTest, PartsArePutTogetherInOrder) {
  constexpr size_t kBytes = (17u << 20) + 12'345;
  ASSERT_TRUE(is_read_in_parts(kBytes));
  std::string bytes(kBytes, ' ');
  for (size_t i = 0; i < kBytes; ++i) bytes[i] = static_cast<char>((i * 2'654'435'761u) >> 13);
  add("large", bytes);
  add("small", "s");
  const auto ahead = reader(kLargeBudget);
  const std::map<size_t, std::string> taken = take_all(*ahead);
  EXPECT_TRUE(taken.at(0) == bytes);
  EXPECT_EQ(taken.at(1), "s");
  size_t num_parts = 0;
  for (const SeenRequest& request : server_.take_requests()) {
    if (request.key != "large") continue;
    ++num_parts;
    EXPECT_EQ(request.header("if-match"), objects_[0].etag);
  }
  EXPECT_EQ(num_parts, 3u);
  EXPECT_EQ(counts_.num_bytes, kBytes + 1);
}

TEST_F(ReadAheadTest, OneThatFailsHidesNoOther) {
  for (size_t i = 0; i < 20; ++i) add(fmt::format("k{}", i), fmt::format("{}", i));
  constexpr uint64_t kPartsBytes = 40ull << 20;
  objects_.insert(objects_.begin() + 7, {20, {"logs", "gone"}, 10, ""});
  objects_.insert(objects_.begin() + 11, {21, {"logs", "gone in parts"}, kPartsBytes, ""});
  server_.instead = [](const HttpRequest&, const SeenRequest& seen) -> std::optional<HttpResponse> {
    if (seen.key != "k3") return std::nullopt;
    return s3_error(403, "AccessDenied");
  };
  const auto ahead = reader(kLargeBudget);
  const std::map<size_t, std::string> taken = take_all(*ahead);
  ASSERT_EQ(taken.size(), 22u);
  for (size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(taken.at(i),
              i == 3 ? "! As told (AccessDenied, HTTP status 403)" : fmt::format("{}", i));
  }
  EXPECT_EQ(taken.at(20), "! As told (NoSuchKey, HTTP status 404)");
  EXPECT_EQ(taken.at(21), "! As told (NoSuchKey, HTTP status 404)");
}

TEST_F(ReadAheadTest, WhatNextThrows) {
  for (size_t i = 0; i < 3; ++i) add(fmt::format("k{}", i), "x");
  ReadAhead ahead(client(), context(), kLargeBudget, 4, [this]() -> std::optional<ObjectToRead> {
    const size_t next = num_asked_++;
    if (next == 3) throw std::runtime_error("no more");
    return objects_.at(next);
  });
  EXPECT_THROW(take_all(ahead), std::runtime_error);
  EXPECT_THROW(take_all(ahead), std::runtime_error);
}

TEST_F(ReadAheadTest, CredentialsThatCannotBeHad) {
  variables_.clear();
  variables_["AWS_EC2_METADATA_DISABLED"] = "true";
  for (size_t i = 0; i < 30; ++i) add(fmt::format("k{}", i), "x");
  const auto ahead = reader(kLargeBudget);
  EXPECT_THROW(take_all(*ahead), QueryError);
}

TEST_F(ReadAheadTest, EndsWhenTheQueryIsCanceled) {
  for (size_t i = 0; i < 30; ++i) add(fmt::format("k{}", i), "x");
  stall();
  const auto ahead = reader(kLargeBudget);
  await([&] { return num_stalled_ > 0; });
  cancellation_.request();
  EXPECT_THROW(ahead->take({}), QueryError);
}

TEST_F(ReadAheadTest, EndsWhileRequestsStall) {
  for (size_t i = 0; i < 30; ++i) add(fmt::format("k{}", i), text_of_size(100));
  objects_[2].size_bytes = 40ull << 20;  // in parts
  stall();
  const auto ahead = reader(50ull << 20, 8);
  await([&] { return num_stalled_ == 8; });
}

TEST_F(ReadAheadTest, EndsWhileItWaitsForRoom) {
  for (size_t i = 0; i < 30; ++i) add(fmt::format("k{}", i), text_of_size(100));
  const auto ahead = reader(100, 8);
  await([&] { return counts_.num_bytes == 100; });
}

TEST_F(ReadAheadTest, EndsAtAnyTime) {
  for (size_t i = 0; i < 10; ++i) add(fmt::format("k{}", i), "x");
  for (int round = 0; round < 200; ++round) {
    num_asked_ = 0;
    const auto ahead = reader(2, 4);
    for (int i = 0; i < round % 5; ++i) ahead->take({});
  }
}

TEST_F(ReadAheadTest, AnObjectIsFetchedOnceForSeveralReaders) {
  for (size_t i = 0; i < 5; ++i) add(fmt::format("k{}", i), text_of_size(100 + i));
  const TemporaryFolder folder;
  const auto cache = std::make_shared<ObjectCache>(folder.path(), kLargeBudget);
  const auto read_all = [&](S3Client& from) {
    size_t next = 0;
    ReadAhead ahead(
        from, context(), kLargeBudget, 2,
        [&]() -> std::optional<ObjectToRead> {
          if (next == objects_.size()) return std::nullopt;
          return objects_[next++];
        },
        cache);
    return take_all(ahead);
  };
  const std::map<size_t, std::string> first = read_all(client());
  EXPECT_EQ(first.size(), 5u);
  EXPECT_EQ(read_all(client()), first);
  EXPECT_EQ(counts_.num_gets, 5u);
  // What another server has under the same names is something else.
  FakeBucket other;
  for (size_t i = 0; i < 5; ++i) other.add(fmt::format("k{}", i), std::string(100 + i, 'o'));
  access_.endpoint = "http://other.test";
  const std::unique_ptr<S3Client> other_client = client_of(other);
  EXPECT_EQ(read_all(*other_client).at(0), std::string(100, 'o'));
  EXPECT_EQ(counts_.num_gets, 10u);
}

TEST_F(ReadAheadTest, LargeObjectsAreReadInPartsOnce) {
  const std::string text = text_of_size(40u << 20);
  add("large", text);
  const TemporaryFolder folder;
  const auto cache = std::make_shared<ObjectCache>(folder.path(), kLargeBudget);
  for (uint64_t round = 1; round <= 2; ++round) {
    size_t next = 0;
    ReadAhead ahead(
        client(), context(), kLargeBudget, 4,
        [&]() -> std::optional<ObjectToRead> {
          if (next == objects_.size()) return std::nullopt;
          return objects_[next++];
        },
        cache);
    EXPECT_EQ(take_all(ahead).at(0), text);
    EXPECT_EQ(counts_.num_gets, 5u) << round;
  }
}

// One whose reader leaves is read by the next.
TEST_F(ReadAheadTest, LargeObjectsThatWereLeftAreReadAgain) {
  const std::string text = text_of_size(40u << 20);
  add("large", text);
  const TemporaryFolder folder;
  const auto cache = std::make_shared<ObjectCache>(folder.path(), kLargeBudget);
  const auto read_all = [&](Cancellation& cancellation) {
    size_t next = 0;
    const auto next_object = [&]() -> std::optional<ObjectToRead> {
      if (next == objects_.size()) return std::nullopt;
      return objects_[next++];
    };
    ReadAhead ahead(client(), {cancellation, counts_}, kLargeBudget, 2, next_object, cache);
    return take_all(ahead);
  };
  Cancellation first;
  server_.before_each = [&](const SeenRequest& request, const Cancellation& until) {
    if (!request.header("range").starts_with("bytes=16777216-")) return;
    first.request();
    while (true) {
      until.check();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  EXPECT_THROW(read_all(first), QueryError);
  server_.before_each = {};
  Cancellation second;
  EXPECT_EQ(read_all(second).at(0), text);
}

TEST_F(ReadAheadTest, LargeObjectsThatCannotBeReadAreNotKept) {
  const std::string text = text_of_size(40u << 20);
  add("large", text);
  const TemporaryFolder folder;
  const auto cache = std::make_shared<ObjectCache>(folder.path(), kLargeBudget);
  const auto read_one = [&] {
    bool is_given = false;
    ReadAhead ahead(
        client(), context(), kLargeBudget, 2,
        [&]() -> std::optional<ObjectToRead> {
          if (std::exchange(is_given, true)) return std::nullopt;
          return objects_[0];
        },
        cache);
    return ahead.take({})->problem.kind;
  };
  objects_[0].etag = "\"another\"";
  EXPECT_EQ(read_one(), S3Problem::Kind::kChanged);
  objects_[0].etag.clear();
  EXPECT_EQ(read_one(), S3Problem::Kind::kNone);
}

}  // namespace
}  // namespace trailsql
