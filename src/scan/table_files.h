// The files of a table, whatever their format: listed once, before anything is read.
#pragma once

#include <vector>

#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"

namespace trailsql {

/// Lists the files under `spec.local_path`, in the order of their paths, and adds them to the
/// report's totals. A location that does not exist holds no files, with a note. Throws
/// HIVE_FILESYSTEM_ERROR with the whole path when it cannot be listed.
std::vector<StoredFile> list_table_files(const ScanSpec& spec, ScanReport& report);

}  // namespace trailsql
