#include "scan/parquet_table.h"

#include <fmt/core.h>

#include "base/error.h"
#include "scan/table_files.h"
#include "scan/utf8_check.h"

namespace trailsql {

void ParquetTable::count_as_read() const {
  for (const ParquetFile& file : files) {
    if (file.is_copy) continue;
    ++report->num_files_done;
    report->stored_bytes_done += file.size_bytes;
  }
}

ParquetTable open_parquet_table(ScanSpec spec, const std::vector<StoredFile>& files,
                                ScanReport& report, std::shared_ptr<ParquetCopies> copies) {
  ParquetTable table;
  table.spec = std::move(spec);
  table.report = &report;
  announce_files(files, report);
  ++report.num_scans;
  ++report.num_scans_listed;
  copies->add(table.spec, files, report);
  for (const StoredFile& stored : files) {
    ParquetFile file;
    file.path = stored_path_of(table.spec, table.spec.partitions.get(), stored);
    file.url = url_of(table.spec, table.spec.partitions.get(), stored);
    file.is_copy = is_bucket_path(file.path) && stored.size_bytes > 0;
    if (file.is_copy) file.path = copies->path_of(table.spec, stored);
    if (file.path.empty()) continue;  // left out
    if (!is_clean_utf8(file.path)) {
      throw QueryError(
          ErrorCode::kHiveCannotOpenSplit, Location{},
          fmt::format("Error opening {}: the name of a Parquet file must be UTF-8", file.url),
          "rename the file");
    }
    file.folder = stored.folder;
    file.size_bytes = stored.size_bytes;
    file.modified_time_us = stored.modified_time_us;
    if (file.size_bytes == 0) {
      report.add_note({ScanNoteKind::kEmptyFile, file.url, 0, ""});
      ++report.num_files_done;
      continue;
    }
    table.files.push_back(std::move(file));
  }
  table.copies = std::move(copies);
  return table;
}

}  // namespace trailsql
