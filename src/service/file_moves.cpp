#include "service/file_moves.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>

#include "service/local_path.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// Returns why it failed; empty when the file is in its place.
std::string finish(const FileMove& move) {
  std::error_code failure;
  fs::create_directories(fs::path(move.target).parent_path(), failure);
  if (std::rename(move.source.c_str(), move.target.c_str()) == 0) return {};
  const int reason = errno;
  // Another process was here first; or somebody removed the files since.
  if (reason == ENOENT && !fs::exists(move.source, failure)) return {};
  return std::strerror(reason);
}

}  // namespace

std::vector<FailedMove> finish_moves(Catalog& catalog) {
  const std::vector<FileMove> moves = catalog.moves();
  if (moves.empty()) return {};
  std::vector<FileMove> finished;
  std::vector<FailedMove> failed;
  std::set<std::string> folders;
  for (const FileMove& move : moves) {
    std::string reason = finish(move);
    if (reason.empty()) {
      finished.push_back(move);
      folders.insert(fs::path(move.target).parent_path().string());
    } else {
      failed.push_back({move, std::move(reason)});
    }
  }
  for (const std::string& folder : folders) make_durable(folder);
  catalog.forget_moves(finished);
  return failed;
}

}  // namespace trailsql
