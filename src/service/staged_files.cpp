#include "service/staged_files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStagingPrefix = ".trailsql-";

[[noreturn]] void fail(const std::string& what, const std::string& path,
                       const std::string& reason) {
  throw QueryError(ErrorCode::kHiveFilesystemError,
                   fmt::format("Cannot {} {}: {}", what, path, reason));
}

void make_folders(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) fail("make the folder", path, failure.message());
}

void make_durable(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("open", path, std::strerror(errno));
  const bool failed = ::fsync(file) != 0 && errno != EINVAL;
  const int reason = errno;
  ::close(file);
  if (failed) fail("write", path, std::strerror(reason));
}

// Returns the regular files below a folder, relative to it, and makes them and their folders
// durable.
std::vector<std::string> durable_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    make_durable(entry->path().string());
    if (entry->is_regular_file())
      files.push_back(entry->path().lexically_relative(folder).string());
  }
  if (failure) fail("read the folder", folder, failure.message());
  make_durable(folder);
  return files;
}

bool is_staging(const fs::path& path) {
  return path.filename().string().starts_with(kStagingPrefix);
}

}  // namespace

std::string real_path(const std::string& path) {
  std::error_code failure;
  fs::path real = fs::weakly_canonical(path, failure);
  if (failure) real = fs::absolute(path).lexically_normal();
  if (!real.has_filename()) real = real.parent_path();
  return real.string();
}

StagedFiles::StagedFiles(const std::string& parent) : folder_(parent, std::string(kStagingPrefix)) {
  make_folders(folder_.path());
}

std::string StagedFiles::make_folder(const std::string& relative_path) const {
  const std::string folder = path() + "/" + relative_path;
  make_folders(folder);
  return folder;
}

void StagedFiles::finish() { files_ = durable_files(path()); }

void StagedFiles::become(const std::string& target) const {
  const std::string parent = fs::path(target).parent_path().string();
  make_folders(parent);
  if (std::rename(path().c_str(), target.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST) check_target_is_empty(target, "the files", target);
    fail("rename the written files to", target, std::strerror(errno));
  }
  make_durable(parent);
}

void StagedFiles::move_files(
    const std::function<std::string(const std::string&)>& target_of) const {
  std::vector<std::string> targets;
  for (const std::string& file : files_) {
    targets.push_back(target_of(fs::path(file).parent_path().string()));
    make_folders(targets.back());
  }
  for (size_t i = 0; i < files_.size(); ++i) {
    const std::string place = targets[i] + "/" + fs::path(files_[i]).filename().string();
    if (std::rename((path() + "/" + files_[i]).c_str(), place.c_str()) != 0)
      fail("rename a written file to", place, std::strerror(errno));
  }
  for (const std::string& target : targets) make_durable(target);
}

void check_target_is_empty(const std::string& path, const std::string& statement,
                           const std::string& location) {
  std::error_code failure;
  if (!fs::exists(path, failure)) return;
  bool is_empty = fs::is_directory(path, failure);
  // What a dead process left is no data, and is swept by whoever writes next.
  for (fs::directory_iterator entry(path, failure), end; is_empty && !failure && entry != end;
       entry.increment(failure))
    is_empty = is_staging(entry->path());
  if (is_empty) return;
  throw QueryError(ErrorCode::kHivePathAlreadyExists,
                   fmt::format("Target directory for {} already exists and is not empty: {}",
                               statement, location));
}

}  // namespace trailsql
