#include "apps/trail_command.h"

#include <fmt/core.h>

#include "apps/interrupt.h"
#include "base/error.h"
#include "base/text.h"
#include "service/table_access.h"
#include "service/trail_summary.h"

namespace trailsql {
namespace {

QueryError no_trail(const std::string& name) {
  return QueryError(ErrorCode::kNotFound,
                    fmt::format("There is no trail {}; trailsql trail list shows those there are",
                                to_lower_ascii(name)));
}

std::vector<std::string> describe(QueryService& service, const Trail& trail) {
  Cancellation cancellation;
  RequestCounts counts;
  const InterruptScope scope(cancellation);
  return describe_trail(trail, service.location_resolver(),
                        service.store_of(trail, cancellation, counts), cancellation);
}

}  // namespace

int run_trail_add(const Settings& settings, const std::string& name,
                  const std::vector<std::string>& locations) {
  QueryService service = open_service(settings);
  Trail trail = make_trail(name, locations, service.location_resolver());
  // One that is there keeps how it is reached, but for what is said now.
  for (const Trail& kept : service.catalog().trails()) {
    if (kept.name == trail.name) trail.properties = kept.properties;
  }
  trail.properties = with_access(std::move(trail.properties), aws_access_of(settings));
  // What cannot be listed is not remembered.
  const std::vector<std::string> lines = describe(service, trail);
  service.catalog().add_trail(trail);
  if (settings.quiet) return kExitOk;
  for (const std::string& line : lines) fmt::print(stderr, "{}\n", line);
  fmt::print(stderr, "Ask them: trailsql query \"SELECT count(*) FROM {}.cloudtrail\"\n",
             trail.name);
  return kExitOk;
}

int run_trail_list(const Settings& settings) {
  QueryService service = open_service(settings);
  const std::vector<Trail> trails = service.catalog().trails();
  for (const Trail& trail : trails) {
    const std::string access = access_text(trail.properties);
    for (const std::string& location : trail.locations) {
      fmt::print("{}\t{}{}{}\n", trail.name, location, access.empty() ? "" : "\t", access);
    }
  }
  if (trails.empty() && !settings.quiet)
    fmt::print(stderr, "There is no trail; trailsql trail add NAME /path/to/logs\n");
  return kExitOk;
}

int run_trail_show(const Settings& settings, const std::string& name) {
  QueryService service = open_service(settings);
  for (const Trail& trail : service.catalog().trails()) {
    if (trail.name != to_lower_ascii(name)) continue;
    if (const std::string access = access_text(trail.properties); !access.empty())
      fmt::print("asked with {}\n", access);
    for (const std::string& location : trail.locations) {
      fmt::print("{}\n", location);
      for (const std::string& line : describe(service, {trail.name, {location}, trail.properties}))
        fmt::print("  {}\n", line);
    }
    return kExitOk;
  }
  throw no_trail(name);
}

int run_trail_remove(const Settings& settings, const std::string& name) {
  if (!open_service(settings).catalog().remove_trail(name)) throw no_trail(name);
  if (!settings.quiet)
    fmt::print(stderr, "{} is no longer a trail; its files were not touched\n",
               to_lower_ascii(name));
  return kExitOk;
}

}  // namespace trailsql
