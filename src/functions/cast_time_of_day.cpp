// Casts from and to time and time with time zone. The session's zone is UTC.
#include <fmt/core.h>

#include "base/text.h"
#include "functions/calendar.h"
#include "functions/caster.h"
#include "functions/parse_value.h"
#include "functions/zoned_time_of_day.h"
#include "types/time_of_day.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

bool is_time(const Type& type) {
  return type.is(TypeKind::kTime) || type.is(TypeKind::kTimeWithTimeZone);
}
bool is_timestamp(const Type& type) {
  return type.is(TypeKind::kTimestamp) || type.is(TypeKind::kTimestampWithTimeZone);
}

// What a clock on the wall shows, and how far it is from UTC.
struct WallClock {
  int64_t picoseconds;  // of the day
  int64_t offset_minutes;
};

// Trino takes a second too many off a time before 1970 that has a fraction, in microseconds, of a
// second. So it does here: just behind midnight the result is negative.
int64_t before_1970(int64_t microseconds, int64_t picoseconds) {
  const bool shifts = microseconds < 0 && microseconds % kMicrosecondsPerSecond != 0;
  return shifts ? picoseconds - kPicosecondsPerSecond : picoseconds;
}

WallClock clock_of_timestamp(const Column& column, size_t row, bool wanted_with_zone) {
  const auto of_day = [](Stamp local) {
    return split_local(local.microseconds).microseconds_of_day * kPicosecondsPerMicrosecond +
           local.picoseconds;
  };
  if (!column.type().has_zone()) {
    const auto stamp = typed_kernel::read<Stamp>(column, row);
    const int64_t picoseconds = of_day(stamp);
    return {wanted_with_zone ? picoseconds : before_1970(stamp.microseconds, picoseconds), 0};
  }
  const auto time = typed_kernel::read<ZonedTime>(column, row);
  const Stamp local = local_stamp(time);
  // Trino looks up the offset as if the local time were one in UTC.
  const int64_t shifted = to_local_microseconds(local.microseconds, time.zone);
  return {of_day(local), (shifted - local.microseconds) / kMicrosecondsPerMinute};
}

WallClock clock_of(const Column& column, size_t row, bool wanted_with_zone) {
  switch (column.type().kind()) {
    case TypeKind::kTime: return {column.int64_at(row), 0};
    case TypeKind::kTimeWithTimeZone: {
      const auto time = typed_kernel::read<ZonedTimeOfDay>(column, row);
      return {local_time_of_day(time), time.offset_minutes};
    }
    default: return clock_of_timestamp(column, row, wanted_with_zone);
  }
}

void append_clock(Column& result, WallClock clock) {
  if (result.type().is(TypeKind::kTime)) {
    result.append_int64(clock.picoseconds);
  } else {
    append(result, zoned_time_of_day(clock.picoseconds, clock.offset_minutes));
  }
}

Caster make_to_time(const Type& to) {
  const bool zoned = to.has_zone();
  return [to, zoned](const Column& column, size_t row, Column& result, CastProblem& problem) {
    WallClock clock = clock_of(column, row, zoned);
    clock.picoseconds = round_picoseconds(clock.picoseconds, to.precision());
    if (clock.picoseconds < 0) {
      problem = {ErrorCode::kGenericInternalError, "value must be >= 0"};
      return false;
    }
    clock.picoseconds = wrap_time_of_day(clock.picoseconds);
    append_clock(result, clock);
    return true;
  };
}

Caster make_text_to_time(const Type& to) {
  return [to](const Column& column, size_t row, Column& result, CastProblem& problem) {
    const bool zoned = to.has_zone();
    const std::string_view text = column.string_at(row);
    const std::optional<ParsedTimeOfDay> parsed =
        parse_time_of_day(zoned ? trim_spaces(text) : text);
    if (!parsed || (parsed->offset_minutes && !zoned)) {
      problem = {
          ErrorCode::kInvalidCastArgument,
          fmt::format("Value cannot be cast to time{}: {}", zoned ? " with time zone" : "", text)};
      return false;
    }
    append_clock(result, {round_time_of_day(parsed->picoseconds, to.precision()),
                          parsed->offset_minutes.value_or(0)});
    return true;
  };
}

// Appends the instant `picoseconds` after the start of the day `today`, of UTC.
void append_dated(Column& result, int64_t today, int64_t picoseconds, std::string_view zone) {
  const Stamp instant{today * kMicrosecondsPerDay + picoseconds / kPicosecondsPerMicrosecond,
                      picoseconds % kPicosecondsPerMicrosecond};
  if (!result.type().has_zone()) return typed_kernel::append(result, instant);
  typed_kernel::append(result, ZonedTime{instant.microseconds, zone, instant.picoseconds});
}

Caster make_time_to_timestamp(const Type& from, const Type& to, int64_t today) {
  if (from.is(TypeKind::kTimeWithTimeZone) && to.has_zone()) {
    // The day is that of UTC, so the local date may be the one before or after.
    return [to, today](const Column& column, size_t row, Column& result, CastProblem&) {
      const auto time = typed_kernel::read<ZonedTimeOfDay>(column, row);
      append_dated(result, today, round_time_of_day(time.utc_picoseconds, to.precision()),
                   offset_zone_name(time.offset_minutes));
      return true;
    };
  }
  return [to, today](const Column& column, size_t row, Column& result, CastProblem&) {
    const int64_t picoseconds =
        round_picoseconds(clock_of(column, row, true).picoseconds, to.precision());
    append_dated(result, today, picoseconds, "UTC");
    return true;
  };
}

}  // namespace

Caster make_time_of_day_caster(const Type& from, const Type& to, int64_t today) {
  if (is_time(to)) {
    if (from.is(TypeKind::kVarchar)) return make_text_to_time(to);
    if (is_time(from) || is_timestamp(from)) return make_to_time(to);
  }
  if (is_time(from) && is_timestamp(to)) return make_time_to_timestamp(from, to, today);
  return {};
}

}  // namespace trailsql
