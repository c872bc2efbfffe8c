#include "service/time_window.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "base/error.h"
#include "functions/iso_timestamp.h"
#include "types/time_units.h"

namespace trailsql {
namespace {

int64_t seconds_of_unit(char unit) {
  switch (unit) {
    case 'm': return 60;
    case 'h': return 60 * 60;
    case 'd': return 24 * 60 * 60;
    case 'w': return 7 * 24 * 60 * 60;
    default: return 0;
  }
}

int64_t parse_span(std::string_view text) {
  constexpr int64_t kMaxCount = 1'000'000;
  int64_t count = 0;
  const char* end = text.data() + text.size() - 1;  // before the unit
  const auto [stop, status] = std::from_chars(text.data(), end, count);
  const int64_t unit = seconds_of_unit(*end);
  if (status != std::errc() || stop != end || count < 1 || count > kMaxCount || unit == 0) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("--since '{}' is no span of time: 24h, 7d or 2w was expected; "
                                 "moments are for --from",
                                 text));
  }
  return count * unit;
}

// A fraction of a second counts as the whole one: eventTime has none.
int64_t next_second(int64_t microseconds) {
  const int64_t second = microseconds / kMicrosecondsPerSecond;
  return second + (microseconds > second * kMicrosecondsPerSecond ? 1 : 0);
}

int64_t parse_moment(std::string_view option, std::string_view text) {
  constexpr size_t kDateSize = 10;  // 2024-05-01
  std::string moment(text);
  if (text.size() == kDateSize) moment += "T00:00:00Z";
  if (text.size() > kDateSize && text[kDateSize] == ' ') moment[kDateSize] = 'T';
  // Years of four digits, as eventTime has them.
  constexpr int64_t kFirstSecond = -62'135'596'800;
  constexpr int64_t kLastSecond = 253'402'300'799;
  try {
    const int64_t second = next_second(parse_iso_nanoseconds(moment).microseconds);
    return std::clamp(second, kFirstSecond, kLastSecond);
  } catch (const QueryError&) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("{} '{}' is no time: 2024-05-01, 2024-05-01T10:20:30Z or "
                                 "2024-05-01T12:20+02:00 was expected",
                                 option, text));
  }
}

}  // namespace

EventTimeBounds TimeWindow::at(int64_t now_us) const {
  EventTimeBounds bounds = fixed;
  if (since_seconds) bounds.from = next_second(now_us) - *since_seconds;
  if (bounds.from && bounds.to && *bounds.from >= *bounds.to)
    throw QueryError(ErrorCode::kInvalidArguments, "There is no time between --since and --to");
  return bounds;
}

TimeWindow parse_time_window(std::string_view since, std::string_view from, std::string_view to) {
  TimeWindow window;
  if (!since.empty()) window.since_seconds = parse_span(since);
  if (!from.empty()) window.fixed.from = parse_moment("--from", from);
  if (!to.empty()) window.fixed.to = parse_moment("--to", to);
  if (window.fixed.from && window.fixed.to && *window.fixed.from >= *window.fixed.to) {
    throw QueryError(ErrorCode::kInvalidArguments,
                     fmt::format("There is no time between --from {} and --to {}", from, to));
  }
  return window;
}

}  // namespace trailsql
