// What is said about a query while it runs and afterwards: progress, counts, what was skipped or
// odd.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/scan_report.h"
#include "service/request_cost.h"

namespace trailsql {

/// The numbers of a ScanReport at one moment.
struct ScanProgress {
  uint64_t num_files_done = 0;
  uint64_t num_files_total = 0;
  uint64_t stored_bytes_done = 0;
  uint64_t stored_bytes_total = 0;
  uint64_t raw_bytes_done = 0;
  std::string_view raw_kind = "JSON";  // what they are
  uint64_t num_records = 0;
  uint64_t num_partitions_read = 0;
  uint64_t num_partitions_total = 0;  // 0: no table with partitions
  bool listing_done = false;
  uint64_t num_folders_remembered = 0;  // whose files an earlier query has listed
  RequestTotals requests;               // to buckets
  double seconds = 0;                   // since the query began
};
RequestTotals totals_of(const RequestCounts& counts);
ScanProgress progress_of(const ScanReport& report, double seconds);

/// Returns the line of the progress bar, at most `width` cells.
std::string progress_text(const ScanProgress& progress, size_t width);

/// Returns the line after a query: "20 rows in 0.42 s; read 245 files, 1.9 MB (35.1 MB of JSON),
/// 12.4 k records". Nothing is said of files when none was met. Where buckets were asked, it goes
/// on with the requests and what Athena would have charged.
std::string summary_text(uint64_t num_rows, const ScanProgress& progress,
                         const ScanPrice& price = {});

/// Returns what a scan is going to read, for EXPLAIN: "3 of 6 partitions, 12 files, 1.1 kB", and of
/// buckets the requests: those made to find that out, and `num_gets_to_come`.
std::string reading_text(const ScanReport& report, uint64_t num_gets_to_come = 0);

/// Returns what was skipped, malformed or odd and where, one line each without \n: for every kind
/// its count and the first kNumNoteExamples places, or all that were kept.
std::vector<std::string> note_lines(const ScanReport& report, bool all);
inline constexpr size_t kNumNoteExamples = 3;

}  // namespace trailsql
