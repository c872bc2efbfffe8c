// The files of a table: which they are, and what is known of each without a look inside.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scan/file_source.h"
#include "scan/scan_report.h"
#include "scan/scan_spec.h"
#include "store/file_listing.h"
#include "store/file_store.h"

namespace trailsql {

/// Says which folders to go into, by their URL with its final '/'.
using LocationFilter = std::function<bool(const std::string& location)>;

/// Lists the files under `spec.stored_path` or, of a table with partitions, under each of theirs;
/// in the order of their paths. StoredFile::folder is the partition. A location that does not exist
/// holds no files, as in Athena; that of a whole table is noted in `report`. `known`: the files of
/// partitions, by their position, that need no listing; of others none. Throws
/// HIVE_FILESYSTEM_ERROR.
std::vector<StoredFile> list_table_files(const ScanSpec& spec, const LocationFilter& filter,
                                         ScanReport& report,
                                         std::vector<std::vector<StoredFile>> known = {});

/// Leaves out files that cannot be read for being archived, and takes note of them.
void leave_out_archived(const ScanSpec& spec, FoundFiles& found, ScanReport& report);

/// Returns whether an object of a bucket that could not be read is left out, which is noted: it is
/// archived; may not be read, with `skips_denied`; or is gone, where all that can be read is
/// wanted. False where there is no problem. Otherwise throws PERMISSION_DENIED,
/// HIVE_CANNOT_OPEN_SPLIT.
bool is_left_out(const std::string& url, const S3Problem& problem, bool reads_what_it_can,
                 bool skips_denied, ScanReport& report);

/// Returns how the files of a scan are reached.
const FileStore& store_of(const ScanSpec& spec);

/// Makes a filter of folders below a location, which must outlive it.
FolderFilter folder_filter(const std::string& location, LocationFilter filter);

/// Notes that nothing lies at the location of a whole table.
void tell_missing_location(const ScanSpec& spec, ScanReport& report);

/// Notes what could not be listed of a table. Throws HIVE_FILESYSTEM_ERROR when something is missed
/// of a table whose files must all be read.
void tell_unlisted(const std::vector<UnlistedPath>& unlisted, const ScanSpec& spec,
                   ScanReport& report);

/// Adds the files to what `report` says is to be read.
void announce_files(const std::vector<StoredFile>& files, ScanReport& report);

/// Returns the URL of a listed file as the table's LOCATION, or its partition's, spells it; what of
/// the file's name is no UTF-8 is replaced. `partitions` are those that StoredFile::folder counts,
/// none of a table without.
std::string url_of(const ScanSpec& spec, const ScanPartitions* partitions, const StoredFile& file);
/// Returns where a listed file lies, as the storage of the scan has it.
std::string stored_path_of(const ScanSpec& spec, const ScanPartitions* partitions,
                           const StoredFile& file);

/// Returns whether columns of this kind are the same for all rows of a file, so that
/// append_known_value fills them.
bool is_known_of_file(ScanColumn::Source source);
/// Appends what is known of the file to `column`, which `wanted` describes, for `num_rows` rows.
void append_known_value(const ScanSpec& spec, const ScanPartitions* partitions,
                        const StoredFile& file, const ScanColumn& wanted, size_t num_rows,
                        Column& column);

}  // namespace trailsql
