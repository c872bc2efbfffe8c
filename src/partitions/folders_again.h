// Folders of buckets that are listed once more, since they are not as they are remembered.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/trail_layout.h"

namespace trailsql {

/// Which they are, by their URLs.
class FoldersAgain {
 public:
  /// Those of these files: that of a day or, outside of those, the file's own.
  explicit FoldersAgain(const std::vector<std::string>& stored_paths);

  const std::set<std::string>& folders() const { return folders_; }
  /// Whether one of them lies in `folder`, or it lies in one.
  bool touches(const std::string& folder) const;
  /// Leaves the files of a part of the trail at `root` that lie in one of them.
  void keep_files_in(const std::string& root, TrailPart& part) const;

 private:
  std::set<std::string> folders_;
};

}  // namespace trailsql
