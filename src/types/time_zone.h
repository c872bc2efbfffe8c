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
  /// Returns what people call the zone's time at the instant: "EDT", or in full "Eastern Daylight
  /// Time". Offsets are called by their names.
  virtual std::string display_name(int64_t seconds_utc, bool in_full) const = 0;

 protected:
  explicit TimeZone(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};

/// Finds the zone of that name; null when there is none. The result lives as long as the program.
/// Case counts. Java's names count (no "EST" or "PST"), and its offsets: "+5", "+05", "+0530",
/// "+05:30", "+05:30:00", also behind "UTC", "GMT" or "UT"; up to 14 hours.
const TimeZone* find_time_zone(std::string_view name);

/// Returns whether Java has the zone, or offset, though Trino refuses it: "+15:00", "Etc/Zulu".
bool is_zone_of_java(std::string_view name);

/// Makes the name of a fixed offset, "+05:30"; "UTC" for zero.
std::string offset_zone_name(int64_t offset_minutes);

/// Converts microseconds of an instant to microseconds of the local clock in the named zone (as
/// UTC when the name is unknown, which only damaged data can have), and back.
int64_t to_local_microseconds(int64_t instant, std::string_view zone);
int64_t to_instant_microseconds(int64_t local, std::string_view zone);

/// Returns TimeZone::display_name of the named zone at microseconds of an instant.
std::string time_zone_text(std::string_view zone, int64_t instant, bool in_full);

}  // namespace trailsql
