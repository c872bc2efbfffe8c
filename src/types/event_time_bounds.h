// Between which times a statement's records lie, whatever its own conditions are.
#pragma once

#include <cstdint>
#include <optional>

namespace trailsql {

/// Seconds since 1970-01-01 UTC, as precise as eventTime is. A record has to lie in it.
struct EventTimeBounds {
  std::optional<int64_t> from;  // no earlier
  std::optional<int64_t> to;    // earlier than this

  bool any() const { return from || to; }
};

}  // namespace trailsql
