// Work that waits for others, such as servers, done by many threads at once.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace trailsql {

/// Runs tasks that may add further tasks. Used once, by one thread; tasks run on that and on as
/// many others as there are tasks for.
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
  void start_thread_if_needed();

  const size_t max_threads_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  bool is_running_ = false;
  size_t num_idle_ = 0;     // threads that wait for a task
  size_t num_running_ = 0;  // tasks
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;  // besides the one that called `run`
};

}  // namespace trailsql
