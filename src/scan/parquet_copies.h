// Parquet files of buckets, copied to this machine for one query: the engine reads local files
// only.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"
#include "store/file_store.h"

namespace trailsql {

/// Holds the copies, which go with it. Not safe for several threads.
class ParquetCopies {
 public:
  /// Makes a folder of its own in `temporary_directory` when it is first needed.
  explicit ParquetCopies(std::string temporary_directory)
      : temporary_directory_(std::move(temporary_directory)) {}
  ~ParquetCopies();
  ParquetCopies(const ParquetCopies&) = delete;
  ParquetCopies& operator=(const ParquetCopies&) = delete;

  /// Copies those of the files that lie in buckets, each object once, however often it is asked
  /// for, and counts them as read in `report`, where those are noted that may be left out. Throws
  /// PERMISSION_DENIED, HIVE_CANNOT_OPEN_SPLIT, USER_CANCELED, and GENERIC_EXTERNAL_ERROR when the
  /// disk has no room.
  void add(const ScanSpec& spec, const std::vector<StoredFile>& files, ScanReport& report);

  /// Returns the path of the copy of an object; empty when it was left out. Precondition: it was
  /// added.
  const std::string& path_of(const ScanSpec& spec, const StoredFile& file) const;

 private:
  using Name = std::pair<AwsAccess, std::string>;
  const std::string& folder();
  void check_room(const std::vector<ObjectToCopy>& objects) const;

  std::string temporary_directory_;
  std::string folder_;
  std::map<Name, std::string> paths_;  // by URL, and how it is reached
};

}  // namespace trailsql
