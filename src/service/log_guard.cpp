#include "service/log_guard.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
#include "plan/scan_format.h"
#include "service/staged_files.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// Both are real paths.
bool is_inside(const std::string& path, const std::string& folder) {
  return path == folder || folder == "/" || path.starts_with(folder + "/");
}

bool is_inside_any(const std::string& path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](const std::string& folder) { return is_inside(path, folder); });
}

bool holds_files(const std::string& path) {
  std::error_code failure;
  if (fs::is_regular_file(path, failure)) return true;
  for (fs::recursive_directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') || name.starts_with('_')) {
      entry.disable_recursion_pending();
    } else if (!entry->is_directory(failure)) {
      return true;
    }
  }
  return false;
}

[[noreturn]] void refuse(const std::string& location, const std::string& logs) {
  throw QueryError(
      ErrorCode::kPermissionDenied, Location{},
      fmt::format("Access Denied: nothing is written to {}, since {} holds logs, which "
                  "are never changed",
                  location, logs),
      "choose a folder that no table of logs reads");
}

}  // namespace

void note_logs(Catalog& catalog, const LocationResolver& resolver, const ScanSpec& spec) {
  const std::vector<std::string> known = catalog.folders(FolderUse::kReadAsLogs);
  const std::vector<std::string> written = catalog.folders(FolderUse::kWritten);
  const auto note = [&](const std::string& local_path) {
    const std::string path = real_path(local_path);
    if (std::binary_search(known.begin(), known.end(), path)) return;
    if (is_inside_any(path, written) || !holds_files(path)) return;
    catalog.add_folder(path, FolderUse::kReadAsLogs);
  };
  std::string table_folder;
  if (resolver.is_mapped(spec.location)) {
    table_folder = resolver.resolve(spec.location);
    note(table_folder);
  }
  if (!spec.partitions) return;
  for (const std::string& path : spec.partitions->local_paths) {
    if (table_folder.empty() || !path.starts_with(table_folder)) note(path);
  }
}

void check_no_logs(const Catalog& catalog, const LocationResolver& resolver,
                   const std::string& local_path, const std::string& location) {
  const std::string path = real_path(local_path);
  const auto check = [&](const std::string& logs) {
    if (is_inside(path, logs) || is_inside(logs, path)) refuse(location, logs);
  };
  for (const std::string& folder : catalog.folders(FolderUse::kReadAsLogs)) check(folder);
  const std::vector<std::string> written = catalog.folders(FolderUse::kWritten);
  for (const std::string& database : catalog.database_names()) {
    for (const std::string& name : catalog.table_names(database)) {
      const std::shared_ptr<const CatalogTable> table = catalog.find_table(database, name);
      if (!table || !is_log_table(*table) || !resolver.is_mapped(table->location)) continue;
      const std::string folder = real_path(resolver.resolve(table->location));
      if (!is_inside_any(folder, written)) check(folder);
    }
  }
}

}  // namespace trailsql
