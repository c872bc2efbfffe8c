// What the user of make_logs can choose.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace trailsql::make_logs {

enum class OddRecords : uint8_t {
  kNone,
  kLegal,  // odd, but every declared type of the classic table can still take them
  kAll,    // also strings where the classic table declares structs, which end a query
};

struct Options {
  std::string out;
  std::string prefix = "my-cross-account-prefix";
  uint32_t num_accounts = 2;
  uint32_t num_regions = 2;
  uint32_t num_days = 1;
  std::chrono::sys_days first_day = std::chrono::sys_days(std::chrono::January / 12 / 2026);
  uint32_t num_files_per_day = 8;      // per account and region
  uint32_t num_records_per_file = 20;  // on average
  uint64_t scale_bytes = 0;            // raw JSON in all; 0: the counts above decide
  uint64_t file_bytes = 1'600'000;     // raw JSON per file when scale_bytes is given
  bool organization = false;
  bool insights = false;
  bool neighbours = false;
  bool story = true;
  OddRecords odd_records = OddRecords::kLegal;
  uint32_t repeats_per_mille = 100;  // files that open with the last record of the file before
  uint64_t seed = 1;
  uint32_t num_threads = 0;  // 0: as many as the machine has
  int compression_level = 6;
  std::string truth_path;
};

}  // namespace trailsql::make_logs
