#include "store/file_listing.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "store/folder_entries.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

struct FolderIdentity {
  dev_t device;
  ino_t number;
  bool operator==(const FolderIdentity&) const = default;
};

QueryError listing_error(const std::string& path, const std::string& reason) {
  return QueryError(ErrorCode::kHiveFilesystemError,
                    fmt::format("Cannot list {}: {}", path, reason));
}

StoredFile describe(std::string relative_path, const struct stat& status) {
  constexpr int64_t kMicrosPerSecond = 1'000'000;
  StoredFile file;
  file.relative_path = std::move(relative_path);
  file.size_bytes = static_cast<uint64_t>(status.st_size);
  file.modified_time_us = status.st_mtim.tv_sec * kMicrosPerSecond + status.st_mtim.tv_nsec / 1000;
  return file;
}

std::vector<std::string> visible_names(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) throw listing_error(path, std::strerror(errno));
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] != '.' && entry->d_name[0] != '_') names.emplace_back(entry->d_name);
  }
  if (errno != 0) throw listing_error(path, std::strerror(errno));
  std::sort(names.begin(), names.end());
  return names;
}

class FolderWalk {
 public:
  explicit FolderWalk(const std::string& root) : root_(root) {}

  // Lists the folder at `relative_path` ("" or ending in '/').
  void walk(const std::string& relative_path, const struct stat& status) {
    const FolderIdentity identity{status.st_dev, status.st_ino};
    // A folder that contains itself by a link was listed already, further up.
    if (std::find(ancestors_.begin(), ancestors_.end(), identity) != ancestors_.end()) return;
    const std::string path = join_location(root_, relative_path);
    if (ancestors_.size() >= kMaxFolderDepth)
      throw listing_error(path, fmt::format("more than {} nested folders", kMaxFolderDepth));
    ancestors_.push_back(identity);
    for (const FolderEntry& entry : list_folder(path)) visit(path, relative_path, entry.name);
    ancestors_.pop_back();
  }

  std::vector<StoredFile> take_files() { return std::move(files_); }

 private:
  void visit(const std::string& folder, const std::string& relative_folder,
             const std::string& name) {
    struct stat status {};
    // What vanished since, or a link to nowhere, is no file.
    if (::stat(join_location(folder, name).c_str(), &status) != 0) return;
    if (S_ISDIR(status.st_mode)) {
      walk(relative_folder + name + "/", status);
    } else if (S_ISREG(status.st_mode)) {
      if (files_.size() >= kMaxListedFiles)
        throw listing_error(root_, fmt::format("more than {} files", kMaxListedFiles));
      files_.push_back(describe(relative_folder + name, status));
    }
  }

  std::string root_;
  std::vector<FolderIdentity> ancestors_;
  std::vector<StoredFile> files_;
};

}  // namespace

std::string join_location(const std::string& location, const std::string& relative_path) {
  if (relative_path.empty()) return location;
  if (location.ends_with('/')) return location + relative_path;
  return location + "/" + relative_path;
}

std::vector<std::string> list_folder_names(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return {};
  std::vector<std::string> folders;
  for (std::string& name : visible_names(path)) {
    const bool is_folder =
        ::stat(join_location(path, name).c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (is_folder) folders.push_back(std::move(name));
  }
  return folders;
}

FileListing list_files(const std::string& path) {
  FileListing listing;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return listing;
    throw listing_error(path, std::strerror(errno));
  }
  listing.exists = true;
  if (!S_ISDIR(status.st_mode)) {
    if (!S_ISREG(status.st_mode)) throw listing_error(path, "neither a folder nor a file");
    listing.files.push_back(describe("", status));
    return listing;
  }
  FolderWalk walk(path);
  walk.walk("", status);
  listing.files = walk.take_files();
  return listing;
}

}  // namespace trailsql
