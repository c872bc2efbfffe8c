// Time zones by name, as Trino knows them: "UTC", "+05:30", "America/New_York".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace trailsql {

/// Converts between instants and local times of one zone. Immutable; safe from several threads.
class TimeZone {
 public:
  virtual ~TimeZone() = default;

  /// Returns the name as Trino prints it ("UTC", "+05:30", "Europe/Warsaw").
  const std::string& name() const { return name_; }
  /// Returns the seconds to add to UTC at the instant `seconds_utc`.
  virtual int64_t offset_at(int64_t seconds_utc) const = 0;
  /// Returns the seconds that were added to UTC at the local time `seconds_local`. In a gap the
  /// time moves forward by the gap's length and in an overlap the earlier offset counts, as Java's
  /// ZonedDateTime does.
  virtual int64_t offset_of_local(int64_t seconds_local) const = 0;

 protected:
  explicit TimeZone(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

/// Finds the zone of that name; null when there is none. The result lives as long as the program.
/// Case counts, but for "utc", "gmt" and "z".
const TimeZone* find_time_zone(std::string_view name);

/// Makes the name of a fixed offset, "+05:30"; "UTC" for zero.
std::string offset_zone_name(int64_t offset_minutes);

/// Converts microseconds of an instant to microseconds of the local clock in the named zone (as
/// UTC when the name is unknown, which only damaged data can have), and back.
int64_t to_local_microseconds(int64_t instant, std::string_view zone);
int64_t to_instant_microseconds(int64_t local, std::string_view zone);

}  // namespace trailsql
