// The files of a table, whatever their format: listed once, before anything is read.
#pragma once

#include <string>
#include <vector>

#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"
#include "types/column.h"

namespace trailsql {

/// Lists the files under `spec.local_path`, in the order of their paths, and adds them to the
/// report's totals. A location that does not exist holds no files, with a note. Throws
/// HIVE_FILESYSTEM_ERROR with the whole path when it cannot be listed.
std::vector<StoredFile> list_table_files(const ScanSpec& spec, ScanReport& report);

/// Returns the URL of a listed file as the table's LOCATION spells it.
std::string url_of(const ScanSpec& spec, const StoredFile& file);
/// Returns where a listed file lies on this machine.
std::string local_path_of(const ScanSpec& spec, const StoredFile& file);

/// Returns whether columns of this kind are the same for all rows of a file, so that
/// append_known_value fills them.
bool is_known_of_file(ScanColumn::Source source);
/// Appends what is known of the file to `column`, which `wanted` describes, for `num_rows` rows.
void append_known_value(const ScanSpec& spec, const StoredFile& file, const ScanColumn& wanted,
                        size_t num_rows, Column& column);

}  // namespace trailsql
