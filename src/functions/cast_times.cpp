// Casts among date, timestamp and timestamp with time zone. The session's zone is UTC. Those from
// and to times of day are in cast_time_of_day.cpp.
#include <fmt/core.h>

#include "functions/calendar.h"
#include "functions/caster.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"

namespace trailsql {
namespace {

// Dates reach further than timestamps; what is beyond becomes the last microsecond there is.
int64_t saturated_microseconds(int64_t days) {
  int64_t result = 0;
  if (!__builtin_mul_overflow(days, kMicrosecondsPerDay, &result)) return result;
  return days < 0 ? INT64_MIN : INT64_MAX;
}

// The local clock of a date, timestamp or timestamp with time zone.
Stamp local_clock(const Column& column, size_t row) {
  switch (column.type().kind()) {
    case TypeKind::kDate: return {saturated_microseconds(column.int64_at(row))};
    case TypeKind::kTimestamp: return typed_kernel::read<Stamp>(column, row);
    default: return local_stamp(typed_kernel::read<ZonedTime>(column, row));
  }
}

bool is_supported(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kDate:
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: return true;
    default: return false;
  }
}

// The words depend on which of Trino's two representations holds the timestamp.
void fail_range(CastProblem& problem, const Type& from, const Type& to, int64_t microseconds) {
  const int64_t milliseconds = floor_milliseconds(microseconds);
  constexpr int kMaxPackedPrecision = 3;
  if (from.is(TypeKind::kTimestamp) && to.precision() <= kMaxPackedPrecision) {
    problem = {ErrorCode::kInvalidCastArgument,
               fmt::format("Out of range for timestamp with time zone: {}", milliseconds)};
  } else {
    problem = {ErrorCode::kGenericInternalError, fmt::format("Millis overflow: {}", milliseconds)};
  }
}

}  // namespace

Caster make_time_caster(const Type& from, const Type& to) {
  if (!is_supported(from) || !is_supported(to)) return {};
  switch (to.kind()) {
    case TypeKind::kDate:
      return [](const Column& column, size_t row, Column& result, CastProblem&) {
        result.append_int64(days_of_microseconds(local_clock(column, row).microseconds));
        return true;
      };
    case TypeKind::kTimestamp:
      return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
        const Stamp clock = local_clock(column, row);
        if (clock.microseconds == INT64_MIN || clock.microseconds == INT64_MAX) {
          problem = {ErrorCode::kGenericInternalError, "Timestamp is out of range"};
          return false;
        }
        typed_kernel::append(result, round_stamp(clock, to.precision()));
        return true;
      };
    default: break;
  }
  if (from.is(TypeKind::kTimestampWithTimeZone)) {
    return [to](const Column& column, size_t row, Column& result, CastProblem&) {
      typed_kernel::append(result,
                           round_zoned(typed_kernel::read<ZonedTime>(column, row), to.precision()));
      return true;
    };
  }
  return [from, to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const Stamp clock = round_stamp(local_clock(column, row), to.precision());
    if (!is_zoned_range(clock.microseconds)) {
      fail_range(problem, from, to, clock.microseconds);
      return false;
    }
    typed_kernel::append(result, zoned_of_local(clock, "UTC"));
    return true;
  };
}

}  // namespace trailsql
