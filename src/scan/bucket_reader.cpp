#include "scan/bucket_reader.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "scan/scan_limits.h"
#include "scan/table_files.h"

namespace trailsql {

BucketReader::BucketReader(const ScanSpec& spec, FoundFiles found, std::unique_ptr<FileSource> more,
                           ScanReport& report)
    : spec_(spec), report_(report), found_(std::move(found)), more_(std::move(more)) {
  read_ahead_ = new_round();
}

BucketReader::~BucketReader() {
  // A thread that reads ahead may wait in it.
  if (more_) more_->stop();
}

void BucketReader::stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
  settled_.notify_all();
  read_ahead_->stop();
  if (more_) more_->stop();
}

std::shared_ptr<ReadAhead> BucketReader::new_round() {
  return store_of(spec_).read_ahead(kReadAheadBytes, [this] { return next_object(); });
}

std::optional<ObjectToRead> BucketReader::next_object() {
  while (next_ == found_.files.size()) {
    next_ = 0;
    found_ = {};
    if (!more_ || !more_->next(found_)) {
      if (more_ && !is_second_round_) ++report_.num_scans_listed;
      return std::nullopt;
    }
    leave_out_taken(found_);
    announce_files(found_.files, report_);
  }
  StoredFile& file = found_.files[next_++];
  ObjectToRead object;
  object.number = num_objects_++;
  object.name = *parse_s3_url(stored_path_of(spec_, found_.partitions.get(), file));
  object.size_bytes = file.size_bytes;
  object.etag = file.etag;
  const std::lock_guard lock(mutex_);
  files_[object.number] = {std::move(file), found_.partitions, {}};
  return object;
}

// The same object may lie in several partitions. Names of all files would take too much memory.
size_t BucketReader::hash_of(const ScanPartitions* partitions, const StoredFile& file) const {
  std::string name = stored_path_of(spec_, partitions, file);
  if (partitions != nullptr) name += "\n" + partitions->names[file.folder];
  return std::hash<std::string>{}(name);
}

bool BucketReader::is_outdated(const BucketFile& file) const {
  const S3Problem::Kind kind = file.read.problem.kind;
  return more_ && file.file.is_remembered &&
         (kind == S3Problem::Kind::kNoSuchKey || kind == S3Problem::Kind::kChanged);
}

void BucketReader::leave_out_taken(FoundFiles& found) const {
  if (!is_second_round_) return;
  std::erase_if(found.files, [&](const StoredFile& file) {
    return std::ranges::binary_search(taken_, hash_of(found.partitions.get(), file));
  });
}

std::optional<BucketFile> BucketReader::take(ByteBuffer used) {
  while (true) {
    std::shared_ptr<ReadAhead> round;
    {
      const std::lock_guard lock(mutex_);
      round = read_ahead_;
    }
    std::optional<ObjectRead> read = round->take(std::exchange(used, ByteBuffer()));
    if (!read) {
      if (begin_again(round)) continue;
      return std::nullopt;
    }
    const std::lock_guard lock(mutex_);
    BucketFile file = std::move(files_.extract(read->number).mapped());
    if (files_.empty()) settled_.notify_all();
    file.read = *std::move(read);
    if (!is_outdated(file)) {
      if (more_ && !is_second_round_) taken_.push_back(hash_of(file.partitions.get(), file.file));
      return file;
    }
    outdated_.push_back(stored_path_of(spec_, file.partitions.get(), file.file));
    --report_.num_files_total;
    report_.stored_bytes_total -= file.file.size_bytes;
    used = std::move(file.read.bytes);
  }
}

// Begins the second round after `round`, if there must be one. What other threads have just taken
// counts.
bool BucketReader::begin_again(const std::shared_ptr<ReadAhead>& round) {
  std::unique_lock lock(mutex_);
  settled_.wait(lock, [&] { return is_stopped_ || read_ahead_ != round || files_.empty(); });
  if (is_stopped_) return false;
  if (read_ahead_ != round) return true;
  if (outdated_.empty()) return false;
  more_ = more_->again(std::exchange(outdated_, {}));
  std::ranges::sort(taken_);
  is_second_round_ = true;
  read_ahead_ = new_round();
  settled_.notify_all();
  return true;
}

}  // namespace trailsql
