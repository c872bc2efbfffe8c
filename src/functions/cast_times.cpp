// Casts among date, time, timestamp and timestamp with time zone. The session's zone is UTC.
#include <chrono>

#include "functions/caster.h"
#include "functions/parse_value.h"
#include "types/time_zone.h"

namespace trailsql {
namespace {

constexpr int64_t kMicrosecondsPerDay = 86'400'000'000;
constexpr int64_t kNanosecondsPerDay = 86'400'000'000'000;
constexpr int64_t kNanosecondsPerMicrosecond = 1000;

int64_t floor_days(int64_t microseconds) {
  return std::chrono::floor<std::chrono::days>(std::chrono::microseconds(microseconds)).count();
}

// The local clock of a date, timestamp or timestamp with time zone, in microseconds.
int64_t local_clock(const Column& column, size_t row) {
  switch (column.type().kind()) {
    case TypeKind::kDate: return column.int64_at(row) * kMicrosecondsPerDay;
    case TypeKind::kTime: return column.int64_at(row) / kNanosecondsPerMicrosecond;
    case TypeKind::kTimestamp: return column.int64_at(row);
    default:
      return to_local_microseconds(column.children()[0].int64_at(row),
                                   column.children()[1].string_at(row));
  }
}

void append_zoned(Column& result, int64_t instant, std::string_view zone) {
  result.children()[0].append_int64(instant);
  result.children()[1].append_string(zone);
  result.append_row();
}

bool is_supported(const Type& type) {
  switch (type.kind()) {
    case TypeKind::kDate:
    case TypeKind::kTime: return true;
    case TypeKind::kTimestamp:
    case TypeKind::kTimestampWithTimeZone: return type.precision() <= 6;
    default: return false;
  }
}

int64_t round_time(int64_t nanoseconds, int precision) {
  int64_t unit = 1;
  for (int i = precision; i < 9; ++i) unit *= 10;
  return (nanoseconds + unit / 2) / unit * unit % kNanosecondsPerDay;
}

}  // namespace

Caster make_time_caster(const Type& from, const Type& to) {
  if (!is_supported(from) || !is_supported(to)) return {};
  if (from.is(TypeKind::kTime) && !to.is(TypeKind::kTime)) return {};
  if (from.is(TypeKind::kDate) && to.is(TypeKind::kTime)) return {};
  switch (to.kind()) {
    case TypeKind::kDate:
      return [](const Column& column, size_t row, Column& result, CastProblem&) {
        result.append_int64(floor_days(local_clock(column, row)));
        return true;
      };
    case TypeKind::kTime:
      return [to](const Column& column, size_t row, Column& result, CastProblem&) {
        int64_t nanoseconds = 0;
        if (column.type().is(TypeKind::kTime)) {
          nanoseconds = column.int64_at(row);
        } else {
          const int64_t clock = local_clock(column, row);
          nanoseconds =
              (clock - floor_days(clock) * kMicrosecondsPerDay) * kNanosecondsPerMicrosecond;
        }
        result.append_int64(round_time(nanoseconds, to.precision()));
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
      append_zoned(result,
                   round_microseconds(column.children()[0].int64_at(row), 0, to.precision()),
                   column.children()[1].string_at(row));
      return true;
    };
  }
  return [to](const Column& column, size_t row, Column& result, CastProblem&) {
    append_zoned(result, round_microseconds(local_clock(column, row), 0, to.precision()), "UTC");
    return true;
  };
}

}  // namespace trailsql
