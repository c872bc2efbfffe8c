// What the day in a path says of the events below it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailsql {

/// The first and the last time, as eventTime spells it, that events in a folder can have; nothing
/// where the path names no day.
struct EventTimes {
  std::optional<std::string> first;  // 2023-07-10T00:00:00Z
  std::optional<std::string> last;   // 2023-07-10T23:59:59Z
};

/// Reads the day of a path of CloudTrail's layout, …/2023/07/10/ or a file in it. That is the day
/// of delivery: no event is later, and none is more than `slack_days` earlier.
EventTimes event_times_below(std::string_view path, uint32_t slack_days);

/// Returns what event_times_below does, of a day since 1970-01-01.
EventTimes event_times_of(int64_t day, uint32_t slack_days);

/// Returns the day (since 1970-01-01) that the last folders of a path name as YYYY/MM/DD.
std::optional<int64_t> day_of_path(std::string_view path);

}  // namespace trailsql
