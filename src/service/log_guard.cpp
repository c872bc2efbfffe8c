#include "service/log_guard.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "base/error.h"
#include "catalog/trail_tables.h"
#include "plan/scan_format.h"
#include "service/local_path.h"
#include "store/file_store.h"

namespace trailsql {
namespace {

namespace fs = std::filesystem;

// The path has no final slash.
bool is_inside(const std::string& path, const std::string& folder) {
  return path == folder || (folder.ends_with('/') && path.starts_with(folder)) ||
         path.starts_with(folder + "/");
}

/// Folders, asked whether a path lies in one of them.
class FolderSet {
 public:
  FolderSet() = default;
  explicit FolderSet(const std::vector<std::string>& folders)
      : folders_(folders.begin(), folders.end()) {}
  void add(const std::string& folder) { folders_.insert(folder); }
  bool contains(const std::string& folder) const { return folders_.contains(folder); }
  bool holds(std::string path) const {
    while (!folders_.contains(path)) {
      const size_t slash = path.rfind('/');
      if (slash == std::string::npos || path == "/") return false;
      path.resize(slash == 0 ? 1 : slash);
    }
    return true;
  }

 private:
  std::unordered_set<std::string> folders_;
};

std::string without_final_slash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// A folder of very many empty ones counts as one that holds files: it is never written to, either.
bool holds_files(const std::string& path) {
  constexpr size_t kMaxFoldersOpened = 10'000;
  size_t num_folders = 0;
  std::error_code failure;
  if (fs::is_regular_file(path, failure)) return true;
  for (fs::recursive_directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with('.') || name.starts_with('_')) {
      entry.disable_recursion_pending();
    } else if (!entry->is_directory(failure) || ++num_folders > kMaxFoldersOpened) {
      return true;
    }
  }
  return false;
}

// Returns where the files of a table lie, but for the partitions that the catalog knows.
std::vector<std::string> declared_locations(const CatalogTable& table) {
  std::vector<std::string> locations = trail_locations(table);
  if (locations.empty()) locations.push_back(table.location);
  // Of a template only what stands before its first column is the same for all partitions.
  if (const std::string* pattern =
          find_property(table.table_properties, "storage.location.template")) {
    const std::string fixed = pattern->substr(0, pattern->find("${"));
    const std::string folder = fixed.substr(0, fixed.rfind('/') + 1);
    // The root, or a scheme alone, says nothing.
    if (without_final_slash(folder).find_last_not_of(":/") != std::string::npos &&
        !without_final_slash(folder).ends_with(':'))
      locations.push_back(folder);
  }
  return locations;
}

std::vector<std::string> locations_of_log_tables(const Catalog& catalog) {
  std::vector<std::string> locations;
  for (const std::string& database : catalog.database_names()) {
    for (const std::string& name : catalog.table_names(database)) {
      const std::shared_ptr<const CatalogTable> table = catalog.find_table(database, name);
      if (!table || table->kind == TableKind::kView || !is_log_table(*table)) continue;
      for (std::string& location : declared_locations(*table))
        locations.push_back(std::move(location));
      if (table->partition_columns.empty() || is_trail_table(*table)) continue;
      for (const CatalogPartition& partition : catalog.partitions(database, name)) {
        if (partition.location) locations.push_back(*partition.location);
      }
    }
  }
  return locations;
}

// Whether what a table reads is taken for logs: by its SerDe, or as its rows hold records.
bool reads_logs(const CatalogTable& table) {
  return is_trail_table(table) || is_log_table(table) ||
         std::ranges::any_of(table.columns, [](const CatalogColumn& column) {
           return column.name == "records" && column.type.is(TypeKind::kArray);
         });
}

// Returns where locations lie: folders of this machine, and prefixes in buckets. Of those that a
// map has here both, which hold the same.
std::vector<std::string> guarded_folders(const std::vector<std::string>& locations,
                                         const LocationResolver& resolver) {
  std::vector<std::string> folders;
  for (const std::string& location : locations) {
    if (is_s3_location(location)) folders.push_back(normalize_location(location));
    if (resolver.is_mapped(location)) folders.push_back(resolver.resolve(location));
  }
  return folders;
}

// Returns the name under which a folder is remembered and compared.
std::string guarded_path(const std::string& path) {
  return is_bucket_path(path) ? without_final_slash(path) : real_path(path);
}

bool has_below(const BucketFolders& folders, const std::string& prefix) {
  if (folders.contains(prefix)) return true;
  const auto next = folders.lower_bound(prefix + "/");
  return next != folders.end() && is_inside(*next, prefix);
}

[[noreturn]] void refuse(const std::string& location, const std::string& logs) {
  throw QueryError(
      ErrorCode::kPermissionDenied, Location{},
      fmt::format("Access Denied: nothing is written to {}, since {} holds logs, which "
                  "are never changed",
                  location, logs),
      fmt::format("choose a place outside {}", logs));
}

}  // namespace

