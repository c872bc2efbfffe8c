// The files of a scan that lie in buckets: read ahead of the workers, while further ones are found.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "scan/file_source.h"
#include "scan/scan_report.h"
#include "store/read_ahead.h"

namespace trailsql {

/// A file that was read, or could not be.
struct BucketFile {
  StoredFile file;
  std::shared_ptr<const ScanPartitions> partitions;  // that its folder counts
  ObjectRead read;
};

/// Safe from any thread.
class BucketReader {
 public:
  /// Begins to read `found`, and then what `more` finds, if it is given. What is given by reference
  /// must outlive it.
  BucketReader(const ScanSpec& spec, FoundFiles found, std::unique_ptr<FileSource> more,
               ScanReport& report);
  ~BucketReader();
  BucketReader(const BucketReader&) = delete;
  BucketReader& operator=(const BucketReader&) = delete;

  /// Waits for a file; nothing after the last. `used` is memory that may be used again. Throws what
  /// finding files throws, and USER_CANCELED.
  std::optional<BucketFile> take(ByteBuffer used);

 private:
  std::optional<ObjectToRead> next_object();

  const ScanSpec& spec_;
  ScanReport& report_;
  FoundFiles found_;                  // used by one reading thread at a time, as what follows
  size_t next_ = 0;                   // in found_
  std::unique_ptr<FileSource> more_;  // none: all are found
  size_t num_objects_ = 0;
  std::mutex mutex_;                    // guards the files
  std::map<size_t, BucketFile> files_;  // by number: those that are on their way
  std::unique_ptr<ReadAhead> read_ahead_;
};

}  // namespace trailsql
