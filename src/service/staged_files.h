// Files on their way to a table: written into a hidden folder, then moved to their place at once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "service/home_folder.h"

namespace trailsql {

/// Returns the absolute path with all links resolved, as far as it exists.
std::string real_path(const std::string& path);

/// Holds the folder where one statement writes. What was not moved away is removed at the end;
/// what dead processes left beside it, at the start. Names begin with a dot, so no query reads
/// them.
class StagedFiles {
 public:
  /// Makes the folder below `parent`, which is made if it is absent. Throws HIVE_FILESYSTEM_ERROR.
  explicit StagedFiles(const std::string& parent);

  const std::string& path() const { return folder_.path(); }

  /// Makes a folder inside, with those above it; returns its path.
  std::string make_folder(const std::string& relative_path) const;

  /// Makes the files durable. Call before they are moved. Throws HIVE_FILESYSTEM_ERROR, as all do.
  void finish();

  /// Renames the whole folder to `target`, which must be absent or an empty folder: the files are
  /// there all at once. Throws HIVE_PATH_ALREADY_EXISTS.
  void become(const std::string& target) const;

  /// Moves each file into the folder that `target_of` gives for its own folder's relative path (""
  /// at the top). A single file appears at once, several one after the other.
  void move_files(const std::function<std::string(const std::string&)>& target_of) const;

 private:
  TemporaryFolder folder_;
  std::vector<std::string> files_;  // relative paths, once finished
};

/// Throws HIVE_PATH_ALREADY_EXISTS unless `path` is absent or an empty folder; `statement` says who
/// wants it ("table 'db.t'"), `location` how it was written.
void check_target_is_empty(const std::string& path, const std::string& statement,
                           const std::string& location);

}  // namespace trailsql
