#include "store/task_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <stdexcept>
#include <thread>

namespace trailsql {
namespace {

TEST(TaskPoolTest, NothingToDo) {
  TaskPool pool(8);
  pool.run();
}

TEST(TaskPoolTest, RunsAllTasks) {
  std::atomic<size_t> sum{0};
  for (const size_t max_threads : {0u, 1u, 2u, 8u, 64u}) {
    TaskPool pool(max_threads);
    for (size_t i = 1; i <= 100; ++i) pool.add([&sum, i] { sum += i; });
    pool.run();
    EXPECT_EQ(sum.exchange(0), 5050u) << max_threads;
  }
}

TEST(TaskPoolTest, TasksAddTasks) {
  for (const size_t max_threads : {1u, 3u, 16u}) {
    TaskPool pool(max_threads);
    std::atomic<size_t> num_leaves{0};
    const std::function<void(int)> grow = [&](int height) {
      if (height == 0) {
        ++num_leaves;
        return;
      }
      for (int i = 0; i < 3; ++i) pool.add([&grow, height] { grow(height - 1); });
    };
    pool.add([&] { grow(7); });
    pool.run();
    EXPECT_EQ(num_leaves, 2187u);
  }
}

// One that adds the next only when it ends must not let the others go home.
TEST(TaskPoolTest, ALongChain) {
  TaskPool pool(8);
  size_t num_done = 0;
  std::function<void()> step = [&] {
    if (++num_done < 2'000) pool.add(step);
  };
  pool.add(step);
  pool.run();
  EXPECT_EQ(num_done, 2'000u);
}

TEST(TaskPoolTest, RunsTasksAtOnce) {
  constexpr size_t kTasks = 16;
  TaskPool pool(kTasks);
  std::mutex mutex;
  std::condition_variable changed;
  size_t num_inside = 0;
  // Added at the beginning and by a task: each waits until all are there.
  const auto wait_for_all = [&] {
    std::unique_lock lock(mutex);
    ++num_inside;
    changed.notify_all();
    changed.wait(lock, [&] { return num_inside == kTasks; });
  };
  for (size_t i = 0; i < kTasks / 2; ++i) pool.add(wait_for_all);
  pool.add([&] {
    for (size_t i = 0; i < kTasks / 2; ++i) pool.add(wait_for_all);
  });
  pool.run();
  EXPECT_EQ(num_inside, kTasks);
}

TEST(TaskPoolTest, TakesNoMoreThreadsThanThereIsWorkFor) {
  std::mutex mutex;
  std::set<std::thread::id> threads;
  const auto note_thread = [&] {
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
  };
  TaskPool one(64);
  one.add(note_thread);
  one.run();
  EXPECT_EQ(threads, std::set{std::this_thread::get_id()});
  threads.clear();
  TaskPool few(3);
  for (int i = 0; i < 100; ++i) {
    few.add([&] {
      note_thread();
      std::this_thread::yield();
    });
  }
  few.run();
  EXPECT_LE(threads.size(), 3u);
}

TEST(TaskPoolTest, PoolsWithinTasksOfPools) {
  TaskPool outer(32);
  std::atomic<size_t> num_done{0};
  for (int i = 0; i < 64; ++i) {
    outer.add([&] {
      TaskPool inner(32);
      for (int j = 0; j < 4; ++j) inner.add([&] { ++num_done; });
      inner.run();
    });
  }
  outer.run();
  EXPECT_EQ(num_done, 256u);
}

TEST(TaskPoolTest, TheFirstExceptionEndsIt) {
  for (const size_t max_threads : {1u, 4u}) {
    TaskPool pool(max_threads);
    std::atomic<size_t> num_done{0};
    for (int i = 0; i < 1'000; ++i) {
      pool.add([&, i] {
        if (i == 10) throw std::runtime_error("ten");
        ++num_done;
        std::this_thread::yield();
      });
    }
    try {
      pool.run();
      ADD_FAILURE();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "ten");
    }
    EXPECT_GE(num_done, 10u);
    if (max_threads == 1) {
      EXPECT_EQ(num_done, 10u);
    }
  }
}

TEST(TaskPoolTest, WhatRunsWhenOneThrowsComesToItsEnd) {
  TaskPool pool(2);
  std::atomic<bool> has_thrown{false};
  std::atomic<bool> has_ended{false};
  pool.add([&] {
    while (!has_thrown) std::this_thread::yield();
    for (int i = 0; i < 100; ++i) pool.add([] { ADD_FAILURE() << "began after the failure"; });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    has_ended = true;
  });
  pool.add([&] {
    has_thrown = true;
    throw std::runtime_error("first");
  });
  EXPECT_THROW(pool.run(), std::runtime_error);
  EXPECT_TRUE(has_ended);
}

}  // namespace
}  // namespace trailsql
