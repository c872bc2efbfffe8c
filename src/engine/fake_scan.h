// A scan made of a function, for tests of the engine: no files, no JSON.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "scan/scan.h"

namespace trailsql {

/// Delivers `num_rows` rows, shared among `num_workers` workers. `append` appends the value of a
/// column (its number in the spec) for a row.
class FakeScan : public Scan {
 public:
  using Append = std::function<void(uint32_t column, size_t row, Column& out)>;

  FakeScan(std::vector<Type> types, size_t num_rows, size_t num_workers, Append append)
      : num_rows_(num_rows), num_workers_(num_workers), append_(std::move(append)) {
    for (Type& type : types) {
      ScanColumn column;
      column.type = std::move(type);
      spec_.columns.push_back(std::move(column));
    }
  }

  std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) override {
    const std::lock_guard lock(mutex_);
    wanted_.push_back(wanted);
    return std::make_unique<Worker>(*this, wanted);
  }
  size_t max_workers() const override { return num_workers_; }
  const ScanSpec& spec() const override { return spec_; }

  /// Returns what each worker was made for.
  std::vector<std::vector<uint32_t>> wanted() const {
    const std::lock_guard lock(mutex_);
    return wanted_;
  }
  size_t rows_taken() const { return std::min(next_row_.load(), num_rows_); }
  /// Called before every batch.
  std::function<void()> before_batch;

 private:
  class Worker : public ScanWorker {
   public:
    Worker(FakeScan& scan, std::vector<uint32_t> wanted)
        : scan_(scan), wanted_(std::move(wanted)) {}

    size_t next(ColumnBatch& batch, size_t max_rows) override {
      if (scan_.before_batch) scan_.before_batch();
      const size_t begin = scan_.next_row_.fetch_add(max_rows);
      if (begin >= scan_.num_rows_) return 0;
      const size_t end = std::min(begin + max_rows, scan_.num_rows_);
      for (size_t i = 0; i < wanted_.size(); ++i) {
        for (size_t row = begin; row < end; ++row) {
          scan_.append_(wanted_[i], row, batch.columns[i]);
        }
      }
      batch.num_rows = end - begin;
      return end - begin;
    }

   private:
    FakeScan& scan_;
    std::vector<uint32_t> wanted_;
  };

  ScanSpec spec_;
  size_t num_rows_;
  size_t num_workers_;
  Append append_;
  std::atomic<size_t> next_row_{0};
  mutable std::mutex mutex_;
  std::vector<std::vector<uint32_t>> wanted_;
};

}  // namespace trailsql
