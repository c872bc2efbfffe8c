#include "scan/rows_at_hand.h"

#include <algorithm>
#include <atomic>

namespace trailsql {
namespace {

class RowsScan : public Scan, public std::enable_shared_from_this<RowsScan> {
 public:
  explicit RowsScan(ColumnBatch rows) : rows_(std::move(rows)) {
    for (const Column& column : rows_.columns) {
      ScanColumn described;
      described.type = column.type();
      spec_.columns.push_back(std::move(described));
    }
  }

  std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) override {
    return std::make_unique<Worker>(shared_from_this(), wanted);
  }
  size_t max_workers() const override { return 1; }
  const ScanSpec& spec() const override { return spec_; }

 private:
  class Worker : public ScanWorker {
   public:
    Worker(std::shared_ptr<RowsScan> scan, std::vector<uint32_t> wanted)
        : scan_(std::move(scan)), wanted_(std::move(wanted)) {}

    size_t next(ColumnBatch& batch, size_t max_rows) override {
      batch.clear();
      const size_t begin = scan_->next_row_.fetch_add(max_rows);
      const size_t end = std::min(begin + max_rows, scan_->rows_.num_rows);
      if (begin >= end) return 0;
      for (size_t i = 0; i < wanted_.size(); ++i) {
        const Column& source = scan_->rows_.columns[wanted_[i]];
        for (size_t row = begin; row < end; ++row) batch.columns[i].append_from(source, row);
      }
      batch.num_rows = end - begin;
      return batch.num_rows;
    }

   private:
    std::shared_ptr<RowsScan> scan_;
    std::vector<uint32_t> wanted_;
  };

  ColumnBatch rows_;
  ScanSpec spec_;
  std::atomic<size_t> next_row_{0};
};

}  // namespace

std::shared_ptr<Scan> scan_rows_at_hand(ColumnBatch rows) {
  return std::make_shared<RowsScan>(std::move(rows));
}

}  // namespace trailsql
