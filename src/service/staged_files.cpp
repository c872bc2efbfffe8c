#include "service/staged_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.h"
#include "service/local_path.h"
#include "service/upload_journal.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStagingPrefix = ".trailsql-";

// Returns the regular files below a folder, relative to it, and makes them and their folders
// durable.
std::vector<std::string> durable_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::recursive_directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    make_durable(entry->path().string());
    if (entry->is_regular_file())
      files.push_back(entry->path().lexically_relative(folder).string());
  }
  if (failure) throw_file_error("read the folder", folder, failure.message());
  make_durable(folder);
  return files;
}

// Whether somebody still needs what a dead process left there.
TemporaryFolder::IsKept kept_by(const Catalog& catalog) {
  return [&catalog](const std::string& path) {
    std::error_code failure;
    return fs::exists(upload_journal_path(path), failure) || has_moves_from(catalog, path);
  };
}

}  // namespace

bool has_moves_from(const Catalog& catalog, const std::string& folder) {
  const std::vector<FileMove> moves = catalog.moves();
  return std::any_of(moves.begin(), moves.end(), [&](const FileMove& move) {
    return move.source == folder || move.source.starts_with(folder + "/");
  });
}

void remove_dead_staged_files(const std::string& parent, const TemporaryFolder::IsKept& is_kept) {
  TemporaryFolder::remove_abandoned(parent, kStagingPrefix, is_kept);
}

StagedFiles::StagedFiles(const std::string& parent, const Catalog& catalog)
    : folder_(parent, std::string(kStagingPrefix), kept_by(catalog)) {}

std::string StagedFiles::make_folder(const std::string& relative_path) const {
  const std::string folder = path() + "/" + relative_path;
  make_folders(folder);
  return folder;
}

void StagedFiles::finish() { files_ = durable_files(path()); }

void StagedFiles::become(const std::string& target) const {
  const std::string parent = fs::path(target).parent_path().string();
  make_folders(parent);
  if (std::rename(path().c_str(), target.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST) {
      throw QueryError(ErrorCode::kHivePathAlreadyExists,
                       fmt::format("Target directory already exists and is not empty: {}", target));
    }
    throw_file_error("rename the written files to", target, std::strerror(errno));
  }
  make_durable(parent);
}

std::vector<FileMove> StagedFiles::moves(
    const std::function<std::string(const std::string&)>& target_of) const {
  std::vector<FileMove> moves;
  for (const std::string& file : files_) {
    const fs::path relative(file);
    moves.push_back({path() + "/" + file, target_of(relative.parent_path().string()) + "/" +
                                              relative.filename().string()});
  }
  return moves;
}

void check_target_is_empty(const std::string& path, const std::string& statement,
                           const std::string& location, const Catalog& catalog) {
  std::error_code failure;
  if (!fs::exists(path, failure)) return;
  bool is_empty = fs::is_directory(path, failure);
  if (is_empty) {
    TemporaryFolder::remove_abandoned(path, std::string(kStagingPrefix), kept_by(catalog));
    is_empty = fs::directory_iterator(path, failure) == fs::directory_iterator() && !failure;
  }
  if (!is_empty) throw_not_empty(statement, location);
}

void throw_not_empty(const std::string& statement, const std::string& location) {
  throw QueryError(ErrorCode::kHivePathAlreadyExists,
                   fmt::format("Target directory for {} already exists and is not empty: {}",
                               statement, location));
}

}  // namespace trailsql
