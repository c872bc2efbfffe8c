#include "scan/table_files.h"

#include <fmt/core.h>

#include "base/error.h"
#include "scan/utf8_check.h"
#include "store/bucket_listing.h"
#include "store/empty_place.h"
#include "types/time_units.h"

namespace trailsql {

FolderFilter folder_filter(const std::string& location, LocationFilter filter) {
  if (!filter) return {};
  return [&location, filter = std::move(filter)](const std::string& relative_path) {
    return filter(join_location(location, relative_path));
  };
}

void tell_unlisted(const std::vector<UnlistedPath>& unlisted, const ScanSpec& spec,
                   ScanReport& report) {
  if (!reads_what_it_can(spec.format.kind)) throw_if_missed(unlisted);
  for (const UnlistedPath& path : unlisted)
    report.add_note({ScanNoteKind::kUnreadableFile, path.path, 0, path.reason});
}

namespace {

std::vector<StoredFile> list_partitions(const ScanSpec& spec, const LocationFilter& filter,
                                        ScanReport& report,
                                        std::vector<std::vector<StoredFile>> known) {
  const ScanPartitions& partitions = *spec.partitions;
  known.resize(partitions.size());
  std::vector<uint32_t> unknown;
  std::vector<std::string> paths;
  for (uint32_t i = 0; i < partitions.size(); ++i) {
    if (!known[i].empty()) continue;
    unknown.push_back(i);
    paths.push_back(partitions.stored_paths[i]);
  }
  std::vector<FileListing> listings = store_of(spec).list_files_of(
      paths, [&](size_t i) { return folder_filter(partitions.locations[unknown[i]], filter); });
  for (size_t i = 0; i < listings.size(); ++i) {
    tell_unlisted(listings[i].unlisted, spec, report);
    known[unknown[i]] = std::move(listings[i].files);
  }
  std::vector<StoredFile> files;
  for (uint32_t i = 0; i < known.size(); ++i) {
    for (StoredFile& file : known[i]) {
      file.folder = i;
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace

void tell_missing_location(const ScanSpec& spec, ScanReport& report) {
  const bool in_bucket = is_bucket_path(spec.stored_path);
  const bool elsewhere =
      !in_bucket && spec.location != spec.stored_path && spec.location != spec.stored_path + "/";
  report.add_note({ScanNoteKind::kMissingLocation, spec.location, 0,
                   elsewhere   ? fmt::format("no such folder: {}; no rows", spec.stored_path)
                   : in_bucket ? "nothing there in the bucket; no rows"
                               : "no such folder; no rows"});
}

const FileStore& store_of(const ScanSpec& spec) {
  static const FileStore kThisMachine{};
  return spec.store ? *spec.store : kThisMachine;
}

std::vector<StoredFile> list_table_files(const ScanSpec& spec, const LocationFilter& filter,
                                         ScanReport& report,
                                         std::vector<std::vector<StoredFile>> known) {
  if (spec.partitions) return list_partitions(spec, filter, report, std::move(known));
  FileListing listing =
      store_of(spec).list_files(spec.stored_path, folder_filter(spec.location, filter));
  tell_unlisted(listing.unlisted, spec, report);
  throw_if_denied(listing.unlisted, spec.stored_path);
  if (!listing.exists) tell_missing_location(spec, report);
  return std::move(listing.files);
}

namespace {

constexpr std::string_view kArchivedText = "not read: it is archived, and must be restored first";

}  // namespace

bool is_left_out(const std::string& url, const S3Problem& problem, bool reads_what_it_can,
                 bool skips_denied, ScanReport& report) {
  const auto note = [&](ScanNoteKind kind, std::string text) {
    report.add_note({kind, url, 0, std::move(text)});
    return true;
  };
  switch (problem.kind) {
    case S3Problem::Kind::kNone: return false;
    case S3Problem::Kind::kArchived:
      return note(ScanNoteKind::kArchivedFile, std::string(kArchivedText));
    case S3Problem::Kind::kDenied:
      if (skips_denied) return note(ScanNoteKind::kUnreadableFile, "not read: " + problem.text);
      throw bucket_error(url, with_permission(problem, "reading needs s3:GetObject"));
    case S3Problem::Kind::kBadCredentials: throw bucket_error(url, problem);
    case S3Problem::Kind::kNoSuchKey:
      if (reads_what_it_can)
        return note(ScanNoteKind::kUnreadableFile, "not read: it is gone: " + problem.text);
      break;
    case S3Problem::Kind::kNoSuchBucket:
    case S3Problem::Kind::kChanged:
    case S3Problem::Kind::kOther: break;
  }
  throw QueryError(ErrorCode::kHiveCannotOpenSplit,
                   fmt::format("Error opening {}: {}", url, problem.text));
}

void leave_out_archived(const ScanSpec& spec, FoundFiles& found, ScanReport& report) {
  std::erase_if(found.files, [&](const StoredFile& file) {
    if (!file.is_archived) return false;
    report.add_note({ScanNoteKind::kArchivedFile, url_of(spec, found.partitions.get(), file), 0,
                     std::string(kArchivedText)});
    return true;
  });
}

void announce_files(const std::vector<StoredFile>& files, ScanReport& report) {
  for (const StoredFile& file : files) report.stored_bytes_total += file.size_bytes;
  report.num_files_total += files.size();
}

std::string url_of(const ScanSpec& spec, const ScanPartitions* partitions, const StoredFile& file) {
  std::string url =
      join_location(partitions != nullptr ? partitions->locations[file.folder] : spec.location,
                    file.relative_path);
  if (is_clean_utf8(url)) return url;
  std::string memory;
  return std::string(repaired_utf8(url, memory));
}

std::string stored_path_of(const ScanSpec& spec, const ScanPartitions* partitions,
                           const StoredFile& file) {
  return join_location(
      partitions != nullptr ? partitions->stored_paths[file.folder] : spec.stored_path,
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

void append_known_value(const ScanSpec& spec, const ScanPartitions* partitions,
                        const StoredFile& file, const ScanColumn& wanted, size_t num_rows,
                        Column& column) {
  switch (wanted.source) {
    case ScanColumn::Source::kPath:
      return append_text(url_of(spec, partitions, file), num_rows, column);
    case ScanColumn::Source::kFileModifiedTime: return append_modified_time(file, num_rows, column);
    case ScanColumn::Source::kPartitionName:
      if (partitions != nullptr) {
        return append_text(partitions->names[file.folder], num_rows, column);
      }
      break;
    case ScanColumn::Source::kFileSize:
      for (size_t row = 0; row < num_rows; ++row)
        column.append_int64(static_cast<int64_t>(file.size_bytes));
      return;
    case ScanColumn::Source::kPartition: {
      const Column& values = partitions->values.columns[wanted.table_column];
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
