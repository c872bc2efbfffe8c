// trailsql trail: remembers where CloudTrail logs lie, and says what they are.
#pragma once

#include <string>
#include <vector>

#include "apps/settings.h"

namespace trailsql {

int run_trail_add(const Settings& settings, const std::string& name,
                  const std::vector<std::string>& locations);
int run_trail_list(const Settings& settings);
int run_trail_show(const Settings& settings, const std::string& name);
int run_trail_remove(const Settings& settings, const std::string& name);

}  // namespace trailsql
