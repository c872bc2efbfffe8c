#include "service/home_folder.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
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

void remove_left_behind(const std::string& parent) {
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, failure)) {
    const std::string name = entry.path().filename().string();
    const bool is_number =
        !name.empty() && name.size() < 10 &&
        std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) continue;
    const auto process = static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10));
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

TemporaryFolder::TemporaryFolder(const std::string& parent)
    : path_(fmt::format("{}/{}", parent, ::getpid())) {
  remove_left_behind(parent);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace trailsql
