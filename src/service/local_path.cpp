#include "service/local_path.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.h"

namespace trailsql {

namespace fs = std::filesystem;

std::string real_path(const std::string& path) {
  std::error_code failure;
  fs::path real = fs::weakly_canonical(path, failure);
  if (failure) real = fs::absolute(path).lexically_normal();
  if (!real.has_filename()) real = real.parent_path();
  return real.string();
}

bool is_on_same_device(const std::string& path, const std::string& other) {
  struct stat one {};
  struct stat two {};
  return ::stat(path.c_str(), &one) == 0 && ::stat(other.c_str(), &two) == 0 &&
         one.st_dev == two.st_dev;
}

void throw_file_error(const std::string& what, const std::string& path, const std::string& reason) {
  throw QueryError(ErrorCode::kHiveFilesystemError,
                   fmt::format("Cannot {} {}: {}", what, path, reason));
}

void make_folders(const std::string& path) {
  std::error_code failure;
  fs::create_directories(path, failure);
  if (failure) throw_file_error("make the folder", path, failure.message());
}

void make_durable(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw_file_error("open", path, std::strerror(errno));
  const bool failed = ::fsync(file) != 0 && errno != EINVAL;
  const int reason = errno;
  ::close(file);
  if (failed) throw_file_error("write", path, std::strerror(reason));
}

}  // namespace trailsql