void add_bucket_folders(const ScanSpec& spec, const ScanPartitions* partitions,
                        const std::vector<StoredFile>& files, BucketFolders& folders) {
  const std::string* last = nullptr;
  for (const StoredFile& file : files) {
    const std::string& folder =
        partitions != nullptr ? partitions->stored_paths[file.folder] : spec.stored_path;
    // Many files have the same one, one after the other.
    if (&folder == last || !is_bucket_path(folder)) continue;
    last = &folder;
    folders.insert(without_final_slash(folder));
  }
}

void note_logs(Catalog& catalog, const LocationResolver& resolver, const CatalogTable& table,
               const ScanPartitions* partitions, const BucketFolders& read) {
  if (!reads_logs(table)) return;
  std::vector<std::string> folders = guarded_folders(declared_locations(table), resolver);
  // As declared: a real path of each of thousands of partitions would cost more than it tells.
  FolderSet declared;
  for (const std::string& folder : folders) declared.add(without_final_slash(folder));
  const FolderSet known(catalog.folders(FolderUse::kReadAsLogs));
  const auto add_elsewhere = [&](const std::string& location) {
    std::string path = without_final_slash(location);
    if (!declared.holds(path) && !known.holds(path)) folders.push_back(std::move(path));
  };
  if (partitions != nullptr) {
    for (const std::string& location : partitions->stored_paths) {
      if (!is_bucket_path(location)) add_elsewhere(location);
    }
  }
  for (const std::string& location : read) add_elsewhere(location);
  const FolderSet written(catalog.folders(FolderUse::kWritten));
  FolderSet added;
  std::vector<std::string> added_paths;
  for (const std::string& folder : folders) {
    const std::string path = guarded_path(folder);
    if (known.holds(path) || added.holds(path) || written.contains(path)) continue;
    if (is_bucket_path(path) ? !has_below(read, path) : !holds_files(path)) continue;
    added.add(path);
    added_paths.push_back(path);
    // What a map has here lies in its bucket, too.
    if (const std::optional<std::string> url = resolver.url_of(folder))
      added_paths.push_back(without_final_slash(*url));
  }
  if (!added_paths.empty()) catalog.add_folders(added_paths, FolderUse::kReadAsLogs);
}

void check_no_logs(const Catalog& catalog, const LocationResolver& resolver,
                   const std::string& path, const std::string& location) {
  const std::string target = guarded_path(path);
  const auto check = [&](const std::string& logs) {
    if (is_inside(target, logs) || is_inside(logs, target)) refuse(location, logs);
  };
  for (const std::string& folder : catalog.folders(FolderUse::kReadAsLogs)) {
    check(folder);
    // Read in its bucket, and mapped since.
    if (is_bucket_path(folder) && resolver.is_mapped(folder))
      check(real_path(resolver.resolve(folder)));
  }
  std::vector<Trail> trails = catalog.trails();
  if (const std::optional<Trail> trail = catalog.session_trail()) trails.push_back(*trail);
  for (const Trail& trail : trails) {
    for (const std::string& folder : guarded_folders(trail.locations, resolver))
      check(guarded_path(folder));
  }
  const FolderSet written(catalog.folders(FolderUse::kWritten));
  for (const std::string& folder : guarded_folders(locations_of_log_tables(catalog), resolver)) {
    const std::string logs = guarded_path(folder);
    if (!written.contains(logs)) check(logs);
  }
}

}  // namespace trailsql
