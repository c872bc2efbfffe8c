// The folder where the program keeps its state: catalog, shell history, temporary files.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace trailsql {

/// Returns the home folder: `option` when given, else $TRAILSQL_HOME, else
/// $XDG_DATA_HOME/trailsql, else ~/.local/share/trailsql. Always absolute. Throws
/// GENERIC_EXTERNAL when the environment names none.
std::string find_home_folder(std::string_view option);

/// Makes the folder and those above it, readable by the owner only. Throws HIVE_FILESYSTEM_ERROR
/// naming it.
void make_private_folder(const std::string& path);

/// Returns an identifier that no other call in any process returns: of folders and files.
std::string unique_id();

/// A folder for temporary files, of one object alone and removed at its end. A lock shows that its
/// process lives, in whichever container; what dead ones left is removed at the start.
class TemporaryFolder {
 public:
  using IsKept = std::function<bool(const std::string& path)>;

  /// Makes `<parent>/<prefix><id>`, and the folders above it. Folders of this prefix that nobody
  /// has locked are removed, but for those of which `is_kept` is true. Throws
  /// HIVE_FILESYSTEM_ERROR.
  TemporaryFolder(const std::string& parent, const std::string& prefix, const IsKept& is_kept = {});
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Removes what dead processes left in `parent`.
  static void remove_abandoned(const std::string& parent, std::string_view prefix,
                               const IsKept& is_kept);

  const std::string& path() const { return path_; }
  /// Lets the folder stay at the end.
  void keep() { is_kept_ = true; }

 private:
  std::string path_;
  int lock_ = -1;  // an open file, or -1
  bool is_kept_ = false;
};

}  // namespace trailsql
