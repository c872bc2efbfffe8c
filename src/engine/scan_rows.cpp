#include "engine/scan_rows.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "engine/engine_error.h"

namespace trailsql {
namespace {

// Few enough that what is made of them stays in the processor's cache.
constexpr size_t kRowsPerBatch = 64;
// Texts that wait to be taken, of each thread.
constexpr size_t kTextsPerThread = 2;

class ScanRowsStream : public ResultStream {
 public:
  ScanRowsStream(std::shared_ptr<Scan> scan, ScanRows rows, size_t num_threads,
                 uint64_t memory_limit_bytes, const Cancellation& cancellation)
      : scan_(std::move(scan)),
        rows_(std::move(rows)),
        num_threads_(num_threads),
        memory_limit_bytes_(memory_limit_bytes),
        num_left_(rows_.limit.value_or(std::numeric_limits<uint64_t>::max())),
        cancellation_(cancellation) {}

  ~ScanRowsStream() override { join(); }

  bool next(ColumnBatch& batch) override {
    start();
    std::unique_lock lock(mutex_);
    // The thread that made the last batch goes on: its strings are of no use any more.
    release(lock);
    if (!wait(lock)) return false;
    taken_ = std::move(ready_.front());
    ready_.pop_front();
    std::swap(batch, *taken_.batch);
    return true;
  }

  bool next_text(const RenderRows& render, RowsText& rows) override {
    render_ = &render;
    start();
    std::unique_lock lock(mutex_);
    spare_texts_.push_back(std::move(rows.text));
    rows.text.clear();
    if (!wait(lock)) return false;
    rows = std::move(ready_.front().rows);
    ready_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return true;
  }

 private:
  // What one thread made: a batch, which lies with that thread, or its text.
  struct Made {
    ColumnBatch* batch = nullptr;
    bool* is_taken = nullptr;
    RowsText rows;
  };

  void start() {
    if (!threads_.empty()) return;
    num_running_ = num_threads_;
    for (size_t i = 0; i < num_threads_; ++i) threads_.emplace_back([this] { produce(); });
  }

  // Waits for something to take; returns false at the end. Throws what ended a thread.
  bool wait(std::unique_lock<std::mutex>& lock) {
    while (ready_.empty() && num_running_ > 0) changed_.wait(lock);
    if (!ready_.empty() && !error_) return true;
    lock.unlock();
    join();
    if (error_) throw *error_;
    cancellation_.check();
    return false;
  }

  void release(std::unique_lock<std::mutex>& lock) {
    if (taken_.is_taken == nullptr) return;
    *std::exchange(taken_.is_taken, nullptr) = true;
    lock.unlock();
    changed_.notify_all();
    lock.lock();
  }

  void join() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  void produce() {
    try {
      produce_rows();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = to_query_error(encode_current_exception(), memory_limit_bytes_);
      is_over_ = true;
    }
    const std::lock_guard lock(mutex_);
    --num_running_;
    changed_.notify_all();
  }

  void produce_rows() {
    const std::unique_ptr<ScanWorker> worker = scan_->new_worker(rows_.columns);
    ColumnBatch batch;
    while (const size_t wanted = num_wanted()) {
      cancellation_.check();
      prepare(batch);
      if (worker->next(batch, wanted) == 0 || !claim(batch)) return;
      if (!(render_ == nullptr ? hand_over(batch) : hand_over_text(batch))) return;
    }
  }

  // Gives the batch, which may have been the caller's, the columns of the rows.
  void prepare(ColumnBatch& batch) const {
    const std::vector<ScanColumn>& columns = scan_->spec().columns;
    bool fits = batch.columns.size() == rows_.columns.size();
    for (size_t i = 0; fits && i < rows_.columns.size(); ++i)
      fits = batch.columns[i].type() == columns[rows_.columns[i]].type;
    if (fits) return;
    batch.columns.clear();
    for (const uint32_t column : rows_.columns) batch.columns.emplace_back(columns[column].type);
  }

  size_t num_wanted() {
    const std::lock_guard lock(mutex_);
    return is_over_ ? 0 : static_cast<size_t>(std::min<uint64_t>(num_left_, kRowsPerBatch));
  }

  // Takes the batch's rows out of those that are left; of the last batch that may be fewer.
  bool claim(ColumnBatch& batch) {
    const std::lock_guard lock(mutex_);
    batch.num_rows = static_cast<size_t>(std::min<uint64_t>(batch.num_rows, num_left_));
    num_left_ -= batch.num_rows;
    return batch.num_rows > 0;
  }

  bool hand_over(ColumnBatch& batch) {
    bool is_taken = false;
    std::unique_lock lock(mutex_);
    ready_.push_back({&batch, &is_taken, {}});
    changed_.notify_all();
    while (!is_taken && !is_over_) changed_.wait(lock);
    return is_taken;
  }

  bool hand_over_text(const ColumnBatch& batch) {
    RowsText rows{spare_text(), batch.num_rows};
    (*render_)(batch, rows.text);
    std::unique_lock lock(mutex_);
    while (ready_.size() >= num_threads_ * kTextsPerThread && !is_over_) changed_.wait(lock);
    if (is_over_) return false;
    ready_.push_back({nullptr, nullptr, std::move(rows)});
    changed_.notify_all();
    return true;
  }

  // Memory that was a text before is known to the system already.
  std::string spare_text() {
    const std::lock_guard lock(mutex_);
    if (spare_texts_.empty()) return {};
    std::string text = std::move(spare_texts_.back());
    spare_texts_.pop_back();
    text.clear();
    return text;
  }

  const std::shared_ptr<Scan> scan_;
  const ScanRows rows_;
  const size_t num_threads_;
  const uint64_t memory_limit_bytes_;
  const RenderRows* render_ = nullptr;
  Made taken_;  // whose batch the caller has
  std::vector<std::thread> threads_;

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::deque<Made> ready_;
  std::vector<std::string> spare_texts_;
  uint64_t num_left_;
  size_t num_running_ = 0;
  bool is_over_ = false;
  std::optional<QueryError> error_;
  const Cancellation& cancellation_;
};

}  // namespace

std::unique_ptr<ResultStream> stream_scan_rows(std::shared_ptr<Scan> scan, ScanRows rows,
                                               const DatabaseSettings& settings,
                                               const Cancellation& cancellation) {
  const size_t wanted =
      settings.num_threads != 0 ? settings.num_threads : std::thread::hardware_concurrency();
  const size_t useful = std::clamp<size_t>(scan->max_workers(), 1, std::max<size_t>(wanted, 1));
  return std::make_unique<ScanRowsStream>(std::move(scan), std::move(rows), useful,
                                          settings.memory_limit_bytes, cancellation);
}

}  // namespace trailsql
