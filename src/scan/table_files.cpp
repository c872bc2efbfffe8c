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

std::string url_of(const ScanSpec& spec, const StoredFile& file) {
  return join_location(spec.location, file.relative_path);
}
std::string local_path_of(const ScanSpec& spec, const StoredFile& file) {
  return join_location(spec.local_path, file.relative_path);
}
bool is_known_of_file(ScanColumn::Source source) {
  return source == ScanColumn::Source::kPath || source == ScanColumn::Source::kFileSize ||
         source == ScanColumn::Source::kFileModifiedTime;
}
void append_known_value(const ScanSpec& spec, const StoredFile& file, const ScanColumn& wanted,
                        size_t num_rows, Column& column) {
  for (size_t row = 0; row < num_rows; ++row) {
    if (wanted.source == ScanColumn::Source::kPath)
      column.append_string(url_of(spec, file));
    else if (wanted.source == ScanColumn::Source::kFileSize)
      column.append_int64(static_cast<int64_t>(file.size_bytes));
    else {
      column.children()[0].append_int64(file.modified_time_us / 1000 * 1000);
      column.children()[1].append_string("UTC");
      column.append_row();
    }
  }
}

}  // namespace trailsql
