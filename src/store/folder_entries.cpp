#include "store/folder_entries.h"

#include <dirent.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include "base/error.h"
#include "store/file_listing.h"

namespace trailsql {
namespace {

// The file system mostly knows the kind without being asked about each entry.
std::optional<FolderEntry::Kind> kind_of(const std::string& folder, const dirent& entry) {
  if (entry.d_type == DT_DIR) return FolderEntry::Kind::kFolder;
  if (entry.d_type == DT_REG) return FolderEntry::Kind::kFile;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return std::nullopt;
  struct stat status {};
  if (::stat(join_location(folder, entry.d_name).c_str(), &status) != 0) return std::nullopt;
  if (S_ISDIR(status.st_mode)) return FolderEntry::Kind::kFolder;
  if (S_ISREG(status.st_mode)) return FolderEntry::Kind::kFile;
  return std::nullopt;
}

QueryError listing_error(const std::string& path) {
  return QueryError(ErrorCode::kHiveFilesystemError,
                    fmt::format("Cannot list {}: {}", path, std::strerror(errno)));
}

}  // namespace

std::vector<FolderEntry> list_folder(const std::string& path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) throw listing_error(path);
  std::vector<FolderEntry> entries;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] == '.' || entry->d_name[0] == '_') continue;
    if (const std::optional<FolderEntry::Kind> kind = kind_of(path, *entry))
      entries.push_back({entry->d_name, *kind});
  }
  if (errno != 0) throw listing_error(path);
  std::sort(entries.begin(), entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return entries;
}

}  // namespace trailsql
