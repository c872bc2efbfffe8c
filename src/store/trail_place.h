// What the folders on the way to a file say about it, in CloudTrail's layout: one step at a time,
// for whoever walks down.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/trail_layout.h"

namespace trailsql {

/// What the path to a folder says about it.
struct TrailPlace {
  enum class Level : uint8_t {
    kOutside,  // before AWSLogs, or in no such order
    kLogs,     // AWSLogs, or an organization in it
    kAccount,
    kKind,
    kRegion,
    kYear,
    kMonth,
    kDay,
    kLoose,  // within a kind, but in no folder of a day
  };
  Level level = Level::kOutside;
  bool in_logs = false;  // below AWSLogs, where only what is known is CloudTrail's
  std::optional<TrailKind> kind;
  TrailValues values;
  int year = 0;
  int month = 0;
};
/// The years of kTrailDays.
struct TrailYears {
  int first;
  int last;
};
inline constexpr TrailYears kTrailYears{2010, 2050};

/// The folder of a bucket that all logs lie in.
inline constexpr std::string_view kLogsFolder = "AWSLogs";

/// Returns the kind whose folder has that name, if any.
std::optional<TrailKind> find_trail_kind(std::string_view name);

/// Returns the place of the folder `name` in a folder at `place`; nothing for a neighbour.
std::optional<TrailPlace> enter(TrailPlace place, std::string_view name);

/// Returns what the path of the folder `path` says about it. A folder among neighbours is one in no
/// order at all: somebody wants it read.
TrailPlace place_of(std::string_view path);

/// Returns the days that folders in one at `place` can have: of a year, of a month, or all.
DayRange days_below(const TrailPlace& place);

/// What a walk looks for: one kind or all, and what the filter lets pass.
class TrailScope {
 public:
  TrailScope(std::optional<TrailKind> kind, const TrailFilter& filter)
      : kind_(kind), filter_(filter) {}

  /// Whether anything of use may lie below a folder. Outside AWSLogs a folder may have the name of
  /// a kind or an account by chance, and hold a copy of a bucket.
  bool is_worth_a_look(const TrailPlace& place) const;
  /// Whether a folder passes that is named by its path from where the walk began.
  bool passes(const std::string& relative_path) const {
    return !filter_.folder || filter_.folder(relative_path);
  }
  /// Returns the kind of the file `name` in a folder at `place`, and adds what its name says to
  /// `place`; nothing when it is not wanted.
  std::optional<TrailKind> kind_to_take(TrailPlace& place, const std::string& name) const;

  /// Whether days, or whole folders by their path, are left out.
  bool is_about_days() const { return static_cast<bool>(filter_.days); }
  bool is_about_regions() const { return static_cast<bool>(filter_.region); }
  bool is_about_folders() const { return static_cast<bool>(filter_.folder); }
  /// Whether any of these days is wanted; of nothing: files of no known day.
  bool wants(const std::optional<DayRange>& days) const {
    return !filter_.days || filter_.days(days);
  }

 private:
  bool is_wanted(const TrailPlace& place) const;

  std::optional<TrailKind> kind_;
  const TrailFilter& filter_;
};

}  // namespace trailsql
