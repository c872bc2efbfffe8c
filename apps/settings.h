// Settings of the command line and the environment, and what follows from them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/error_report.h"
#include "service/query_service.h"
#include "service/result_writer.h"

namespace CLI {
class App;
}

namespace trailsql {

/// Holds what the options say. Flag before environment before default.
struct Settings {
  std::string home;
  std::string database = "default";
  std::string format;        // empty: not chosen
  std::string output_file;   // empty or "-": standard output
  uint32_t num_threads = 0;  // 0: as many as the machine has
  std::string memory_limit;  // "4GB"; empty: the engine's default
  std::vector<std::string> maps;
  std::vector<std::string> logs;
  std::string since;
  std::string from;
  std::string to;
  std::string profile;
  std::string region;
  std::string s3_endpoint;
  bool no_sign_request = false;
  bool requester_pays = false;
  bool skip_denied = false;
  bool dry_run = false;
  bool refresh = false;
  uint32_t open_days = kDefaultOpenDays;
  double athena_price = ScanPrice().dollars_per_terabyte;
  std::string athena_minimum;  // "10MB"; empty: Athena's
  bool strict = false;
  bool deduplicate = false;
  bool quiet = false;
  bool all_warnings = false;
  std::string color = "auto";
};

/// Adds --home, --database, --threads, --memory-limit, --map, --logs, --since, --from, --to and
/// what says how buckets are reached: --profile, --region, --s3-endpoint and the like.
void add_service_options(CLI::App& app, Settings& settings);
/// Adds those that say how buckets are reached alone.
void add_bucket_options(CLI::App& app, Settings& settings);
/// Adds --format, --quiet, --warnings and --color.
void add_display_options(CLI::App& app, Settings& settings);

/// Opens the service as the settings say. Throws INVALID_ARGUMENTS for settings that make no
/// sense, and what QueryService throws.
QueryService open_service(const Settings& settings);
Session session_of(const Settings& settings);

/// Returns how buckets are reached, as the settings say.
AwsAccess aws_access_of(const Settings& settings);
/// Returns what Athena charges, as the settings say. Throws INVALID_ARGUMENTS.
ScanPrice scan_price_of(const Settings& settings);

/// Returns how results look on standard output.
ResultStyle stdout_style(const Settings& settings);
/// Returns how errors look on standard error.
ErrorStyle stderr_style(const Settings& settings);

}  // namespace trailsql
