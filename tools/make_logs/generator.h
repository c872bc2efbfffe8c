// Writes a whole bucket.
#pragma once

#include "make_logs/options.h"
#include "make_logs/truth.h"

namespace trailsql::make_logs {

/// Writes what `options` ask for below options.out, on all threads, and returns what it wrote. The
/// bytes depend on the options alone, not on the number of threads. Throws std::system_error when
/// the disk refuses.
Truth generate(const Options& options);

}  // namespace trailsql::make_logs
