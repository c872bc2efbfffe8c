#include "engine/scan_rows.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "engine/engine_error.h"

namespace trailsql {
namespace {

// Few enough that what is made of them stays in the processor's cache.
constexpr size_t kRowsPerBatch = 128;
// Texts that wait to be taken, of each thread.
constexpr size_t kTextsPerThread = 2;

// What all threads of one stream share.
struct SharedRows {
  std::shared_ptr<Scan> scan;
  std::vector<uint32_t> columns;  // of the scan
  std::vector<Type> types;        // of these
  uint64_t memory_limit_bytes;
  const Cancellation& cancellation;
  std::atomic<uint64_t> num_left;  // of the rows that are wanted

  // Returns what is being thrown as the engine tells it.
  QueryError current_error() const {
    return to_query_error(encode_current_exception(), memory_limit_bytes);
  }
};

// Makes rows, for one thread.
class RowMaker {
 public:
  explicit RowMaker(SharedRows& shared) : shared_(shared) {}

  // Fills `batch`; returns false at the end. The strings live until the next call.
  bool make(ColumnBatch& batch) {
    shared_.cancellation.check();
    if (worker_ == nullptr) worker_ = shared_.scan->new_worker(shared_.columns);
    batch.reset(shared_.types);
    const uint64_t num_left = shared_.num_left.load(std::memory_order_relaxed);
    const auto wanted = static_cast<size_t>(std::min<uint64_t>(num_left, kRowsPerBatch));
    return wanted > 0 && worker_->next(batch, wanted) > 0 && claim(batch);
  }

 private:
  // Takes the batch's rows out of those that are wanted; of the last batch that may be fewer.
  bool claim(ColumnBatch& batch) {
    uint64_t num_left = shared_.num_left.load(std::memory_order_relaxed);
    uint64_t num_taken = 0;
    do {
      num_taken = std::min<uint64_t>(batch.num_rows, num_left);
    } while (!shared_.num_left.compare_exchange_weak(num_left, num_left - num_taken));
    if (num_taken == num_left) shared_.scan->stop();
    batch.num_rows = static_cast<size_t>(num_taken);
    return num_taken > 0;
  }

  SharedRows& shared_;
  std::unique_ptr<ScanWorker> worker_;
};

// Makes rows in the thread that asks for them.
class RowsOfOneThread : public ResultStream {
 public:
  explicit RowsOfOneThread(std::unique_ptr<SharedRows> shared)
      : shared_(std::move(shared)), maker_(std::in_place, *shared_) {}

  bool next(ColumnBatch& batch) override {
    try {
      if (maker_ && maker_->make(batch)) return true;
    } catch (...) {
      throw shared_->current_error();
    }
    maker_.reset();  // what it counted is told with that
    return false;
  }

 private:
  const std::unique_ptr<SharedRows> shared_;
  std::optional<RowMaker> maker_;
};

class RowsOfManyThreads : public ResultStream {
 public:
  RowsOfManyThreads(std::unique_ptr<SharedRows> shared, size_t num_threads)
      : shared_(std::move(shared)), num_threads_(num_threads) {}
  ~RowsOfManyThreads() override { stop(); }

  bool next(ColumnBatch& batch) override {
    start(nullptr);
    std::unique_lock lock(mutex_);
    // The thread that made the last batch goes on: its strings are of no use any more.
    if (lender_ != nullptr) *std::exchange(lender_, nullptr) = false;
    taken_.notify_all();
    if (!wait(lock)) return false;
    const Made made = std::move(made_.front());
    made_.pop_front();
    lender_ = made.is_lent;
    std::swap(batch, *made.batch);
    return true;
  }

  bool next_text(const RenderRows& render, RowsText& rows) override {
    start(&render);
    std::unique_lock lock(mutex_);
    spare_texts_.push_back(std::move(rows.text));
    rows.text.clear();
    if (!wait(lock)) return false;
    rows = std::move(made_.front().rows);
    made_.pop_front();
    lock.unlock();
    taken_.notify_one();
    return true;
  }

 private:
  // What a thread made: a batch, which it lends, or the text of one.
  struct Made {
    ColumnBatch* batch = nullptr;
    bool* is_lent = nullptr;
    RowsText rows;
  };

  void start(const RenderRows* render) {
    if (!threads_.empty()) return;
    render_ = render;
    num_running_ = num_threads_;
    for (size_t i = 0; i < num_threads_; ++i) threads_.emplace_back([this] { run(); });
  }

  // Waits for something to take; returns false at the end. Throws what ended a thread.
  bool wait(std::unique_lock<std::mutex>& lock) {
    while (made_.empty() && num_running_ > 0) changed_.wait(lock);
    if (!made_.empty() && !error_) return true;
    lock.unlock();
    stop();
    if (error_) throw *error_;
    return false;
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    taken_.notify_all();
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

  void run() {
    try {
      RowMaker maker(*shared_);
      ColumnBatch batch;
      while (maker.make(batch) && (render_ == nullptr ? lend(batch) : hand_over_text(batch))) {
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!error_) error_ = shared_->current_error();
      is_over_ = true;
      taken_.notify_all();
    }
    const std::lock_guard lock(mutex_);
    --num_running_;
    changed_.notify_one();
  }

  // Both return whether to go on.
  bool lend(ColumnBatch& batch) {
    bool is_lent = true;
    std::unique_lock lock(mutex_);
    if (is_over_) return false;
    made_.push_back({&batch, &is_lent, {}});
    changed_.notify_one();
    while (is_lent && !is_over_) taken_.wait(lock);
    return !is_over_;
  }
  bool hand_over_text(const ColumnBatch& batch) {
    RowsText rows{spare_text(), batch.num_rows};
    (*render_)(batch, rows.text);
    std::unique_lock lock(mutex_);
    while (made_.size() >= num_threads_ * kTextsPerThread && !is_over_) taken_.wait(lock);
    if (is_over_) return false;
    made_.push_back({nullptr, nullptr, std::move(rows)});
    changed_.notify_one();
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

  const std::unique_ptr<SharedRows> shared_;
  const size_t num_threads_;
  const RenderRows* render_ = nullptr;
  bool* lender_ = nullptr;  // of the batch that the caller has
  std::vector<std::thread> threads_;

  std::mutex mutex_;                 // of all below
  std::condition_variable changed_;  // something was made, or a thread ended
  std::condition_variable taken_;
  std::deque<Made> made_;
  std::vector<std::string> spare_texts_;
  size_t num_running_ = 0;
  bool is_over_ = false;
  std::optional<QueryError> error_;
};

}  // namespace

std::unique_ptr<ResultStream> stream_scan_rows(const EngineQuery& query,
                                               const DatabaseSettings& settings,
                                               const Cancellation& cancellation) {
  const std::shared_ptr<Scan>& scan = query.scans.at(0);
  const size_t wanted =
      settings.num_threads != 0 ? settings.num_threads : std::thread::hardware_concurrency();
  const size_t num_threads = std::min(wanted, scan->max_workers());
  auto shared = std::make_unique<SharedRows>(
      scan, *query.scan_columns, query.result_types, settings.memory_limit_bytes, cancellation,
      query.enough_rows.value_or(std::numeric_limits<uint64_t>::max()));
  if (num_threads <= 1) return std::make_unique<RowsOfOneThread>(std::move(shared));
  return std::make_unique<RowsOfManyThreads>(std::move(shared), num_threads);
}

}  // namespace trailsql
