#include "service/home_folder.h"

#include <fmt/core.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "base/error.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Returns the process in a name `<prefix><pid>.<number>`; 0 when it is another name.
pid_t process_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return 0;
  name.remove_prefix(prefix.size());
  pid_t process = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, status] = std::from_chars(name.data(), end, process);
  return status == std::errc() && rest != end && *rest == '.' ? process : 0;
}

void remove_left_behind(const std::string& parent, std::string_view prefix) {
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, failure)) {
    const pid_t process = process_of(entry.path().filename().string(), prefix);
    if (process <= 0) continue;
    std::error_code ignored;
    if (::kill(process, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

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

TemporaryFolder::TemporaryFolder(const std::string& parent, const std::string& prefix) {
  static std::atomic<uint64_t> next_number{0};
  path_ = fmt::format("{}/{}{}.{}", parent, prefix, ::getpid(), next_number++);
  remove_left_behind(parent, prefix);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace trailsql
