#include "apps/settings.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

#include "base/error.h"
#include "base/text.h"
#include "service/progress_bar.h"

namespace trailsql {
namespace {

// Parses "4GB", "512MB", "2GiB", "1000000"; units of 1000 and of 1024. Throws INVALID_ARGUMENTS.
uint64_t parse_size_bytes(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  std::string unit = to_lower_ascii(end);
  while (!unit.empty() && unit.front() == ' ') unit.erase(unit.begin());
  double factor = 0;
  const std::string_view kLetters = "kmgt";
  const size_t letter = unit.empty() ? std::string_view::npos : kLetters.find(unit.front());
  if (unit.empty() || unit == "b") {
    factor = 1;
  } else if (letter != std::string_view::npos) {
    const std::string_view rest = std::string_view(unit).substr(1);
    if (rest.empty() || rest == "b") factor = std::pow(1000.0, static_cast<double>(letter + 1));
    if (rest == "ib") factor = std::pow(1024.0, static_cast<double>(letter + 1));
  }
  if (end == text.c_str() || factor == 0 || !(number > 0) || number * factor > 1e18) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("'{}' is no size: 512MB or 4GB was expected", text));
  }
  return static_cast<uint64_t>(number * factor);
}

bool wants_colors(const Settings& settings, int file_descriptor) {
  if (settings.color != "auto") return settings.color == "always";
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return ::isatty(file_descriptor) != 0;
}

/// Adds an option that takes one value each time it is given.
CLI::Option* add_repeatable(CLI::App& app, const std::string& name,
                            std::vector<std::string>& values, const std::string& what) {
  return app.add_option(name, values, what + " (may be repeated)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->allow_extra_args(false);
}

}  // namespace

void add_bucket_options(CLI::App& app, Settings& settings) {
  app.add_option("--profile", settings.profile, "Profile of ~/.aws to ask S3 with [$AWS_PROFILE]")
      ->type_name("NAME");
  app.add_option("--region", settings.region, "Region of the buckets [$AWS_REGION, else S3 tells]")
      ->type_name("NAME");
  app.add_option("--s3-endpoint", settings.s3_endpoint,
                 "Server to ask instead of AWS's S3 [$AWS_ENDPOINT_URL_S3]")
      ->type_name("URL");
  app.add_flag("--no-sign-request", settings.no_sign_request,
               "Ask S3 without credentials, as public buckets allow");
  app.add_flag("--requester-pays", settings.requester_pays,
               "Pay for the requests to buckets whose owners want that");
  app.add_flag("--skip-denied", settings.skip_denied,
               "Go on without what of buckets may not be listed or read, and name it");
}

