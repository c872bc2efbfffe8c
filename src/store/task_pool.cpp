#include "store/task_pool.h"

#include <thread>
#include <utility>
#include <vector>

namespace trailsql {

void TaskPool::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void TaskPool::run() {
  std::vector<std::thread> threads;
  for (size_t i = 0; i < max_threads_; ++i) threads.emplace_back([this] { work(); });
  for (std::thread& thread : threads) thread.join();
  if (failure_) std::rethrow_exception(failure_);
}

void TaskPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return failure_ || !waiting_.empty() || num_running_ == 0; });
    if (failure_ || waiting_.empty()) break;
    const Task task = std::move(waiting_.front());
    waiting_.pop_front();
    ++num_running_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      task();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --num_running_;
    if (failure && !failure_) failure_ = failure;
    changed_.notify_all();
  }
}

}  // namespace trailsql
