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

/// A folder that could not be listed, or a link to nothing.
struct UnlistedPath {
  std::string path;          // whole
  std::string reason;        // "Permission denied"
  bool is_gone = false;      // there is nothing (any more): nothing is missed
  bool is_left_out = false;  // the user wants the query to go on without it
};

/// Returns the folders and regular files in the folder at `path`, by name. Names that begin with
/// `_` or `.` are hidden, as Hive and Athena have it; symbolic links count as what they point to;
/// pipes, sockets and devices are left out. Adds links to nothing to `unlisted`, and the folder
/// itself when it cannot be read.
std::vector<FolderEntry> list_folder(const std::string& path, std::vector<UnlistedPath>& unlisted);

/// Throws HIVE_FILESYSTEM_ERROR with the whole path for the first that is not gone.
void throw_if_missed(const std::vector<UnlistedPath>& unlisted);

}  // namespace trailsql
