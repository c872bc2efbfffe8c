#include "scan/parquet_table.h"

#include "scan/table_files.h"

namespace trailsql {

void ParquetTable::count_as_read() const {
  report->num_files_done += files.size();
  for (const ParquetFile& file : files) report->stored_bytes_done += file.size_bytes;
}

ParquetTable open_parquet_table(ScanSpec spec, ScanReport& report) {
  ParquetTable table;
  table.spec = std::move(spec);
  table.report = &report;
  for (const StoredFile& stored : list_table_files(table.spec, report)) {
    ParquetFile file;
    file.path = join_location(table.spec.local_path, stored.relative_path);
    file.url = join_location(table.spec.location, stored.relative_path);
    file.size_bytes = stored.size_bytes;
    file.modified_time_us = stored.modified_time_us;
    if (file.size_bytes == 0) {
      report.add_note({ScanNoteKind::kEmptyFile, file.url, 0, ""});
      ++report.num_files_done;
      continue;
    }
    table.files.push_back(std::move(file));
  }
  return table;
}

}  // namespace trailsql
