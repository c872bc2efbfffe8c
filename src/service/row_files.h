// Files of rows: JSON or delimited text, compressed, one file a partition.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analysis/write_properties.h"
#include "service/line_format.h"
#include "service/output_sink.h"
#include "store/compressor.h"

namespace trailsql {

/// Writes rows to files that are opened when their first row comes.
class RowFiles {
 public:
  /// Returns the path of a partition's file; the folder it lies in must be there.
  using PathOfPartition = std::function<std::string(int64_t partition)>;

  RowFiles(std::unique_ptr<LineFormat> format, FileCompression compression,
           PathOfPartition path_of_partition)
      : format_(std::move(format)),
        compression_(compression),
        path_of_partition_(std::move(path_of_partition)) {}

  /// Writes the rows of a batch. With `is_partitioned` its last column says each row's partition,
  /// else all rows are of partition 0. Throws what the format throws, HIVE_WRITER_OPEN_ERROR, and
  /// GENERIC_EXTERNAL_ERROR when the disk is full.
  void write(const ColumnBatch& batch, bool is_partitioned);
  /// Completes all files.
  void finish();

 private:
  struct File {
    std::unique_ptr<AtomicFileSink> sink;
    std::unique_ptr<Compressor> compressor;
    std::string lines;  // not yet compressed
  };
  File& file_of(int64_t partition);
  static void compress(File& file);

  std::unique_ptr<LineFormat> format_;
  FileCompression compression_;
  PathOfPartition path_of_partition_;
  std::vector<File> files_;  // by partition; those without a sink have no rows yet
};

/// Returns what the names of such files end with: ".json.gz".
std::string row_file_extension(FileFormat format, FileCompression compression);

}  // namespace trailsql
