// Files on their way to a table: written into a hidden folder beside it, then renamed to their
// place.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "service/home_folder.h"

namespace trailsql {

/// Holds the folder where one statement writes. What was not moved away is removed at the end;
/// what dead processes left beside it, at the start, but for what the catalog has moves of, and
/// what they sent into buckets. Names begin with a dot, so no query reads them.
class StagedFiles {
 public:
  /// Makes the folder below `parent`, which is made if it is absent. Throws HIVE_FILESYSTEM_ERROR.
  StagedFiles(const std::string& parent, const Catalog& catalog);

  const std::string& path() const { return folder_.path(); }

  /// Makes a folder inside, with those above it; returns its path.
  std::string make_folder(const std::string& relative_path) const;

  /// Makes the files durable. Call before they are moved. Throws HIVE_FILESYSTEM_ERROR, as all do.
  void finish();

  /// Renames the whole folder to `target`, which must be absent or an empty folder: the files are
  /// there all at once. Throws HIVE_PATH_ALREADY_EXISTS.
  void become(const std::string& target) const;

  /// Returns the moves of all files, each into the folder that `target_of` gives for its own
  /// folder's relative path ("" at the top).
  std::vector<FileMove> moves(
      const std::function<std::string(const std::string&)>& target_of) const;

  /// Lets the files stay: the catalog has moves of them.
  void keep() { folder_.keep(); }

 private:
  TemporaryFolder folder_;
  std::vector<std::string> files_;  // relative paths, once finished
};

/// Returns whether the catalog moves something out of a hidden folder, or the folder itself.
bool has_moves_from(const Catalog& catalog, const std::string& folder);

/// Removes hidden folders that dead processes left in `parent`, but for those of which `is_kept` is
/// true.
void remove_dead_staged_files(const std::string& parent, const TemporaryFolder::IsKept& is_kept);

/// Throws HIVE_PATH_ALREADY_EXISTS unless `path` is absent or an empty folder; `statement` says who
/// wants it ("table 'db.t'"), `location` how it was written. What dead processes left there is
/// removed.
void check_target_is_empty(const std::string& path, const std::string& statement,
                           const std::string& location, const Catalog& catalog);

/// Throws it.
[[noreturn]] void throw_not_empty(const std::string& statement, const std::string& location);

}  // namespace trailsql
