#include "scan/parquet_copies.h"

#include <fmt/core.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>

#include "base/error.h"
#include "scan/table_files.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBytesPerMegabyte = 1'000'000;

}  // namespace

ParquetCopies::~ParquetCopies() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

const std::string& ParquetCopies::folder() {
  static std::atomic<uint64_t> next_number{0};
  if (!folder_.empty()) return folder_;
  const std::string folder =
      fmt::format("{}/objects-{}-{}", temporary_directory_, ::getpid(), next_number.fetch_add(1));
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Cannot make the folder for copies of Parquet files {}: {}",
                                 folder, failure.message()));
  }
  return folder_ = folder;
}

void ParquetCopies::check_room(const std::vector<ObjectToCopy>& objects) const {
  uint64_t needed_bytes = 0;
  for (const ObjectToCopy& copy : objects) needed_bytes += copy.object.size_bytes;
  std::error_code failure;
  const fs::space_info room = fs::space(folder_, failure);
  if (failure || needed_bytes <= room.available) return;
  throw QueryError(
      ErrorCode::kGenericExternalError, Location{},
      fmt::format("Cannot copy {} MB of Parquet files from their bucket: {} has room for {} MB",
                  needed_bytes / kBytesPerMegabyte, folder_, room.available / kBytesPerMegabyte),
      "name fewer partitions, or give a home folder on a larger disk (--home)");
}

void ParquetCopies::add(const ScanSpec& spec, const std::vector<StoredFile>& files,
                        ScanReport& report) {
  std::vector<ObjectToCopy> objects;
  std::vector<std::string*> paths;  // by number, as are these
  std::vector<const StoredFile*> stored;
  for (const StoredFile& file : files) {
    const std::string url = stored_path_of(spec, spec.partitions.get(), file);
    if (!is_bucket_path(url) || file.size_bytes == 0) continue;
    const auto [known, is_new] = paths_.try_emplace({store_of(spec).access(), url});
    if (!is_new) {
      ++report.num_files_done;
      report.stored_bytes_done += file.size_bytes;
      continue;
    }
    known->second = fmt::format("{}/{}.parquet", folder(), paths_.size());
    objects.push_back(
        {{objects.size(), *parse_s3_url(url), file.size_bytes, file.etag}, known->second});
    paths.push_back(&known->second);
    stored.push_back(&file);
  }
  if (objects.empty()) return;
  check_room(objects);
  std::mutex mutex;
  const bool skips_denied = store_of(spec).skips_denied();
  store_of(spec).copy_objects(objects, [&](size_t number, const S3Problem& problem) {
    const std::lock_guard lock(mutex);
    const std::string url = url_of(spec, spec.partitions.get(), *stored[number]);
    if (is_left_out(url, problem, reads_what_it_can(spec.format.kind), skips_denied, report))
      paths[number]->clear();
    ++report.num_files_done;
    report.stored_bytes_done += stored[number]->size_bytes;
  });
}

const std::string& ParquetCopies::path_of(const ScanSpec& spec, const StoredFile& file) const {
  return paths_.at({store_of(spec).access(), stored_path_of(spec, spec.partitions.get(), file)});
}

}  // namespace trailsql
