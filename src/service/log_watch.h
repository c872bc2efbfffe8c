// Which folders of buckets a query reads, where that shows only while it runs.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"
#include "scan/file_source.h"
#include "service/log_guard.h"

namespace trailsql {

/// Watches the files that a query finds, and notes their folders as logs when it ends.
class LogWatch {
 public:
  /// `catalog` must outlive it.
  LogWatch(Catalog& catalog, LocationResolver resolver)
      : catalog_(catalog), resolver_(std::move(resolver)) {}

  /// Returns the source, watched; it must not outlive this object. Of `spec`, the table's location
  /// is what counts.
  std::unique_ptr<FileSource> watch(std::unique_ptr<FileSource> source,
                                    std::shared_ptr<const CatalogTable> table,
                                    const ScanSpec& spec);
  /// Notes what was found. Call when nobody finds files any more.
  void note();

 private:
  class Watched;
  struct Scan {
    std::shared_ptr<const CatalogTable> table;
    std::string stored_path;
    std::mutex mutex;
    BucketFolders folders;
  };
  Catalog& catalog_;
  LocationResolver resolver_;
  std::vector<std::shared_ptr<Scan>> scans_;
};

/// Returns the stream, after whose end `watch` notes what it has seen.
std::unique_ptr<ResultStream> watched(std::unique_ptr<ResultStream> stream,
                                      std::shared_ptr<LogWatch> watch);

}  // namespace trailsql
