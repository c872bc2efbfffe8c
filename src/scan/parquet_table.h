// A table in Parquet files: which files, and what is wanted of them. The engine reads them itself,
// so this is all that crosses from the scan to it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scan/parquet_copies.h"
#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"

namespace trailsql {

/// Names one Parquet file.
struct ParquetFile {
  std::string path;  // on this machine
  std::string url;   // as the table's LOCATION spells it: "$path"
  uint64_t size_bytes = 0;
  int64_t modified_time_us = 0;  // microseconds since 1970-01-01 UTC
  uint32_t folder = 0;           // of a table with partitions: which, in spec.partitions
  bool is_copy = false;          // of an object: `path` is of this query alone
};

/// One use of a Parquet table in a query: `spec.columns` are wanted of `files`. Its columns are
/// found in each file by name, without regard to case; fields of rows too.
struct ParquetTable {
  ScanSpec spec;
  std::vector<ParquetFile> files;  // in the order of their paths
  ScanReport* report = nullptr;
  std::shared_ptr<const ParquetCopies> copies;  // which must be there as long as they are read

  /// Adds the files to what the report calls done, but for copies, which are so already.
  void count_as_read() const;
};

/// Prepares the reading of these files, which list_table_files found. Empty ones hold no rows, with
/// a note. `report` must outlive the result. Throws HIVE_CANNOT_OPEN_SPLIT for a name that is no
/// UTF-8, which the engine does not take, and what ParquetCopies throws. `copies`, which take those
/// of buckets, may be those of other tables of the query.
ParquetTable open_parquet_table(ScanSpec spec, const std::vector<StoredFile>& files,
                                ScanReport& report, std::shared_ptr<ParquetCopies> copies);

}  // namespace trailsql
