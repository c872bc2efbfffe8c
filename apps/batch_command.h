// trailsql batch: one JSON request a line in, one JSON answer a line out.
#pragma once

#include "apps/settings.h"

namespace trailsql {

/// Answers requests from standard input until its end. Returns the exit status: 0, or 130 when
/// interrupted.
int run_batch_command(const Settings& settings);

}  // namespace trailsql
