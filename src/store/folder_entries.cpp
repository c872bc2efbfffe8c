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

bool is_gone(int reason) { return reason == ENOENT || reason == ENOTDIR; }

// The file system mostly knows the kind without being asked about each entry.
std::optional<FolderEntry::Kind> entry_kind_of(const std::string& folder, const dirent& entry,
                                               std::vector<UnlistedPath>& unlisted) {
  if (entry.d_type == DT_DIR) return FolderEntry::Kind::kFolder;
  if (entry.d_type == DT_REG) return FolderEntry::Kind::kFile;
  if (entry.d_type != DT_LNK && entry.d_type != DT_UNKNOWN) return std::nullopt;
  struct stat status {};
  const std::string path = join_location(folder, entry.d_name);
  if (::stat(path.c_str(), &status) != 0) {
    unlisted.push_back({path, std::strerror(errno), is_gone(errno)});
    return std::nullopt;
  }
  if (S_ISDIR(status.st_mode)) return FolderEntry::Kind::kFolder;
  if (S_ISREG(status.st_mode)) return FolderEntry::Kind::kFile;
  return std::nullopt;
}

}  // namespace

std::vector<FolderEntry> list_folder(const std::string& path, std::vector<UnlistedPath>& unlisted) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  std::vector<FolderEntry> entries;
  if (!folder) {
    unlisted.push_back({path, std::strerror(errno), is_gone(errno)});
    return entries;
  }
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] == '.' || entry->d_name[0] == '_') continue;
    if (const std::optional<FolderEntry::Kind> kind = entry_kind_of(path, *entry, unlisted))
      entries.push_back({entry->d_name, *kind});
  }
  if (errno != 0) unlisted.push_back({path, std::strerror(errno), is_gone(errno)});
  std::sort(entries.begin(), entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return entries;
}

void throw_if_missed(const std::vector<UnlistedPath>& unlisted) {
  for (const UnlistedPath& path : unlisted) {
    if (path.is_gone || path.is_left_out) continue;
    throw QueryError(ErrorCode::kHiveFilesystemError,
                     fmt::format("Cannot list {}: {}", path.path, path.reason));
  }
}

}  // namespace trailsql
