#include "store/task_pool.h"

#include <utility>

namespace trailsql {

void TaskPool::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
    start_threads();
  }
  changed_.notify_one();
}

// Precondition: the mutex is held.
void TaskPool::start_threads() {
  while (is_running_ && waiting_.size() > num_idle_ && threads_.size() + 1 < max_threads_) {
    ++num_idle_;  // until it takes its first task
    threads_.emplace_back([this] { work(); });
  }
}

void TaskPool::run() {
  {
    const std::lock_guard lock(mutex_);
    is_running_ = true;
    ++num_idle_;  // this thread
    start_threads();
  }
  work();
  // The others may have started further ones before they ended.
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return num_running_ == 0 && (failure_ || waiting_.empty()); });
  is_running_ = false;
  std::vector<std::thread> threads = std::move(threads_);
  lock.unlock();
  for (std::thread& thread : threads) thread.join();
  if (failure_) std::rethrow_exception(failure_);
}

// Precondition: this thread is counted as idle.
void TaskPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return failure_ || !waiting_.empty() || num_running_ == 0; });
    if (failure_ || waiting_.empty()) break;
    const Task task = std::move(waiting_.front());
    waiting_.pop_front();
    --num_idle_;
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
    ++num_idle_;
    if (failure && !failure_) failure_ = failure;
    changed_.notify_all();
  }
}

}  // namespace trailsql
