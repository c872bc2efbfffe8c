#include "partitions/folders_again.h"

#include <algorithm>

#include "store/known_listing.h"

namespace trailsql {

FoldersAgain::FoldersAgain(const std::vector<std::string>& stored_paths) {
  for (const std::string& path : stored_paths) folders_.insert(folder_to_list_again(path));
}

bool FoldersAgain::touches(const std::string& folder) const {
  return std::ranges::any_of(folders_, [&](const std::string& again) {
    return again.starts_with(folder) || folder.starts_with(again);
  });
}

void FoldersAgain::keep_files_in(const std::string& root, TrailPart& part) const {
  const std::string base = join_location(root, part.relative_path);
  std::erase_if(part.files, [&](const StoredFile& file) {
    return !folders_.contains(folder_to_list_again(join_location(base, file.relative_path)));
  });
}

}  // namespace trailsql
