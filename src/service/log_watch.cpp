#include "service/log_watch.h"

#include <utility>

namespace trailsql {

class LogWatch::Watched : public FileSource {
 public:
  Watched(std::unique_ptr<FileSource> source, std::shared_ptr<Scan> scan)
      : source_(std::move(source)), scan_(std::move(scan)) {
    spec_.stored_path = scan_->stored_path;
  }
  bool next(FoundFiles& found) override {
    if (!source_->next(found)) return false;
    const std::lock_guard lock(scan_->mutex);
    add_bucket_folders(spec_, found.partitions.get(), found.files, scan_->folders);
    return true;
  }
  std::unique_ptr<FileSource> again(const std::vector<std::string>& stored_paths) override {
    return std::make_unique<Watched>(source_->again(stored_paths), scan_);
  }
  void stop() override { source_->stop(); }

 private:
  std::unique_ptr<FileSource> source_;
  std::shared_ptr<Scan> scan_;
  ScanSpec spec_;
};

std::unique_ptr<FileSource> LogWatch::watch(std::unique_ptr<FileSource> source,
                                            std::shared_ptr<const CatalogTable> table,
                                            const ScanSpec& spec) {
  auto scan = std::make_shared<Scan>();
  scan->table = std::move(table);
  scan->stored_path = spec.stored_path;
  scans_.push_back(scan);
  return std::make_unique<Watched>(std::move(source), std::move(scan));
}

void LogWatch::note() {
  for (const std::shared_ptr<Scan>& scan : std::exchange(scans_, {})) {
    const std::lock_guard lock(scan->mutex);
    if (!scan->folders.empty())
      note_logs(catalog_, resolver_, *scan->table, nullptr, scan->folders);
  }
}

namespace {

class WatchedStream : public ResultStream {
 public:
  WatchedStream(std::unique_ptr<ResultStream> stream, std::shared_ptr<LogWatch> watch)
      : stream_(std::move(stream)), watch_(std::move(watch)) {}
  ~WatchedStream() override {
    stream_.reset();
    try {
      watch_->note();
    } catch (const QueryError&) {
      // A query that failed or was left early notes what it can.
    }
  }
  bool next(ColumnBatch& batch) override { return is_row(stream_->next(batch)); }
  bool next_text(const RenderRows& render, RowsText& rows) override {
    return is_row(stream_->next_text(render, rows));
  }

 private:
  bool is_row(bool has_rows) {
    if (!has_rows) watch_->note();
    return has_rows;
  }

  std::unique_ptr<ResultStream> stream_;
  std::shared_ptr<LogWatch> watch_;
};

}  // namespace

std::unique_ptr<ResultStream> watched(std::unique_ptr<ResultStream> stream,
                                      std::shared_ptr<LogWatch> watch) {
  return std::make_unique<WatchedStream>(std::move(stream), std::move(watch));
}

}  // namespace trailsql
