// Log data is never written: which folders hold logs, and where this program may write.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "scan/scan_spec.h"
#include "service/location_resolver.h"
#include "store/file_listing.h"

namespace trailsql {

/// Prefixes of buckets in which a query found files, without their final slashes.
using BucketFolders = std::set<std::string>;

/// Adds those of the files of a scan that lie in buckets; `partitions` are what their folders
/// count.
void add_bucket_folders(const ScanSpec& spec, const ScanPartitions* partitions,
                        const std::vector<StoredFile>& files, BucketFolders& folders);

/// Remembers that a query reads the scan's folders as logs, if the table is one of logs: a trail's,
/// one of a SerDe for logs, one with a column of records. The folders are the table's or the
/// trail's, and those of partitions that lie elsewhere; not those that hold no files, or files that
/// this program wrote. `partitions` are the scan's, if it has any. In buckets folders are prefixes,
/// of which those count that hold one of `read`.
void note_logs(Catalog& catalog, const LocationResolver& resolver, const CatalogTable& table,
               const ScanPartitions* partitions, const BucketFolders& read);

/// Throws PERMISSION_DENIED when the folder lies in a folder of logs, holds one, or is one: one
/// that was ever read as logs, one of a trail (also of --logs), or a location of a table, or of a
/// partition, whose SerDe reads nothing else. What this program wrote itself, to just that folder,
/// is not. Maps, and links on the way to a folder, make no difference; links inside a folder of
/// logs are not followed. `path` is where it lies: on this machine, or in a bucket. `location` is
/// what messages say.
void check_no_logs(const Catalog& catalog, const LocationResolver& resolver,
                   const std::string& path, const std::string& location);

}  // namespace trailsql
