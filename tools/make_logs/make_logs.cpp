// make_logs: invents CloudTrail logs that look like real ones, for the demo, tests and benchmarks.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <string>

#include "make_logs/generator.h"
#include "make_logs/options.h"

namespace trailsql::make_logs {
namespace {

constexpr const char* kExamples = R"(
Examples:
  make_logs --out bucket                          a small bucket: 2 accounts, 2 regions, 1 day
  make_logs --out bucket --accounts 20 --regions 4 --days 30 --organization
  make_logs --out bucket --scale 400MB --truth truth.json
  make_logs --out bucket --insights --neighbours --odd all --seed 7

The tree is <out>/<prefix>/AWSLogs/[o-exampleorgid/]<account>/CloudTrail/<region>/<date>/. The same
options give the same bytes on every machine, whatever the number of threads.
Accounts, names and addresses are invented or reserved for documentation.)";

std::chrono::sys_days parse_day(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const bool read = std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) == 3;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!read || !date.ok()) throw CLI::ValidationError("--start", "needs a date, 2026-01-12");
  return date;
}

void declare(CLI::App& app, Options& options, std::string& start) {
  app.footer(kExamples);
  app.add_option("--out", options.out, "folder that becomes the bucket's copy")->required();
  app.add_option("--prefix", options.prefix, "folder in the bucket before AWSLogs")
      ->capture_default_str();
  app.add_option("--accounts", options.num_accounts, "number of accounts")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--regions", options.num_regions, "number of regions")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  app.add_option("--days", options.num_days, "number of days")
      ->check(CLI::Range(1, 3'660))
      ->capture_default_str();
  app.add_option("--start", start, "first day (default 2026-01-12)");
  app.add_option("--files", options.num_files_per_day, "files per account, region and day")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--records", options.num_records_per_file, "records per file, on average")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--scale", options.scale_bytes,
                 "raw JSON in all (400MB, 10GB); overrides --files and --records")
      ->transform(CLI::AsSizeValue(true));
  app.add_option("--file-size", options.file_bytes, "raw JSON per file with --scale")
      ->transform(CLI::AsSizeValue(true))
      ->check(CLI::Range(uint64_t{1'000}, uint64_t{4'000'000'000}))
      ->capture_default_str();
  app.add_flag("--organization", options.organization, "an organisation trail's layout");
  app.add_flag("--insights", options.insights, "CloudTrail-Insight objects too");
  app.add_flag("--neighbours", options.neighbours, "digests and configuration snapshots too");
  app.add_flag("!--no-story", options.story, "leave out the attack");
  const std::map<std::string, OddRecords> names = {
      {"none", OddRecords::kNone}, {"legal", OddRecords::kLegal}, {"all", OddRecords::kAll}};
  app.add_option("--odd", options.odd_records,
                 "odd records: none, legal (default), all (some end a query on the classic table)")
      ->transform(CLI::CheckedTransformer(names, CLI::ignore_case));
  app.add_option("--repeats", options.repeats_per_mille,
                 "files per thousand that repeat a record of the file before")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "another seed, other logs")->capture_default_str();
  app.add_option("--threads", options.num_threads, "default: one per core");
  app.add_option("--level", options.compression_level, "of compression")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  app.add_option("--truth", options.truth_path, "write what the logs hold, as JSON, to this file");
}

int run(const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  const Truth truth = generate(options);
  const double seconds_taken =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!options.truth_path.empty()) {
    std::ofstream file(options.truth_path, std::ios::binary | std::ios::trunc);
    file << truth.to_json(options);
    file.close();
    if (!file) throw std::runtime_error("cannot write " + options.truth_path);
  }
  const double raw_megabytes = static_cast<double>(truth.raw_bytes) / 1e6;
  fmt::print(stderr,
             "make_logs: {} records in {} files, {:.1f} MB raw, {:.1f} MB stored, {:.1f} s\n",
             truth.num_records, truth.num_files, raw_megabytes,
             static_cast<double>(truth.stored_bytes) / 1e6, seconds_taken);
  return 0;
}

}  // namespace
}  // namespace trailsql::make_logs

int main(int argc, char** argv) {
  CLI::App app("Invents CloudTrail logs that look like real ones.", "make_logs");
  trailsql::make_logs::Options options;
  std::string start;
  trailsql::make_logs::declare(app, options, start);
  try {
    app.parse(argc, argv);
    if (!start.empty()) options.first_day = trailsql::make_logs::parse_day(start);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    return trailsql::make_logs::run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "make_logs: {}\n", error.what());
    return 1;
  }
}
