// The folder where the program keeps its state: catalog, shell history, temporary files.
#pragma once

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

/// A folder for temporary files, of one object alone and removed at its end. Those that dead
/// processes left are removed at the start.
class TemporaryFolder {
 public:
  /// Names `<parent>/<prefix><pid>.<number>`; whoever needs the folder makes it.
  explicit TemporaryFolder(const std::string& parent, const std::string& prefix = {});
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace trailsql
