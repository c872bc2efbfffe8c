#include "scan/scan.h"

#include <algorithm>

#include "scan/scan_worker.h"
#include "scan/table_files.h"
#include "scan/text_scan_worker.h"

namespace trailsql {
namespace {

class OpenXScan : public Scan {
 public:
  explicit OpenXScan(std::shared_ptr<JsonScanState> state) : state_(std::move(state)) {}
  std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) override {
    return std::make_unique<OpenXScanWorker>(state_, wanted);
  }
  size_t max_workers() const override { return state_->files.size(); }
  const ScanSpec& spec() const override { return state_->spec; }

 private:
  std::shared_ptr<JsonScanState> state_;
};

class TextScan : public Scan {
 public:
  explicit TextScan(std::shared_ptr<ScanState> state) : state_(std::move(state)) {}
  std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) override {
    return std::make_unique<TextScanWorker>(state_, wanted);
  }
  size_t max_workers() const override { return state_->files.size(); }
  const ScanSpec& spec() const override { return state_->spec; }

 private:
  std::shared_ptr<ScanState> state_;
};

void largest_first(std::vector<StoredFile>& files) {
  std::stable_sort(files.begin(), files.end(), [](const StoredFile& a, const StoredFile& b) {
    return a.size_bytes > b.size_bytes;
  });
}

}  // namespace

std::shared_ptr<Scan> open_scan(ScanSpec spec, ScanReport& report,
                                const Cancellation& cancellation) {
  if (is_text_format(spec.format)) {
    auto state = std::make_shared<ScanState>(std::move(spec), report, cancellation);
    state->files = list_table_files(state->spec, report);
    largest_first(state->files);
    return std::make_shared<TextScan>(std::move(state));
  }
  auto state = std::make_shared<JsonScanState>(std::move(spec), report, cancellation);
  state->options = options_of(state->spec.format);
  state->files = list_table_files(state->spec, report);
  largest_first(state->files);
  return std::make_shared<OpenXScan>(std::move(state));
}

}  // namespace trailsql
