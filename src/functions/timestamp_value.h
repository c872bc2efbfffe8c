// Timestamps as kernels compute with them, of any precision.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error_code.h"

namespace trailsql {

/// A timestamp(p): a local clock. `picoseconds` are those beyond the microseconds, 0 to 999,999.
struct Stamp {
  int64_t microseconds;
  int64_t picoseconds = 0;
};

/// A timestamp(p) with time zone: an instant and the name of the zone it is shown in.
struct ZonedTime {
  int64_t microseconds;
  std::string_view zone;
  int64_t picoseconds = 0;
};

/// Rounds half up to `precision` digits of the second.
Stamp round_stamp(Stamp stamp, int precision);
ZonedTime round_zoned(ZonedTime time, int precision);

/// Returns the local clock of an instant in its zone, and the instant of a local clock in a zone.
Stamp local_stamp(ZonedTime time);
ZonedTime zoned_of_local(Stamp local, std::string_view zone);

/// Returns whole milliseconds, rounded down.
int64_t floor_milliseconds(int64_t microseconds);

/// Returns whether a timestamp with time zone can hold the instant: milliseconds of 52 bits.
bool is_zoned_range(int64_t microseconds);
/// Returns the instant if it does; else throws `code` "Millis overflow: …".
ZonedTime checked_zoned(ZonedTime time, ErrorCode code = ErrorCode::kGenericInternalError);

}  // namespace trailsql
