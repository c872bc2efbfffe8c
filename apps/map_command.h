// trailsql map: remembers where local copies of buckets lie.
#pragma once

#include <string>

#include "apps/settings.h"

namespace trailsql {

int run_map_add(const Settings& settings, const std::string& url_prefix, const std::string& path);
int run_map_list(const Settings& settings);
int run_map_remove(const Settings& settings, const std::string& url_prefix);

}  // namespace trailsql
