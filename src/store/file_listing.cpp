#include "store/file_listing.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "store/folder_ancestors.h"
#include "store/store_limits.h"

namespace trailsql {
namespace {

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

class FolderWalk {
 public:
  FolderWalk(const std::string& root, const FolderFilter& filter, FileListing& listing)
      : root_(root), filter_(filter), listing_(listing) {}

  // Lists the folder at `relative_path` ("" or ending in '/').
  void walk(const std::string& relative_path, const struct stat& status) {
    const std::string path = join_location(root_, relative_path);
    if (!ancestors_.enter(path, status)) return;
    for (const FolderEntry& entry : list_folder(path, listing_.unlisted))
      visit(path, relative_path, entry.name);
    ancestors_.leave();
  }

 private:
  void visit(const std::string& folder, const std::string& relative_folder,
             const std::string& name) {
    struct stat status {};
    const std::string path = join_location(folder, name);
    if (::stat(path.c_str(), &status) != 0) {
      listing_.unlisted.push_back({path, std::strerror(errno), errno == ENOENT});
    } else if (S_ISDIR(status.st_mode)) {
      const std::string relative_path = relative_folder + name + "/";
      if (!filter_ || filter_(relative_path)) walk(relative_path, status);
    } else if (S_ISREG(status.st_mode)) {
      if (listing_.files.size() >= kMaxListedFiles)
        throw listing_error(root_, fmt::format("more than {} files", kMaxListedFiles));
      listing_.files.push_back(describe(relative_folder + name, status));
    }
  }

  std::string root_;
  const FolderFilter& filter_;
  FileListing& listing_;
  FolderAncestors ancestors_;
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
  std::vector<UnlistedPath> unlisted;
  for (FolderEntry& entry : list_folder(path, unlisted)) {
    if (entry.kind == FolderEntry::Kind::kFolder) folders.push_back(std::move(entry.name));
  }
  throw_if_missed(unlisted);
  return folders;
}

FileListing list_files(const std::string& path, const FolderFilter& filter) {
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
  FolderWalk(path, filter, listing).walk("", status);
  return listing;
}

}  // namespace trailsql
