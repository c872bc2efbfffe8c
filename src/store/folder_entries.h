// What one folder holds: the step that every listing repeats.
#pragma once

#include <string>
#include <vector>

namespace trailsql {

struct FolderEntry {
  enum class Kind : uint8_t { kFolder, kFile };
  std::string name;
  Kind kind = Kind::kFile;
};

/// Returns the folders and regular files in the folder at `path`, by name. Names that begin with
/// `_` or `.` are hidden, as Hive and Athena have it; symbolic links count as what they point to;
/// links to nowhere, pipes, sockets and devices are left out. Throws HIVE_FILESYSTEM_ERROR with the
/// whole path when it cannot be read.
std::vector<FolderEntry> list_folder(const std::string& path);

}  // namespace trailsql
