#include "partitions/background_listing.h"

#include <chrono>
#include <utility>

namespace trailsql {
namespace {

// Listing stops when it is so far ahead of reading: a LIMIT may make the rest needless.
constexpr size_t kMaxFilesAhead = 20'000;

}  // namespace

BackgroundListing::BackgroundListing(List list, Choose choose, Finish finish, Again again)
    : list_(std::move(list)),
      choose_(std::move(choose)),
      finish_(std::move(finish)),
      again_(std::move(again)) {
  thread_ = std::thread([this] { list_all(); });
}

BackgroundListing::~BackgroundListing() {
  stop();
  thread_.join();
}

std::unique_ptr<FileSource> BackgroundListing::again(const std::vector<std::string>& stored_paths) {
  return again_(stored_paths);
}

void BackgroundListing::stop() {
  {
    // Not between a thread's look at it and its wait.
    const std::lock_guard lock(mutex_);
    stopping_.request();
  }
  changed_.notify_all();
}

void BackgroundListing::list_all() {
  std::exception_ptr failure;
  try {
    list_(stopping_, [this](ListedFiles files) {
      std::unique_lock lock(mutex_);
      constexpr auto kStopCheckInterval = std::chrono::milliseconds(50);
      while (num_waiting_files_ > kMaxFilesAhead) {
        stopping_.check();
        changed_.wait_for(lock, kStopCheckInterval);
      }
      num_waiting_files_ += files.files.size() + files.part.files.size();
      listed_.push_back(std::move(files));
      lock.unlock();
      changed_.notify_all();
    });
  } catch (...) {
    failure = std::current_exception();
  }
  {
    const std::lock_guard lock(mutex_);
    failure_ = failure;
    has_all_ = true;
  }
  changed_.notify_all();
}

bool BackgroundListing::next(FoundFiles& found) {
  while (true) {
    std::vector<ListedFiles> listed;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !listed_.empty() || has_all_ || stopping_.requested(); });
      stopping_.check();
      // What was found before a failure does not count: the query ends.
      if (failure_) std::rethrow_exception(failure_);
      if (listed_.empty()) break;
      listed = std::exchange(listed_, {});
      num_waiting_files_ = 0;
    }
    changed_.notify_all();
    found = choose_(std::move(listed));
    if (!found.files.empty()) return true;
  }
  finish_();
  return false;
}

}  // namespace trailsql
