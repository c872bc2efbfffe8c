// Work that waits for others, such as servers, done by many threads at once.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>

namespace trailsql {

/// Runs tasks that may add further tasks. Used once, by one thread; tasks run on several.
class TaskPool {
 public:
  using Task = std::function<void()>;

  explicit TaskPool(size_t max_threads) : max_threads_(max_threads) {}

  /// Adds a task; also from a task.
  void add(Task task);
  /// Runs all tasks, and those that they add. After one has thrown, no other begins; its exception
  /// is thrown once those that run have ended.
  void run();

 private:
  void work();

  const size_t max_threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  size_t num_running_ = 0;
  std::exception_ptr failure_;
};

}  // namespace trailsql
