#include "scan/scan.h"

#include "scan/scan_worker.h"
#include "scan/table_files.h"
#include "scan/text_scan_worker.h"

namespace trailsql {
namespace {

// A scan whose workers share a state.
template <typename State, typename Worker>
class ScanOf : public Scan {
 public:
  explicit ScanOf(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) override {
    return std::make_unique<Worker>(state_, wanted);
  }
  size_t max_workers() const override {
    constexpr size_t kEnoughForAnyMachine = 1024;
    return state_->bucket ? kEnoughForAnyMachine : state_->files.size();
  }
  const ScanSpec& spec() const override { return state_->spec; }
  void stop() override { state_->stop(); }

 private:
  std::shared_ptr<State> state_;
};
using JsonScan = ScanOf<JsonScanState, JsonScanWorker>;
using TextScan = ScanOf<ScanState, TextScanWorker>;

}  // namespace

std::shared_ptr<Scan> open_scan(ScanSpec spec, std::vector<StoredFile> files,
                                std::unique_ptr<FileSource> more, ScanReport& report,
                                const Cancellation& cancellation) {
  announce_files(files, report);
  ++report.num_scans;
  if (!more) ++report.num_scans_listed;
  const bool is_text = is_text_format(spec.format);
  (is_text ? report.reads_text : report.reads_json) = true;
  if (is_text) {
    auto state = std::make_shared<ScanState>(std::move(spec), report, cancellation);
    state->set_files(std::move(files), std::move(more));
    return std::make_shared<TextScan>(std::move(state));
  }
  auto state = std::make_shared<JsonScanState>(std::move(spec), report, cancellation);
  state->options = options_of(state->spec.format);
  state->set_files(std::move(files), std::move(more));
  return std::make_shared<JsonScan>(std::move(state));
}

std::shared_ptr<Scan> open_scan(ScanSpec spec, ScanReport& report,
                                const Cancellation& cancellation) {
  std::vector<StoredFile> files = list_table_files(spec, {}, report);
  return open_scan(std::move(spec), std::move(files), nullptr, report, cancellation);
}

}  // namespace trailsql
