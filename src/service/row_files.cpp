#include "service/row_files.h"

namespace trailsql {
namespace {

// What is gathered before it is compressed and written.
constexpr size_t kBlockBytes = 256 * 1024;

std::unique_ptr<Compressor> new_compressor(FileCompression compression) {
  switch (compression) {
    case FileCompression::kGzip: return new_gzip_compressor();
    case FileCompression::kZstd: return new_zstd_compressor();
    case FileCompression::kNone:
    case FileCompression::kSnappy: break;  // find_compression gives it to Parquet only
  }
  return new_plain_compressor();
}

}  // namespace

void RowFiles::write(const ColumnBatch& batch, bool is_partitioned) {
  for (size_t row = 0; row < batch.num_rows; ++row) {
    File& file = file_of(is_partitioned ? batch.columns.back().int64_at(row) : 0);
    format_->append_row(file.lines, batch, row);
    if (file.lines.size() >= kBlockBytes) compress(file);
  }
}

RowFiles::File& RowFiles::file_of(int64_t partition) {
  const auto index = static_cast<size_t>(partition);
  if (index >= files_.size()) files_.resize(index + 1);
  File& file = files_[index];
  if (file.sink) return file;
  file.sink = std::make_unique<AtomicFileSink>(path_of_partition_(partition));
  file.compressor = new_compressor(compression_);
  return file;
}

void RowFiles::compress(File& file) {
  std::string compressed;
  file.compressor->add(file.lines, compressed);
  file.sink->write(compressed);
  file.lines.clear();
}

void RowFiles::finish() {
  for (File& file : files_) {
    if (!file.sink) continue;
    compress(file);
    std::string rest;
    file.compressor->finish(rest);
    file.sink->write(rest);
    file.sink->commit();
  }
}

std::string row_file_extension(FileFormat format, FileCompression compression) {
  std::string extension = format == FileFormat::kJson ? ".json" : ".txt";
  if (compression == FileCompression::kGzip) extension += ".gz";
  if (compression == FileCompression::kZstd) extension += ".zst";
  return extension;
}

}  // namespace trailsql
