#include "store/request_gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace trailsql {
namespace {

class RequestGateTest : public testing::Test {
 protected:
  // What is said at once counts once: so much later it counts again.
  static void slow_down_again(RequestGate& gate) {
    std::this_thread::sleep_for(std::chrono::milliseconds(510));
    gate.slow_down();
  }

  Cancellation cancellation_;
};

TEST_F(RequestGateTest, LetsThroughUpToItsLimit) {
  constexpr size_t kLimit = 3;
  RequestGate gate(kLimit);
  std::atomic<size_t> num_inside{0};
  std::atomic<size_t> most_inside{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const GatePass pass(gate, cancellation_);
        const size_t now = ++num_inside;
        for (size_t most = most_inside; most < now;) most_inside.compare_exchange_weak(most, now);
        std::this_thread::yield();
        --num_inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most_inside, kLimit);
  EXPECT_EQ(num_inside, 0u);
}

TEST_F(RequestGateTest, HalvesWhatIsAllowedOnceForAllWhoAreTold) {
  RequestGate gate(128);
  for (int i = 0; i < 100; ++i) gate.slow_down();
  EXPECT_EQ(gate.limit(), 64u);
  slow_down_again(gate);
  EXPECT_EQ(gate.limit(), 32u);
}

TEST_F(RequestGateTest, OneIsAlwaysAllowed) {
  RequestGate gate(2);
  gate.slow_down();
  slow_down_again(gate);
  EXPECT_EQ(gate.limit(), 1u);
  const GatePass pass(gate, cancellation_);
}

TEST_F(RequestGateTest, AllowsOneMoreEachTimeThatAllHaveComeThrough) {
  RequestGate gate(64);
  gate.slow_down();
  for (int i = 0; i < 34; ++i) gate.speed_up();
  EXPECT_EQ(gate.limit(), 33u);
  for (int i = 0; i < 10'000; ++i) gate.speed_up();
  EXPECT_EQ(gate.limit(), 64u);
}

TEST_F(RequestGateTest, AWaitEndsWhenAnotherLeaves) {
  RequestGate gate(1);
  gate.enter(cancellation_);
  std::atomic<bool> is_inside{false};
  std::thread other([&] {
    const GatePass pass(gate, cancellation_);
    is_inside = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(is_inside);
  gate.leave();
  other.join();
  EXPECT_TRUE(is_inside);
}

TEST_F(RequestGateTest, AWaitEndsWhenTheQueryIsCanceled) {
  RequestGate gate(1);
  gate.enter(cancellation_);
  Cancellation others;
  std::atomic<bool> is_canceled{false};
  std::thread other([&] {
    try {
      gate.enter(others);
    } catch (const QueryError& error) {
      is_canceled = error.code() == ErrorCode::kUserCanceled;
    }
  });
  others.request();
  other.join();
  EXPECT_TRUE(is_canceled);
  gate.leave();
  const GatePass pass(gate, cancellation_);  // it holds no place
}

}  // namespace
}  // namespace trailsql
