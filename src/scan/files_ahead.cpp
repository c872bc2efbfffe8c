#include "scan/files_ahead.h"

#include <exception>
#include <utility>

#include "scan/scan_limits.h"
#include "store/compression.h"
#include "store/file_reader.h"
#include "store/inflater.h"
#include "store/whole_gzip.h"

namespace trailsql {
namespace {

// The file as it is, and decompressed if that is simple and takes no more than `max_raw_bytes`.
void read_ahead(const std::string& path, size_t max_raw_bytes, WholeGzip& gzip, FileAhead& file) {
  file.problem = read_file(path, file.stored);
  const std::string_view stored = file.stored.view();
  const size_t raw_bytes = stated_raw_size(stored);
  if (!file.problem.empty() || compression_of(stored) != Compression::kGzip ||
      raw_bytes > max_raw_bytes)
    return;
  file.raw.reserve(raw_bytes + kInflateSlackBytes);
  const auto member = gzip.inflate(stored, file.raw.data(), file.raw.capacity());
  file.is_inflated = member && member->stored_bytes == stored.size();
  if (file.is_inflated) file.raw.set_size(member->raw_bytes);
}

}  // namespace

FilesAhead::FilesAhead(const std::vector<StoredFile>& files, std::atomic<size_t>& next_file,
                       std::function<std::string(const StoredFile&)> path_of)
    : files_(files), next_file_(next_file), path_of_(std::move(path_of)) {
  thread_ = std::thread([this] { read(); });
}

FilesAhead::~FilesAhead() {
  is_over_ = true;
  thread_.join();
}

void FilesAhead::read() {
  WholeGzip gzip;
  size_t bytes_held = 0;
  for (size_t index = 0; claim(index, bytes_held);) {
    FileAhead file;
    file.index = index;
    try {
      read_ahead(path_of_(files_[index]), kFilesAheadBytes - bytes_held, gzip, file);
    } catch (const std::exception&) {
      file = {};
      file.index = index;
      file.is_left = true;
    }
    bytes_held += file.stored.capacity() + file.raw.capacity();
    {
      const std::lock_guard lock(mutex_);
      ready_.push_back(std::move(file));
    }
    changed_.notify_one();
  }
  {
    const std::lock_guard lock(mutex_);
    is_reading_ = false;
  }
  changed_.notify_all();
}

// Claims the next file, if it is small enough to be read ahead.
bool FilesAhead::claim(size_t& index, size_t bytes_held) {
  index = next_file_;
  while (!is_over_ && index < files_.size() && bytes_held < kFilesAheadBytes &&
         files_[index].size_bytes <= kFilesAheadBytes - bytes_held) {
    if (next_file_.compare_exchange_weak(index, index + 1)) return true;
  }
  return false;
}

std::optional<FileAhead> FilesAhead::take() {
  is_over_ = true;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || !is_reading_; });
  if (ready_.empty()) return std::nullopt;
  FileAhead file = std::move(ready_.front());
  ready_.pop_front();
  return file;
}

}  // namespace trailsql
