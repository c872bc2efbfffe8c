#include "apps/map_command.h"

#include <fmt/core.h>

#include "apps/interrupt.h"
#include "base/error.h"

namespace trailsql {

int run_map_add(const Settings& settings, const std::string& url_prefix, const std::string& path) {
  const LocationMap map = make_location_map(url_prefix, path);
  open_service(settings).catalog().add_location_map(map);
  if (!settings.quiet) fmt::print(stderr, "{} is read from {}\n", map.url_prefix, map.local_path);
  return kExitOk;
}

int run_map_list(const Settings& settings) {
  QueryService service = open_service(settings);
  const std::vector<LocationMap> maps = service.catalog().location_maps();
  for (const LocationMap& map : maps) fmt::print("{}\t{}\n", map.url_prefix, map.local_path);
  if (maps.empty() && !settings.quiet) {
    fmt::print(stderr, "No location is mapped; trailsql map add s3://bucket/ /path/to/copy\n");
  }
  return kExitOk;
}

int run_map_remove(const Settings& settings, const std::string& url_prefix) {
  const std::string prefix = normalize_url_prefix(url_prefix);
  if (!open_service(settings).catalog().remove_location_map(prefix)) {
    throw QueryError(ErrorCode::kNotFound,
                     fmt::format("{} is not mapped; trailsql map list shows what is", prefix));
  }
  if (!settings.quiet) fmt::print(stderr, "{} is no longer mapped\n", prefix);
  return kExitOk;
}

}  // namespace trailsql