void add_service_options(CLI::App& app, Settings& settings) {
  app.add_option("--home", settings.home,
                 "Folder of the catalog and the history [$TRAILSQL_HOME, else "
                 "~/.local/share/trailsql]")
      ->type_name("FOLDER");
  app.add_option("--database", settings.database, "Database of names without one [default]")
      ->envname("TRAILSQL_DATABASE")
      ->type_name("NAME");
  add_repeatable(app, "--map", settings.maps,
                 "Read an S3 location from a local copy, for this run: s3://bucket/=/path")
      ->type_name("S3=PATH");
  add_repeatable(app, "--logs", settings.logs,
                 "Read the CloudTrail logs below a folder, or in a bucket, as table cloudtrail, "
                 "for this run")
      ->type_name("PATH|S3");
  CLI::Option* since = app.add_option(
      "--since", settings.since, "Only records of the last hours, days or weeks, by eventTime");
  since->type_name("24h|7d|2w");
  app.add_option("--from", settings.from, "Only records of this eventTime or later (UTC)")
      ->type_name("TIME")
      ->excludes(since);
  app.add_option("--to", settings.to, "Only records of an eventTime before this (UTC)")
      ->type_name("TIME");
  add_bucket_options(app, settings);
  app.add_flag("--refresh", settings.refresh,
               "List days of buckets again that are closed and were listed before");
  app.add_option("--open-days", settings.open_days,
                 "For how many days the folder of a day may get files in a bucket [31]")
      ->envname("TRAILSQL_OPEN_DAYS")
      ->type_name("N")
      ->check(CLI::Range(0U, 36'500U));
  app.add_flag("--dry-run", settings.dry_run,
               "Tell which files a query would read, and what that costs, from listings alone");
  app.add_option("--athena-price", settings.athena_price,
                 "Athena's price of a terabyte scanned, in dollars, for estimates [5]")
      ->envname("TRAILSQL_ATHENA_PRICE")
      ->type_name("DOLLARS")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--athena-minimum", settings.athena_minimum,
                 "What Athena charges a query at least, for estimates [10MB]")
      ->envname("TRAILSQL_ATHENA_MINIMUM")
      ->type_name("SIZE");
  app.add_flag("--deduplicate", settings.deduplicate,
               "Count records that were delivered twice once: the first of each eventID");
  app.add_flag("--strict", settings.strict,
               "End a query with an error where a file is malformed, unreadable or odd");
  app.add_option("--threads", settings.num_threads, "Threads at work [as many as the machine has]")
      ->envname("TRAILSQL_THREADS")
      ->type_name("N")
      ->check(CLI::Range(1U, 1024U));
  app.add_option("--memory-limit", settings.memory_limit,
                 "Memory for sorting and grouping, as in 4GB [80 % of the machine's]")
      ->envname("TRAILSQL_MEMORY_LIMIT")
      ->type_name("SIZE");
}

void add_display_options(CLI::App& app, Settings& settings) {
  std::vector<std::string> names;
  for (const ResultFormatName& entry : result_formats()) names.emplace_back(entry.name);
  app.add_option("--format", settings.format, fmt::format("{} [table]", fmt::join(names, ", ")))
      ->envname("TRAILSQL_FORMAT")
      ->type_name("NAME")
      ->check(CLI::IsMember(names, CLI::ignore_case).description(""));
  app.add_flag("--quiet,-q", settings.quiet, "No progress, counts and notes on standard error");
  app.add_flag("--warnings", settings.all_warnings,
               "List every place where something was skipped or malformed");
  app.add_option("--color", settings.color, "auto, always or never [auto]")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""));
}

AwsAccess aws_access_of(const Settings& settings) {
  AwsAccess access;
  if (!settings.profile.empty()) access.profile = settings.profile;
  if (!settings.region.empty()) access.region = settings.region;
  if (!settings.s3_endpoint.empty()) access.endpoint = settings.s3_endpoint;
  access.is_anonymous = settings.no_sign_request;
  access.requester_pays = settings.requester_pays;
  return access;
}

ScanPrice scan_price_of(const Settings& settings) {
  ScanPrice price;
  price.dollars_per_terabyte = settings.athena_price;
  if (!settings.athena_minimum.empty()) price.min_bytes = parse_size_bytes(settings.athena_minimum);
  return price;
}

QueryService open_service(const Settings& settings) {
  ServiceOptions options;
  for (const std::string& map : settings.maps) {
    options.location_maps.push_back(parse_location_map(map));
  }
  options.logs = settings.logs;
  options.time_window = parse_time_window(settings.since, settings.from, settings.to);
  options.aws = aws_access_of(settings);
  options.refresh = settings.refresh;
  options.open_days = settings.open_days;
  options.skips_denied = settings.skip_denied;
  options.is_dry_run = settings.dry_run;
  options.price = scan_price_of(settings);
  options.strict = settings.strict;
  options.deduplicate = settings.deduplicate;
  options.engine.database.num_threads = settings.num_threads;
  if (!settings.memory_limit.empty()) {
    options.engine.database.memory_limit_bytes = parse_size_bytes(settings.memory_limit);
  }
  options.home = find_home_folder(settings.home);
  return QueryService(std::move(options));
}

Session session_of(const Settings& settings) { return {to_lower_ascii(settings.database)}; }

ResultStyle stdout_style(const Settings& settings) {
  return {terminal_width(STDOUT_FILENO), wants_colors(settings, STDOUT_FILENO)};
}

ErrorStyle stderr_style(const Settings& settings) {
  ErrorStyle style;
  style.colors = wants_colors(settings, STDERR_FILENO);
  const size_t width = terminal_width(STDERR_FILENO);
  if (width > 20) style.width = width - 4;
  return style;
}

}  // namespace trailsql
