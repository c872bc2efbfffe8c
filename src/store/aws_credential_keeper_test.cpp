#include "store/aws_credential_keeper.h"

#include <chrono>
#include <thread>

#include "store/aws_fixture_for_test.h"

namespace trailsql {
namespace {

/// Gives other credentials each time: KEY1, KEY2, …
class AwsCredentialKeeperTest : public AwsFixture {
 protected:
  FoundCredentials fetch() {
    ++num_fetches_;
    if (!problem_.empty()) throw credentials_error(problem_);
    std::optional<int64_t> expires_at_s;
    if (lasts_s_ != 0) expires_at_s = now_s_ + lasts_s_;
    const int number = is_changing_ ? num_fetches_.load() : 1;
    return {{"KEY" + std::to_string(number), "Hush", {}}, expires_at_s, "the test"};
  }
  std::string key() { return keeper_.get(cancellation_).access_key_id; }

  std::atomic<int> num_fetches_{0};
  std::atomic<int64_t> lasts_s_{3600};
  bool is_changing_ = true;
  std::string problem_;
  AwsCredentialKeeper keeper_{[this](const Cancellation&) { return fetch(); },
                              [this] { return now_s_.load(); }};
};

TEST_F(AwsCredentialKeeperTest, KeepsUntilShortlyBeforeTheEnd) {
  EXPECT_EQ(num_fetches_, 0);
  EXPECT_EQ(key(), "KEY1");
  now_s_ += 3600 - 301;
  EXPECT_EQ(key(), "KEY1");
  now_s_ += 1;
  EXPECT_EQ(key(), "KEY2");
  EXPECT_EQ(key(), "KEY2");
}

TEST_F(AwsCredentialKeeperTest, KeepsForEver) {
  lasts_s_ = 0;
  EXPECT_EQ(key(), "KEY1");
  now_s_ += 1'000'000'000;
  EXPECT_EQ(key(), "KEY1");
}

TEST_F(AwsCredentialKeeperTest, OldOnesServeWhileNewOnesCannotBeHad) {
  EXPECT_EQ(key(), "KEY1");
  now_s_ += 3400;
  problem_ = "STS sleeps";
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(num_fetches_, 2);
  now_s_ += 60;
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(num_fetches_, 3);
  now_s_ += 140;
  EXPECT_EQ(error_of([&] { key(); }), "STS sleeps");
  problem_ = "";
  EXPECT_EQ(key(), "KEY5");
}

TEST_F(AwsCredentialKeeperTest, ShortOnesAreTakenAndAskedForEveryMinute) {
  lasts_s_ = 120;
  EXPECT_EQ(key(), "KEY1");
  now_s_ += 59;
  EXPECT_EQ(key(), "KEY1");
  now_s_ += 1;
  EXPECT_EQ(key(), "KEY2");
}

TEST_F(AwsCredentialKeeperTest, ExpiredOnesAreNot) {
  lasts_s_ = -1;
  EXPECT_TRUE(holds(error_of([&] { key(); }), "The credentials of the test have expired already"));
}

TEST_F(AwsCredentialKeeperTest, RefusedOnesAreFetchedAnew) {
  const AwsCredentials first = keeper_.get(cancellation_);
  EXPECT_TRUE(keeper_.renew(first, cancellation_));
  EXPECT_EQ(key(), "KEY2");
  EXPECT_TRUE(keeper_.renew(first, cancellation_));  // another thread was late to use them
  EXPECT_EQ(key(), "KEY2");
  EXPECT_EQ(num_fetches_, 2);
  EXPECT_EQ(keeper_.origin(), "the test");
}

TEST_F(AwsCredentialKeeperTest, RefusedOnesThatDoNotChange) {
  lasts_s_ = 0;
  is_changing_ = false;
  const AwsCredentials only = keeper_.get(cancellation_);
  EXPECT_FALSE(keeper_.renew(only, cancellation_));
  EXPECT_EQ(num_fetches_, 2);
  // Whether they are good by now, the server knows: new keys take a while to be known everywhere.
  EXPECT_EQ(key(), "KEY1");
  EXPECT_EQ(num_fetches_, 2);
  problem_ = "STS sleeps";
  EXPECT_EQ(error_of([&] { keeper_.renew(only, cancellation_); }), "STS sleeps");
  problem_ = "";
  is_changing_ = true;
  EXPECT_EQ(key(), "KEY4");
}

/// Fetches only once it may.
class SlowKeeperTest : public AwsFixture {
 protected:
  FoundCredentials fetch(const Cancellation& cancellation) {
    ++num_fetches_;
    while (!may_end_) {
      cancellation.check();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (fails_) throw credentials_error("no luck");
    return {{"KEY", "Hush", {}}, {}, "the test"};
  }
  void await_fetch(int number) const {
    while (num_fetches_ < number) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::atomic<int> num_fetches_{0};
  std::atomic<bool> may_end_{false};
  std::atomic<bool> fails_{false};
  AwsCredentialKeeper keeper_{
      [this](const Cancellation& cancellation) { return fetch(cancellation); },
      [this] { return now_s_.load(); }};
};

TEST_F(SlowKeeperTest, OneThreadFetchesForAll) {
  std::atomic<int> num_keys{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (keeper_.get(cancellation_).access_key_id == "KEY") ++num_keys;
    });
  }
  await_fetch(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  may_end_ = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(num_keys, 8);
  EXPECT_EQ(num_fetches_, 1);
}

TEST_F(SlowKeeperTest, OneFailureIsThatOfAllWhoWait) {
  fails_ = true;
  std::atomic<int> num_errors{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (error_of([&] { keeper_.get(cancellation_); }) == "no luck") ++num_errors;
    });
  }
  await_fetch(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  may_end_ = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(num_errors, 8);
  EXPECT_LT(num_fetches_, 8);  // one, but for threads that were late
}

TEST_F(SlowKeeperTest, OneThreadLooksForOthersForAllThatWereRefused) {
  may_end_ = true;
  const AwsCredentials refused = keeper_.get(cancellation_);
  may_end_ = false;
  std::atomic<int> num_vain{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (!keeper_.renew(refused, cancellation_)) ++num_vain;
    });
  }
  await_fetch(2);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  may_end_ = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(num_vain, 8);
  EXPECT_LT(num_fetches_, 9);  // two, but for threads that were late
}

TEST_F(SlowKeeperTest, WaitersCanBeCanceled) {
  std::thread fetcher([&] { keeper_.get(cancellation_); });
  await_fetch(1);
  Cancellation own;
  std::thread waiter([&] { error_of([&] { keeper_.get(own); }, ErrorCode::kUserCanceled); });
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  own.request();
  waiter.join();
  may_end_ = true;
  fetcher.join();
}

TEST_F(SlowKeeperTest, AWaiterFetchesWhenTheOtherIsCanceled) {
  Cancellation own;
  std::thread fetcher([&] { error_of([&] { keeper_.get(own); }, ErrorCode::kUserCanceled); });
  await_fetch(1);
  std::thread waiter([&] { EXPECT_EQ(keeper_.get(cancellation_).access_key_id, "KEY"); });
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  own.request();
  await_fetch(2);
  may_end_ = true;
  fetcher.join();
  waiter.join();
}

}  // namespace
}  // namespace trailsql
