// Casts among date, timestamp and timestamp with time zone. The session's zone is UTC. Those from
// and to times of day are in cast_time_of_day.cpp.
#include "functions/calendar.h"
#include "functions/caster.h"
#include "functions/parse_value.h"
#include "functions/typed_kernel.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

// The local clock of a date, timestamp or timestamp with time zone, in microseconds.
int64_t local_clock(const Column& column, size_t row) {
  switch (column.type().kind()) {
    case TypeKind::kDate: return column.int64_at(row) * kMicrosecondsPerDay;
    case TypeKind::kTimestamp: return column.int64_at(row);
    default:
      return to_local_microseconds(column.children()[0].int64_at(row),
                                   column.children()[1].string_at(row));
  }
}

bool is_supported(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kDate: return true;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: return type.precision() <= 6;
    default: return false;
  }
}

}  // namespace

Caster make_time_caster(const Type& from, const Type& to) {
  if (!is_supported(from) || !is_supported(to)) return {};
  switch (to.kind()) {
    case TypeKind::kDate:
      return [](const Column& column, size_t row, Column& result, CastProblem&) {
        result.append_int64(days_of_microseconds(local_clock(column, row)));
        return true;
      };
    case TypeKind::kTimestamp:
      return [to](const Column& column, size_t row, Column& result, CastProblem&) {
        result.append_int64(round_microseconds(local_clock(column, row), 0, to.precision()));
        return true;
      };
    default: break;
  }
  if (from.is(TypeKind::kTimestampWithTimeZone)) {
    return [to](const Column& column, size_t row, Column& result, CastProblem&) {
      const ZonedTime time = typed_kernel::read<ZonedTime>(column, row);
      typed_kernel::append(
          result, ZonedTime{round_microseconds(time.microseconds, 0, to.precision()), time.zone});
      return true;
    };
  }
  return [to](const Column& column, size_t row, Column& result, CastProblem&) {
    const int64_t clock = round_microseconds(local_clock(column, row), 0, to.precision());
    typed_kernel::append(result, ZonedTime{clock, "UTC"});
    return true;
  };
}

}  // namespace trailsql
