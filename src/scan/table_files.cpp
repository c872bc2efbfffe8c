#include "scan/table_files.h"

#include <fmt/core.h>

#include "base/error.h"
#include "scan/utf8_check.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

FolderFilter below(const std::string& location, const LocationFilter& filter) {
  if (!filter) return {};
  return [&location, &filter](const std::string& relative_path) {
    return filter(join_location(location, relative_path));
  };
}

}  // namespace

void tell_unlisted(const std::vector<UnlistedPath>& unlisted, const ScanSpec& spec,
                   ScanReport& report) {
  if (!reads_what_it_can(spec.format.kind)) throw_if_missed(unlisted);
  for (const UnlistedPath& path : unlisted)
    report.add_note({ScanNoteKind::kUnreadableFile, path.path, 0, path.reason});
}

std::vector<StoredFile> list_table_files(const ScanSpec& spec, const LocationFilter& filter,
                                         ScanReport& report) {
  if (spec.partitions) {
    std::vector<StoredFile> files;
    for (uint32_t i = 0; i < spec.partitions->size(); ++i) {
      FileListing listing =
          list_files(spec.partitions->local_paths[i], below(spec.partitions->locations[i], filter));
      tell_unlisted(listing.unlisted, spec, report);
      for (StoredFile& file : listing.files) {
        file.folder = i;
        files.push_back(std::move(file));
      }
    }
    return files;
  }
  FileListing listing = list_files(spec.local_path, below(spec.location, filter));
  tell_unlisted(listing.unlisted, spec, report);
  if (!listing.exists) {
    const bool elsewhere =
        spec.location != spec.local_path && spec.location != spec.local_path + "/";
    report.add_note({ScanNoteKind::kMissingLocation, spec.location, 0,
                     elsewhere ? fmt::format("no such folder: {}; no rows", spec.local_path)
                               : "no such folder; no rows"});
  }
  return std::move(listing.files);
}

void announce_files(const std::vector<StoredFile>& files, ScanReport& report) {
  for (const StoredFile& file : files) report.stored_bytes_total += file.size_bytes;
  report.num_files_total += files.size();
  report.listing_done = true;
}

std::string url_of(const ScanSpec& spec, const StoredFile& file) {
  std::string url =
      join_location(spec.partitions ? spec.partitions->locations[file.folder] : spec.location,
                    file.relative_path);
  if (is_clean_utf8(url)) return url;
  std::string memory;
  return std::string(repaired_utf8(url, memory));
}

std::string local_path_of(const ScanSpec& spec, const StoredFile& file) {
  return join_location(
      spec.partitions ? spec.partitions->local_paths[file.folder] : spec.local_path,
      file.relative_path);
}

bool is_known_of_file(ScanColumn::Source source) {
  switch (source) {
    case ScanColumn::Source::kTable:
    case ScanColumn::Source::kElement:
    case ScanColumn::Source::kRecordText:
    case ScanColumn::Source::kOrdinality: return false;
    case ScanColumn::Source::kPath:
    case ScanColumn::Source::kFileSize:
    case ScanColumn::Source::kFileModifiedTime:
    case ScanColumn::Source::kPartition:
    case ScanColumn::Source::kPartitionName:
    case ScanColumn::Source::kBucket: return true;
  }
  return false;
}

namespace {

void append_text(std::string_view text, size_t num_rows, Column& column) {
  const std::string_view kept = column.arena().add(text);
  for (size_t row = 0; row < num_rows; ++row) column.append_borrowed_string(kept);
}

void append_modified_time(const StoredFile& file, size_t num_rows, Column& column) {
  for (size_t row = 0; row < num_rows; ++row) {
    column.children()[0].append_int64(file.modified_time_us / kMicrosecondsPerMillisecond *
                                      kMicrosecondsPerMillisecond);
    column.children()[1].append_string("UTC");
    column.append_row();
  }
}

}  // namespace

void append_known_value(const ScanSpec& spec, const StoredFile& file, const ScanColumn& wanted,
                        size_t num_rows, Column& column) {
  switch (wanted.source) {
    case ScanColumn::Source::kPath: return append_text(url_of(spec, file), num_rows, column);
    case ScanColumn::Source::kFileModifiedTime: return append_modified_time(file, num_rows, column);
    case ScanColumn::Source::kPartitionName:
      if (spec.partitions) {
        return append_text(spec.partitions->names[file.folder], num_rows, column);
      }
      break;
    case ScanColumn::Source::kFileSize:
      for (size_t row = 0; row < num_rows; ++row)
        column.append_int64(static_cast<int64_t>(file.size_bytes));
      return;
    case ScanColumn::Source::kPartition: {
      const Column& values = spec.partitions->values.columns[wanted.table_column];
      for (size_t row = 0; row < num_rows; ++row) column.append_from(values, file.folder);
      return;
    }
    case ScanColumn::Source::kBucket: break;
    case ScanColumn::Source::kTable:
    case ScanColumn::Source::kElement:
    case ScanColumn::Source::kRecordText:
    case ScanColumn::Source::kOrdinality:
      throw QueryError(ErrorCode::kGenericInternalError, "a column of rows was asked of a file");
  }
  for (size_t row = 0; row < num_rows; ++row) column.append_null();
}

}  // namespace trailsql
