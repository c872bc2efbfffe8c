#include "service/run_summary.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/text.h"
#include "service/display_text.h"

namespace trailsql {
namespace {

std::string counted(uint64_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", human_count(static_cast<double>(count)),
                     count == 1 ? singular : plural);
}

// Both in the same way, so that they can be compared.
std::string partitions_text(uint64_t num_read, uint64_t num_in_all) {
  constexpr uint64_t kMaxPlain = 1'000'000;
  const auto number = [&](uint64_t count) {
    return num_in_all < kMaxPlain ? fmt::format("{}", count)
                                  : human_count(static_cast<double>(count));
  };
  return fmt::format("{} of {} {}", number(num_read), number(num_in_all),
                     num_in_all == 1 ? "partition" : "partitions");
}

// Empty when everything was listed.
std::string remembered_text(uint64_t num_folders) {
  if (num_folders == 0) return {};
  return fmt::format("; {} as listed before (--refresh lists again)",
                     counted(num_folders, "closed day", "closed days"));
}

std::string duration_text(double seconds) {
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<uint64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

// The bar and a space, in the cells that the numbers leave; nothing when they are too few.
std::string bar_text(double part, size_t free_cells) {
  constexpr size_t kMinCells = 4;
  constexpr size_t kMaxCells = 20;
  if (free_cells < kMinCells + 1) return {};
  const size_t cells = std::min(kMaxCells, free_cells - 1);
  const auto full = static_cast<size_t>(part * static_cast<double>(cells));
  std::string out;
  for (size_t i = 0; i < cells; ++i) out += i < full ? "█" : "░";
  return out + " ";
}

std::string place_text(const ScanNote& note) {
  std::string place;
  append_printable(place, note.file);
  if (note.line > 0) place += fmt::format(":{}", note.line);
  if (note.detail.empty()) return place;
  place += ": ";
  append_printable(place, note.detail);
  return place;
}

}  // namespace

RequestTotals totals_of(const RequestCounts& counts) {
  return {counts.num_lists, counts.num_gets, counts.num_puts, counts.num_retries, counts.num_bytes};
}

ScanProgress progress_of(const ScanReport& report, double seconds) {
  ScanProgress progress;
  progress.num_files_done = report.num_files_done;
  progress.num_files_total = report.num_files_total;
  progress.stored_bytes_done = report.stored_bytes_done;
  progress.stored_bytes_total = report.stored_bytes_total;
  progress.raw_bytes_done = report.raw_bytes_done;
  if (report.reads_text) progress.raw_kind = report.reads_json ? "JSON and text" : "text";
  progress.num_records = report.num_records;
  progress.num_partitions_read = report.num_partitions_read;
  progress.num_partitions_total = report.num_partitions_total;
  progress.listing_done = report.listing_done();
  progress.num_folders_remembered = report.num_folders_remembered;
  progress.requests = totals_of(report.requests);
  progress.seconds = seconds;
  return progress;
}

std::string progress_text(const ScanProgress& progress, size_t width) {
  const auto done = static_cast<double>(progress.stored_bytes_done);
  const auto total = static_cast<double>(progress.stored_bytes_total);
  std::string out;
  if (progress.num_files_total == 0) {
    out = fmt::format("{} …", duration_text(progress.seconds));
    return cut_to_width(out, width);
  }
  const double part = total > 0 ? std::min(1.0, done / total) : 0;
  const double records_per_second =
      progress.seconds > 0 ? static_cast<double>(progress.num_records) / progress.seconds : 0;
  out = fmt::format("{:3.0f} %  {}/{} files  {} of {}  {} records/s", part * 100,
                    progress.num_files_done, progress.num_files_total, human_size(done),
                    human_size(total), human_count(records_per_second));
  if (progress.listing_done && part > 0.01 && part < 1) {
    out += fmt::format("  {} left", duration_text(progress.seconds * (1 - part) / part));
  }
  const size_t numbers_width = display_width(out);
  out = bar_text(part, width > numbers_width ? width - numbers_width : 0) + out;
  return cut_to_width(out, width);
}

namespace {

std::string read_text(const ScanProgress& progress) {
  std::string out;
  if (progress.num_partitions_total != 0) {
    out += "; " + partitions_text(progress.num_partitions_read, progress.num_partitions_total);
  }
  if (progress.num_files_total == 0) return out;
  out += fmt::format("; read {}", counted(progress.num_files_done, "file", "files"));
  if (progress.num_files_done < progress.num_files_total) {
    out += fmt::format(" of {}", human_count(static_cast<double>(progress.num_files_total)));
  }
  const std::string stored = human_size(static_cast<double>(progress.stored_bytes_done));
  // Of Parquet only the files are known: the engine reads them itself.
  if (progress.raw_bytes_done == 0 && progress.num_records == 0) return out + ", " + stored;
  out += fmt::format(", {} ({} of {}), {}", stored,
                     human_size(static_cast<double>(progress.raw_bytes_done)), progress.raw_kind,
                     counted(progress.num_records, "record", "records"));
  return out;
}

}  // namespace

std::string summary_text(uint64_t num_rows, const ScanProgress& progress, const ScanPrice& price) {
  std::string out = fmt::format("{} in {}{}", counted(num_rows, "row", "rows"),
                                duration_text(progress.seconds), read_text(progress));
  out += remembered_text(progress.num_folders_remembered);
  if (progress.requests.any()) {
    out += fmt::format("; {}; {}", requests_text(progress.requests),
                       price_text(progress.stored_bytes_done, price));
  }
  return out;
}

std::string reading_text(const ScanReport& report, uint64_t num_gets_to_come) {
  std::string out;
  if (report.num_partitions_total != 0) {
    out += partitions_text(report.num_partitions_read, report.num_partitions_total) + ", ";
  }
  out += fmt::format("{}, {}", counted(report.num_files_total, "file", "files"),
                     human_size(static_cast<double>(report.stored_bytes_total)));
  if (report.requests.num_lists > 0) {
    out += fmt::format("; {} LIST made, {} GET to come", report.requests.num_lists.load(),
                       num_gets_to_come);
  }
  return out + remembered_text(report.num_folders_remembered);
}

std::vector<std::string> note_lines(const ScanReport& report, bool all) {
  std::vector<std::string> lines = report.remarks();
  if (report.num_notes() == 0) return lines;
  const std::vector<ScanNote> notes = report.notes();
  bool some_left_out = false;
  for (size_t i = 0; i < kNumScanNoteKinds; ++i) {
    const auto kind = static_cast<ScanNoteKind>(i);
    const uint64_t count = report.num_notes(kind);
    if (count == 0) continue;
    lines.push_back(fmt::format("{} × {}", count, note_kind_text(kind)));
    uint64_t shown = 0;
    for (const ScanNote& note : notes) {
      if (note.kind != kind) continue;
      if (!all && shown == kNumNoteExamples) break;
      lines.push_back("  " + place_text(note));
      ++shown;
    }
    if (shown < count) {
      lines.push_back(fmt::format("  … and {} more", count - shown));
      some_left_out = true;
    }
  }
  if (some_left_out && !all) lines.push_back("--warnings lists all");
  return lines;
}

}  // namespace trailsql
