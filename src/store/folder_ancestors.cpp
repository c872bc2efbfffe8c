#include "store/folder_ancestors.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.h"
#include "store/store_limits.h"

namespace trailsql {

bool FolderAncestors::enter(const std::string& path, const struct stat& status) {
  const Folder folder{status.st_dev, status.st_ino};
  if (std::find(folders_.begin(), folders_.end(), folder) != folders_.end()) return false;
  if (folders_.size() >= kMaxFolderDepth) {
    throw QueryError(
        ErrorCode::kHiveFilesystemError,
        fmt::format("Cannot list {}: more than {} nested folders", path, kMaxFolderDepth));
  }
  folders_.push_back(folder);
  return true;
}

}  // namespace trailsql
