#include "store/empty_place.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace trailsql {
namespace {

constexpr size_t kMaxFoldersShown = 6;

std::string folder_url(const std::string& url) { return url.ends_with('/') ? url : url + "/"; }

// Returns the names of folders; none where they may not be listed.
std::vector<std::string> names_in(const FileStore& store, const std::string& folder) {
  try {
    return store.list_folder_names(folder);
  } catch (const QueryError& error) {
    if (error.code() == ErrorCode::kUserCanceled) throw;
    return {};
  }
}

std::string names_text(const std::vector<std::string>& names) {
  const auto end =
      names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kMaxFoldersShown));
  return fmt::format("{}/{}", fmt::join(names.begin(), end, "/, "),
                     names.size() > kMaxFoldersShown ? ", …" : "");
}

}  // namespace

void throw_if_empty(const FileStore& store, const std::string& url) {
  if (!is_bucket_path(url) || !store.is_empty_folder(url) || store.list_files(url).exists) return;
  std::string folder = folder_url(url);
  const std::string bucket =
      folder.substr(0, folder.find('/', std::string_view("s3://").size()) + 1);
  std::string text = fmt::format("Nothing lies at {}", folder);
  std::string hint;
  while (folder != bucket) {
    const size_t slash = folder.rfind('/', folder.size() - 2);
    const std::string name = folder.substr(slash + 1, folder.size() - slash - 2);
    folder.resize(slash + 1);
    const std::vector<std::string> names = names_in(store, folder);
    if (names.empty()) continue;
    text += fmt::format("; in {} there {} {}", folder, names.size() == 1 ? "is" : "are",
                        names_text(names));
    const auto longer = std::ranges::find_if(
        names, [&](const std::string& other) { return other.starts_with(name); });
    const std::string near =
        longer != names.end() ? *longer : std::string(nearest_name(name, names));
    if (!near.empty()) hint = fmt::format("did you mean {}{}/?", folder, near);
    break;
  }
  throw QueryError(ErrorCode::kInvalidArguments, Location{}, text, hint);
}

void throw_if_denied(const std::vector<UnlistedPath>& unlisted, const std::string& url) {
  for (const UnlistedPath& path : unlisted) {
    if (!path.is_left_out || folder_url(path.path) != folder_url(url)) continue;
    throw QueryError(ErrorCode::kPermissionDenied, Location{},
                     fmt::format("Permission denied on S3 path: {}: {}", path.path, path.reason),
                     "--skip-denied leaves out parts of a place, but not all of it");
  }
}

}  // namespace trailsql
