#include "scan/scan.h"

#include <fmt/format.h>

#include <algorithm>

#include "scan/scan_worker.h"
#include "store/file_listing.h"

namespace trailsql {
namespace {

class OpenXScan : public Scan {
 public:
  explicit OpenXScan(std::shared_ptr<ScanState> state) : state_(std::move(state)) {}
  std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) override {
    return std::make_unique<OpenXScanWorker>(state_, wanted);
  }
  size_t max_workers() const override { return std::max<size_t>(1, state_->files.size()); }
  const ScanSpec& spec() const override { return state_->spec; }

 private:
  std::shared_ptr<ScanState> state_;
};

}  // namespace

std::shared_ptr<Scan> open_scan(ScanSpec spec, ScanReport& report,
                                const Cancellation& cancellation) {
  auto state = std::make_shared<ScanState>(std::move(spec), report, cancellation);
  state->options = parse_openx_options(state->spec.format.properties);
  FileListing listing = list_files(state->spec.local_path);
  if (!listing.exists)
    report.add_note({ScanNoteKind::kUnreadableFile, state->spec.location, 0,
                     fmt::format("{} does not exist: no rows", state->spec.local_path)});
  state->files = std::move(listing.files);
  std::stable_sort(
      state->files.begin(), state->files.end(),
      [](const StoredFile& a, const StoredFile& b) { return a.size_bytes > b.size_bytes; });
  for (const StoredFile& file : state->files) report.stored_bytes_total += file.size_bytes;
  report.num_files_total += state->files.size();
  report.listing_done = true;
  return std::make_shared<OpenXScan>(std::move(state));
}

}  // namespace trailsql
