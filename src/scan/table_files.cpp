#include "scan/table_files.h"

#include <fmt/core.h>

namespace trailsql {

std::vector<StoredFile> list_table_files(const ScanSpec& spec, ScanReport& report) {
  FileListing listing = list_files(spec.local_path);
  if (!listing.exists) {
    const bool elsewhere =
        spec.location != spec.local_path && spec.location != spec.local_path + "/";
    report.add_note({ScanNoteKind::kMissingLocation, spec.location, 0,
                     elsewhere ? fmt::format("no such folder: {}; no rows", spec.local_path)
                               : "no such folder; no rows"});
  }
  for (const StoredFile& file : listing.files) report.stored_bytes_total += file.size_bytes;
  report.num_files_total += listing.files.size();
  report.listing_done = true;
  return std::move(listing.files);
}

}  // namespace trailsql
