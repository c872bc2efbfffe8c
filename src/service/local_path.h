// Paths of this machine: their real names, and their way to the disk.
#pragma once

#include <string>

namespace trailsql {

/// Returns the absolute path with all links resolved, as far as it exists, without a final slash.
std::string real_path(const std::string& path);

/// Returns whether both exist on one file system, so that a file can be renamed from one to the
/// other.
bool is_on_same_device(const std::string& path, const std::string& other);

/// Makes a folder, with those above it. Throws HIVE_FILESYSTEM_ERROR.
void make_folders(const std::string& path);

/// Makes a file, or the names in a folder, survive a crash of the machine. Throws
/// HIVE_FILESYSTEM_ERROR.
void make_durable(const std::string& path);

/// Throws HIVE_FILESYSTEM_ERROR: "Cannot <what> <path>: <reason>".
[[noreturn]] void throw_file_error(const std::string& what, const std::string& path,
                                   const std::string& reason);

}  // namespace trailsql
