// The files of a scan that lie in buckets: read ahead of the workers, while further ones are found.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

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

/// Reads in two rounds when it must: files that are not as an earlier query has listed them are
/// left aside and, when all others are taken, what lies in their folders now is read, but for what
/// was taken already. Safe from any thread.
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
  /// Nobody wants further files: ends what is on its way.
  void stop();

 private:
  std::optional<ObjectToRead> next_object();
  size_t hash_of(const ScanPartitions* partitions, const StoredFile& file) const;
  bool is_outdated(const BucketFile& file) const;
  void leave_out_taken(FoundFiles& found) const;
  std::shared_ptr<ReadAhead> new_round();
  bool begin_again(const std::shared_ptr<ReadAhead>& round);

  const ScanSpec& spec_;
  ScanReport& report_;
  FoundFiles found_;                  // used by one reading thread at a time, as what follows
  size_t next_ = 0;                   // in found_
  std::unique_ptr<FileSource> more_;  // none: all are found
  size_t num_objects_ = 0;
  std::mutex mutex_;                    // guards what follows
  std::condition_variable settled_;     // no file is on its way
  std::map<size_t, BucketFile> files_;  // by number: those that are on their way
  std::vector<size_t> taken_;          // hashes of their names; sorted once the second round begins
  std::vector<std::string> outdated_;  // stored paths
  bool is_second_round_ = false;
  bool is_stopped_ = false;
  std::shared_ptr<ReadAhead> read_ahead_;
};

}  // namespace trailsql
