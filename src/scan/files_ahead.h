// The first files of a scan, read and decompressed by a thread of their own while the engine is
// being opened.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "store/byte_buffer.h"
#include "store/file_listing.h"

namespace trailsql {

/// A file that was read ahead.
struct FileAhead {
  size_t index = 0;     // in the scan's files
  std::string problem;  // why it could not be read; empty when it was
  ByteBuffer stored;
  ByteBuffer raw;  // decompressed, with `is_inflated`
  bool is_inflated = false;
  bool is_left = false;  // there was no memory for it: whoever takes it reads it
};

/// Reads ahead until somebody takes a file, or there is nothing more to be read, or no memory to
/// spare for it.
class FilesAhead {
 public:
  /// Reads `files` from `next_file` on, which counts those that somebody reads already; `path_of`
  /// tells where one lies. The first two must outlive it.
  FilesAhead(const std::vector<StoredFile>& files, std::atomic<size_t>& next_file,
             std::function<std::string(const StoredFile&)> path_of);
  ~FilesAhead();
  FilesAhead(const FilesAhead&) = delete;
  FilesAhead& operator=(const FilesAhead&) = delete;

  /// Ends the reading ahead, and returns the next file that was read, or is being read at the
  /// moment; nothing when there is none left. So one worker has all files in their order. Safe from
  /// any thread.
  std::optional<FileAhead> take();

 private:
  void read();
  bool claim(size_t& index, size_t bytes_held);

  const std::vector<StoredFile>& files_;
  std::atomic<size_t>& next_file_;
  const std::function<std::string(const StoredFile&)> path_of_;
  std::atomic<bool> is_over_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FileAhead> ready_;
  bool is_reading_ = true;
  std::thread thread_;
};

}  // namespace trailsql
