// The bounds on time that a command line gives: 24h, 2024-05-01, 2024-05-01T10:20:30Z.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "types/event_time_bounds.h"

namespace trailsql {

/// Bounds on eventTime, of which one may move with the time of each statement.
struct TimeWindow {
  std::optional<int64_t> since_seconds;  // before the statement starts
  EventTimeBounds fixed;

  /// Returns the bounds of a statement that starts at `now_us`, microseconds since 1970-01-01 UTC.
  /// Throws INVALID_ARGUMENTS when --since and --to leave no time between them.
  EventTimeBounds at(int64_t now_us) const;
};

/// Reads the options --since, --from and --to; empty ones are not given. Moments between two
/// seconds count as the second after. Throws INVALID_ARGUMENTS for what is no time, and for bounds
/// between which there is none.
TimeWindow parse_time_window(std::string_view since, std::string_view from, std::string_view to);

}  // namespace trailsql
