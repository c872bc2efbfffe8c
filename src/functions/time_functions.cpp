// Functions of times of day: their parts, truncation, arithmetic by unit.
#include <fmt/core.h>

#include "base/text.h"
#include "functions/argument_error.h"
#include "functions/calendar.h"
#include "functions/families.h"
#include "functions/zoned_time_of_day.h"
#include "types/value_text.h"

namespace trailsql {
namespace {

int64_t hour_of_time(int64_t time) { return time / kPicosecondsPerHour; }
int64_t minute_of_time(int64_t time) { return time / kPicosecondsPerMinute % 60; }
int64_t second_of_time(int64_t time) { return time / kPicosecondsPerSecond % 60; }
int64_t millisecond_of_time(int64_t time) { return time / kPicosecondsPerMillisecond % 1000; }

template <int64_t (*Part)(int64_t)>
int64_t zoned_time_part(ZonedTimeOfDay time) {
  return Part(local_time_of_day(time));
}

int64_t offset_hour(ZonedTimeOfDay time) { return time.offset_minutes / 60; }
int64_t offset_minute(ZonedTimeOfDay time) { return time.offset_minutes % 60; }
std::string offset_of(ZonedTimeOfDay time) {
  std::string name;
  append_time_offset(name, time.offset_minutes);
  return name;
}

// The picoseconds of a unit that a day has many of.
int64_t length_of_unit(std::string_view name) {
  switch (find_time_unit(name, "TIME")) {
    case TimeUnit::kMillisecond: return kPicosecondsPerMillisecond;
    case TimeUnit::kSecond: return kPicosecondsPerSecond;
    case TimeUnit::kMinute: return kPicosecondsPerMinute;
    case TimeUnit::kHour: return kPicosecondsPerHour;
    default: fail_argument(fmt::format("'{}' is not a valid TIME field", to_lower_ascii(name)));
  }
}

int64_t truncate_time(std::string_view unit, int64_t time) {
  return time - time % length_of_unit(unit);
}
ZonedTimeOfDay truncate_zoned_time(std::string_view unit, ZonedTimeOfDay time) {
  return zoned_time_of_day(truncate_time(unit, local_time_of_day(time)), time.offset_minutes);
}

// The sum keeps the time's own precision: what is finer is rounded.
int64_t add_to_time(const BoundFunction& bound, std::string_view unit, int64_t count,
                    int64_t time) {
  const int64_t length = length_of_unit(unit);
  const int64_t change = count % (kPicosecondsPerDay / length) * length;
  return round_time_of_day(wrap_time_of_day(time + change), bound.result_type.precision());
}
ZonedTimeOfDay add_to_zoned_time(const BoundFunction& bound, std::string_view unit, int64_t count,
                                 ZonedTimeOfDay time) {
  return {add_to_time(bound, unit, count, time.utc_picoseconds), time.offset_minutes};
}

int64_t between_times(std::string_view unit, int64_t from, int64_t to) {
  return (to - from) / length_of_unit(unit);
}
int64_t between_zoned_times(std::string_view unit, ZonedTimeOfDay from, ZonedTimeOfDay to) {
  return between_times(unit, from.utc_picoseconds, to.utc_picoseconds);
}

constexpr std::string_view kOfTime = "(time(p)) -> bigint";
constexpr std::string_view kOfZoned = "(time(p) with time zone) -> bigint";

constexpr FunctionEntry kTimeFunctions[] = {
    total("hour", kOfTime, "Returns that part of a time of day.", kernel_of<hour_of_time>),
    total("minute", kOfTime, "Returns that part of a time of day.", kernel_of<minute_of_time>),
    total("second", kOfTime, "Returns that part of a time of day.", kernel_of<second_of_time>),
    total("millisecond", kOfTime, "Returns that part of a time of day.",
          kernel_of<millisecond_of_time>),
    total("hour", kOfZoned, "Returns that part of a time of day.",
          kernel_of<zoned_time_part<hour_of_time>>),
    total("minute", kOfZoned, "Returns that part of a time of day.",
          kernel_of<zoned_time_part<minute_of_time>>),
    total("second", kOfZoned, "Returns that part of a time of day.",
          kernel_of<zoned_time_part<second_of_time>>),
    total("millisecond", kOfZoned, "Returns that part of a time of day.",
          kernel_of<zoned_time_part<millisecond_of_time>>),
    total("timezone", "(time(p) with time zone) -> varchar", "Returns the offset as text.",
          kernel_of<offset_of>),
    total("timezone_hour", kOfZoned, "Returns the hours of the offset.", kernel_of<offset_hour>),
    total("timezone_minute", kOfZoned, "Returns the minutes of the offset.",
          kernel_of<offset_minute>),
    fallible("date_trunc", "(varchar(x), time(p)) -> time(p)", "Cuts a time of day down to a unit.",
             kernel_of<truncate_time>),
    fallible("date_trunc", "(varchar(x), time(p) with time zone) -> time(p) with time zone",
             "Cuts a time of day down to a unit.", kernel_of<truncate_zoned_time>),
    fallible("date_add", "(varchar(x), bigint, time(p)) -> time(p)",
             "Adds units to a time of day, around midnight.", kernel_of<add_to_time>),
    fallible("date_add", "(varchar(x), bigint, time(p) with time zone) -> time(p) with time zone",
             "Adds units to a time of day, around midnight.", kernel_of<add_to_zoned_time>),
    fallible("date_diff", "(varchar(x), time(p), time(p)) -> bigint",
             "Counts whole units between two times of one day.", kernel_of<between_times>),
    fallible("date_diff", "(varchar(x), time(p) with time zone, time(p) with time zone) -> bigint",
             "Counts whole units between two times of one day of UTC.",
             kernel_of<between_zoned_times>),
};

}  // namespace

std::span<const FunctionEntry> time_functions() { return kTimeFunctions; }

}  // namespace trailsql
