// Which files lie under a location on disk. The first step of every scan.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "store/folder_entries.h"

namespace trailsql {

/// Describes one file as the file system does.
struct StoredFile {
  std::string relative_path;  // from the listed folder; empty when the location is the file itself
  uint64_t size_bytes = 0;    // as stored
  int64_t modified_time_us = 0;  // microseconds since 1970-01-01 UTC
  uint32_t folder = 0;           // which of several listed folders; for the caller to set
  bool is_archived = false;      // of an object: it cannot be read before it is restored
  bool is_remembered = false;    // of an object: it was listed by an earlier query
  std::string etag;              // of a large object: its parts must have it
};

struct FileListing {
  bool exists = false;
  std::vector<StoredFile> files;       // in order of their paths
  std::vector<UnlistedPath> unlisted;  // what of it could not be listed
};

/// Says which folders to go into, by their path from the listed folder, with its final '/'.
using FolderFilter = std::function<bool(const std::string& relative_path)>;

/// Lists all files below `path` (a folder, or one file), recursively. Names that begin with `_` or
/// `.` are hidden, folders too, as Hive and Athena have it; the location itself may have any name.
/// Symbolic links are followed but never in circles. Throws HIVE_FILESYSTEM_ERROR with the whole
/// path when a limit of store_limits.h is exceeded, or `path` itself can be neither folder nor
/// file.
FileListing list_files(const std::string& path, const FolderFilter& filter = {});

/// Returns the names of the visible folders directly in `path`, sorted; none when there is no such
/// folder. Throws HIVE_FILESYSTEM_ERROR when it cannot be read.
std::vector<std::string> list_folder_names(const std::string& path);

/// Joins a declared location (with or without a final '/') and a relative path of a listing.
std::string join_location(const std::string& location, const std::string& relative_path);

}  // namespace trailsql
