// Files of a scan that are found while others are read already: those of buckets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scan/scan_spec.h"
#include "store/file_listing.h"

namespace trailsql {

/// Files, and the partitions that StoredFile::folder counts.
struct FoundFiles {
  std::shared_ptr<const ScanPartitions> partitions;  // of a table with partition columns
  std::vector<StoredFile> files;
};

/// Finds files.
class FileSource {
 public:
  virtual ~FileSource() = default;
  /// Waits for further files; false at the end. Called by one thread at a time. Throws what listing
  /// throws, and USER_CANCELED after `stop`.
  virtual bool next(FoundFiles& found) = 0;
  /// Finds once more, with a source of its own, all that lies in the folders of these files, by
  /// their stored paths, which are not as they are remembered; and forgets what is remembered
  /// there. Call after the last `next`. Throws USER_CANCELED.
  virtual std::unique_ptr<FileSource> again(const std::vector<std::string>& stored_paths) = 0;
  /// Nobody wants further files: ends a `next` that waits. Safe from any thread.
  virtual void stop() = 0;
};

}  // namespace trailsql
