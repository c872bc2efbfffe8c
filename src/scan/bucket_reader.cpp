#include "scan/bucket_reader.h"

#include "scan/scan_limits.h"
#include "scan/table_files.h"

namespace trailsql {

BucketReader::BucketReader(const ScanSpec& spec, FoundFiles found, std::unique_ptr<FileSource> more,
                           ScanReport& report)
    : spec_(spec), report_(report), found_(std::move(found)), more_(std::move(more)) {
  read_ahead_ = store_of(spec).read_ahead(kReadAheadBytes, [this] { return next_object(); });
}

BucketReader::~BucketReader() {
  // A thread that reads ahead may wait in it.
  if (more_) more_->stop();
}

std::optional<ObjectToRead> BucketReader::next_object() {
  while (next_ == found_.files.size()) {
    next_ = 0;
    found_ = {};
    if (!more_ || !more_->next(found_)) {
      report_.listing_done = true;
      return std::nullopt;
    }
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

std::optional<BucketFile> BucketReader::take(ByteBuffer used) {
  std::optional<ObjectRead> read = read_ahead_->take(std::move(used));
  if (!read) return std::nullopt;
  const std::lock_guard lock(mutex_);
  BucketFile file = std::move(files_.extract(read->number).mapped());
  file.read = *std::move(read);
  return file;
}

}  // namespace trailsql
