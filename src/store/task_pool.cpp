#include "store/task_pool.h"

#include <system_error>
#include <utility>

namespace trailsql {

void TaskPool::add(Task task) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
    if (is_running_) start_thread_if_needed();
  }
  changed_.notify_one();
}

// Precondition: the mutex is held.
void TaskPool::start_thread_if_needed() {
  if (failure_ || waiting_.size() <= num_idle_ || threads_.size() + 1 >= max_threads_) return;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // The system has no more of them: those that there are do the work.
  }
}

void TaskPool::run() {
  {
    const std::lock_guard lock(mutex_);
    is_running_ = true;
    // The one that calls takes one of them, too.
    for (size_t i = 1; i < waiting_.size() && i < max_threads_; ++i) start_thread_if_needed();
  }
  work();
  // Nobody adds to them any more: all tasks have ended.
  for (std::thread& thread : threads_) thread.join();
  if (failure_) std::rethrow_exception(failure_);
}

void TaskPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++num_idle_;
    changed_.wait(lock, [&] { return failure_ || !waiting_.empty() || num_running_ == 0; });
    --num_idle_;
    if (failure_ || waiting_.empty()) break;
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    ++num_running_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      task();
    } catch (...) {
      failure = std::current_exception();
    }
    task = nullptr;
    lock.lock();
    --num_running_;
    if (failure && !failure_) failure_ = failure;
    if (failure_ || num_running_ == 0) changed_.notify_all();
  }
}

}  // namespace trailsql
