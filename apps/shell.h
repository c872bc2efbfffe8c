// trailsql alone: the interactive shell.
#pragma once

#include "apps/settings.h"

namespace trailsql {

/// Reads statements from the terminal until Ctrl-D or .quit. Returns the exit status.
int run_shell(const Settings& settings);

}  // namespace trailsql
