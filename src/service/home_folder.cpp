#include "service/home_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <random>
#include <utility>

#include "base/error.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// A folder that is open and, where the file system has locks, locked as long as the object lives.
class FolderLock {
 public:
  explicit FolderLock(const std::string& path)
      : folder_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ < 0) return;
    is_locked_ = ::flock(folder_, LOCK_EX | LOCK_NB) == 0;
    is_of_others_ = !is_locked_ && errno == EWOULDBLOCK;
    struct stat opened {};
    struct stat named {};
    is_there_ = ::fstat(folder_, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
                opened.st_ino == named.st_ino;
  }
  ~FolderLock() {
    if (folder_ >= 0) ::close(folder_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// Whether the process that made the folder has died.
  bool is_abandoned() const { return is_locked_ && is_there_; }
  /// Whether the folder is this process's own: nobody else took it for abandoned.
  bool is_own() const { return is_there_ && !is_of_others_; }
  /// Gives the open folder away, which holds the lock until it is closed.
  int release() { return std::exchange(folder_, -1); }

 private:
  int folder_;
  bool is_locked_ = false;
  bool is_of_others_ = false;
  bool is_there_ = false;
};

}  // namespace

std::string find_home_folder(std::string_view option) {
  std::string folder(option);
  if (folder.empty()) folder = environment("TRAILSQL_HOME");
  if (folder.empty() && !environment("XDG_DATA_HOME").empty()) {
    folder = environment("XDG_DATA_HOME") + "/trailsql";
  }
  if (folder.empty() && !environment("HOME").empty()) {
    folder = environment("HOME") + "/.local/share/trailsql";
  }
  if (folder.empty()) {
    throw QueryError(ErrorCode::kGenericExternalError,
                     "No home folder: set TRAILSQL_HOME or give --home FOLDER");
  }
  return fs::absolute(folder).lexically_normal().string();
}

void make_private_folder(const std::string& path) {
  std::error_code failure;
  const bool is_new = fs::create_directories(path, failure);
  if (failure) {
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Cannot make the folder {}: {}", path, failure.message()));
  }
  if (is_new) fs::permissions(path, fs::perms::owner_all, failure);
}

std::string unique_id() {
  std::random_device random;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:x}{:08x}{:08x}",
                     std::chrono::duration_cast<std::chrono::microseconds>(now).count(), random(),
                     random());
}

void TemporaryFolder::remove_abandoned(const std::string& parent, std::string_view prefix,
                                       const IsKept& is_kept) {
  std::error_code failure;
  for (fs::directory_iterator entry(parent, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string path = entry->path().string();
    if (!entry->path().filename().string().starts_with(prefix)) continue;
    const FolderLock lock(path);
    std::error_code ignored;
    if (lock.is_abandoned() && (!is_kept || !is_kept(path))) fs::remove_all(path, ignored);
  }
}

TemporaryFolder::TemporaryFolder(const std::string& parent, const std::string& prefix,
                                 const IsKept& is_kept) {
  std::error_code failure;
  fs::create_directories(parent, failure);
  remove_abandoned(parent, prefix, is_kept);
  // Whoever sweeps between the two steps takes the folder for one of the dead.
  while (lock_ < 0) {
    path_ = fmt::format("{}/{}{}", parent, prefix, unique_id());
    if (::mkdir(path_.c_str(), 0777) != 0) {
      throw QueryError(ErrorCode::kHiveFilesystemError,
                       fmt::format("Cannot make the folder {}: {}", path_, std::strerror(errno)));
    }
    FolderLock lock(path_);
    if (lock.is_own()) lock_ = lock.release();
  }
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!is_kept_) fs::remove_all(path_, ignored);
  ::close(lock_);
}

}  // namespace trailsql
