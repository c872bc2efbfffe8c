// The folders above the one at hand, in a walk that follows links.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

struct stat;

namespace trailsql {

/// Knows the folders that a walk is within by what they are, whatever links they are reached by.
class FolderAncestors {
 public:
  /// Enters the folder at `path`, of that `status`. Returns false, without entering, when the walk
  /// is within it already: a link leads in a circle. Throws HIVE_FILESYSTEM_ERROR beyond
  /// kMaxFolderDepth.
  bool enter(const std::string& path, const struct stat& status);
  /// Leaves the folder entered last.
  void leave() { folders_.pop_back(); }

 private:
  struct Folder {
    dev_t device;
    ino_t number;
    bool operator==(const Folder&) const = default;
  };
  std::vector<Folder> folders_;  // the innermost last
};

}  // namespace trailsql
