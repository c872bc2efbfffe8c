// make_logs: invents CloudTrail logs that look like real ones, for the demo, tests and benchmarks.
#include <CLI/CLI.hpp>
#include <fmt/core.h>

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

// Help shows the name of a value, not the checks on it: their words come with the error.
CLI::Validator quiet(CLI::Validator check) { return check.description(""); }

void declare_counts(CLI::App& app, Options& options) {
  app.add_option("--accounts", options.num_accounts, "number of accounts (2)")
      ->check(quiet(CLI::Range(1, 100'000)))
      ->type_name("N");
  app.add_option("--regions", options.num_regions, "number of regions, up to 12 (2)")
      ->check(quiet(CLI::Range(1, 12)))
      ->type_name("N");
  app.add_option("--days", options.num_days, "number of days (1)")
      ->check(quiet(CLI::Range(1, 3'660)))
      ->type_name("N");
  app.add_option("--files", options.num_files_per_day, "files per account, region and day (8)")
      ->check(quiet(CLI::Range(1, 100'000)))
      ->type_name("N");
  app.add_option("--records", options.num_records_per_file, "records per file, on average (20)")
      ->check(quiet(CLI::Range(1, 10'000'000)))
      ->type_name("N");
  app.add_option("--scale", options.scale_bytes,
                 "raw JSON in all, as 400MB or 10GB; instead of --files and --records")
      ->transform(quiet(CLI::AsSizeValue(true)))
      ->type_name("SIZE");
  app.add_option("--file-size", options.file_bytes, "raw JSON per file with --scale (1600KB)")
      ->transform(quiet(CLI::AsSizeValue(true)))
      ->check(quiet(CLI::Range(uint64_t{1'000}, uint64_t{4'000'000'000})))
      ->type_name("SIZE");
  app.add_option("--repeats", options.repeats_per_mille,
                 "files per thousand that repeat a record of the file before (100)")
      ->check(quiet(CLI::Range(0, 1000)))
      ->type_name("N");
}

void declare(CLI::App& app, Options& options, std::string& start) {
  app.footer(kExamples);
  app.add_option("--out", options.out, "folder that becomes the bucket's copy")
      ->required()
      ->type_name("FOLDER");
  app.add_option("--prefix", options.prefix,
                 "folder in the bucket before AWSLogs (my-cross-account-prefix)")
      ->type_name("FOLDER");
  app.add_option("--start", start, "first day (2026-01-12)")->type_name("DATE");
  declare_counts(app, options);
  app.add_flag("--organization", options.organization, "an organisation trail's layout");
  app.add_flag("--insights", options.insights, "CloudTrail-Insight objects too");
  app.add_flag("--neighbours", options.neighbours, "digests and configuration snapshots too");
  app.add_flag_callback(
      "--no-story", [&options] { options.story = false; }, "no attack");
  const std::map<std::string, OddRecords> names = {
      {"none", OddRecords::kNone}, {"legal", OddRecords::kLegal}, {"all", OddRecords::kAll}};
  app.add_option("--odd", options.odd_records,
                 "odd records: none, legal (the default), or all; some of all end a query on the "
                 "classic table")
      ->transform(quiet(CLI::CheckedTransformer(names, CLI::ignore_case)))
      ->type_name("WHICH");
  app.add_option("--seed", options.seed, "another seed, other logs (1)")->type_name("N");
  app.add_option("--threads", options.num_threads, "one per core by default")->type_name("N");
  app.add_option("--level", options.compression_level, "of compression, 1 to 12 (6)")
      ->check(quiet(CLI::Range(1, 12)))
      ->type_name("N");
  app.add_option("--truth", options.truth_path, "write what the logs hold, as JSON, to this file")
      ->type_name("FILE");
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
