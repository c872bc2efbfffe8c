// One running scan: ScanSpec in, ColumnBatches out. The engine pulls; every thread of the engine
// has its own worker.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/cancellation.h"
#include "scan/file_source.h"
#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"
#include "types/column.h"

namespace trailsql {

/// Pulls rows for one thread. Not safe for several threads; workers of one scan run side by side.
class ScanWorker {
 public:
  virtual ~ScanWorker() = default;
  /// Fills `batch` (whose columns have the types of the wanted columns, in their order) with up to
  /// `max_rows` rows and returns their number; 0 means the scan has no more rows for anybody.
  /// Strings may point into the worker's buffers: they stay valid until the next call. With no
  /// wanted columns only `batch.num_rows` is set. Throws HIVE_CURSOR_ERROR and its like as
  /// facts/serdes.md lists, and USER_CANCELED.
  virtual size_t next(ColumnBatch& batch, size_t max_rows) = 0;
};

/// Shares the list of files among workers, one file a thread at a time, largest first.
class Scan {
 public:
  virtual ~Scan() = default;
  /// Makes a worker that delivers `wanted` (indexes into spec.columns, in this order). Safe from
  /// any thread.
  virtual std::unique_ptr<ScanWorker> new_worker(const std::vector<uint32_t>& wanted) = 0;
  /// Returns how many workers are of use: at most one per file.
  virtual size_t max_workers() const = 0;
  virtual const ScanSpec& spec() const = 0;
  /// Nobody wants further rows: workers open no other file. Safe from any thread.
  virtual void stop() {}
};

/// Prepares the scan of these files, and of `more` that are found while they are read. `report` and
/// `cancellation` must outlive it.
std::shared_ptr<Scan> open_scan(ScanSpec spec, std::vector<StoredFile> files,
                                std::unique_ptr<FileSource> more, ScanReport& report,
                                const Cancellation& cancellation);

/// Lists the files first: see list_table_files.
std::shared_ptr<Scan> open_scan(ScanSpec spec, ScanReport& report,
                                const Cancellation& cancellation);

}  // namespace trailsql
