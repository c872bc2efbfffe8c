// How CloudTrail lays its files out in a bucket, and what of it lies below a folder of this
// machine.
//
//   [prefix/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/KIND/REGION/YYYY/MM/DD/files
//
// source: AWS CloudTrail User Guide, "Finding your CloudTrail log files"; Control Tower puts the
// organization before AWSLogs too.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "store/file_listing.h"

namespace trailsql {

/// The kinds of files, each in a folder of its own.
enum class TrailKind : uint8_t { kEvents, kInsights, kNetworkActivity, kAggregated, kDigests };
constexpr size_t kNumTrailKinds = static_cast<size_t>(TrailKind::kDigests) + 1;

/// Returns the name of the folder of a kind: "CloudTrail", "CloudTrail-Insight", …
std::string_view trail_kind_folder(TrailKind kind);
/// Returns the kind whose folder has that name; of another name, events.
TrailKind trail_kind_of(std::string_view folder);

/// Returns the kind of the file at an absolute path, as its folders or its name say it; nothing
/// where they do not.
std::optional<TrailKind> trail_kind_of_file(const std::string& path);

/// What a path says about the files at its end; of what it does not say, nothing.
struct TrailValues {
  std::optional<std::string> organization;  // o-…
  std::optional<std::string> account;       // twelve digits
  std::optional<std::string> region;
  std::optional<int32_t> day;  // of delivery, in days since 1970-01-01
};

/// Files that share their values: all below one folder of a day, or one file outside such folders.
struct TrailPart {
  TrailValues values;
  std::string relative_path;  // from the folder listed: of a folder with its final '/', or empty
  bool is_file = false;
  /// In a bucket: the files, whose paths are from `relative_path`. On disk: none, whoever reads
  /// them lists them.
  std::vector<StoredFile> files;
};

/// Days from `first` to `last`, both included.
struct DayRange {
  int32_t first = 0;
  int32_t last = 0;
};

/// What counts as a folder of a day: from 2010-01-01 to 2050-12-31. CloudTrail began in 2013.
inline constexpr DayRange kTrailDays{14610, 29584};

/// Says which folders to go into. What is not set lets everything pass. Values are absent where
/// paths do not say them.
struct TrailFilter {
  using Text = std::function<bool(const std::optional<std::string>&)>;
  Text organization;
  Text account;
  Text region;
  /// Whether any day of a range is wanted: of a year, a month, one day; or files of no known day.
  std::function<bool(const std::optional<DayRange>&)> days;
  FolderFilter folder;  // any folder, by its path
};

/// Lists what of a kind lies below `root`, in the order of the paths. `root` is absolute: a
/// bucket's copy, any folder on the way down (what the path to it says counts), a folder of files
/// in no such order, or one file. Folders that the filter does not want are not listed; neighbours
/// under AWSLogs are passed over; a folder of that name begins the layout, whatever those above it
/// are called. Links are followed, but not in circles. Folders of days may be empty. The values of
/// files outside such folders are taken from names like
/// ACCOUNT_CloudTrail_REGION_20230710T1205Z_….json.gz. A root that does not exist holds nothing.
/// Folders that cannot be listed are added to `unlisted`. Throws HIVE_FILESYSTEM_ERROR with the
/// whole path, and USER_CANCELED.
std::vector<TrailPart> list_trail(const std::string& root, TrailKind kind,
                                  const TrailFilter& filter, const Cancellation& cancellation,
                                  std::vector<UnlistedPath>& unlisted);

/// Returns the positions of the roots that lie in none of the others, so that nothing is read
/// twice; of equal ones the first. Links on the way to them make no difference.
std::vector<size_t> outermost_roots(const std::vector<std::string>& roots);

/// What lies below a folder, of one kind.
struct TrailSummary {
  std::set<std::string> organizations;
  std::set<std::string> accounts;
  std::set<std::string> regions;
  std::optional<DayRange> days;  // first and last day of which there are files
  uint64_t num_files = 0;
  uint64_t num_loose_files = 0;  // of them: outside folders of days
  uint64_t size_bytes = 0;       // as stored

  void add(const TrailSummary& other);
  /// Adds a part with its files.
  void count(const TrailPart& part, const std::vector<StoredFile>& files);
};

/// Counts everything below `root`, by kind. Tells of folders, and throws, as list_trail does.
std::vector<TrailSummary> summarize_trail(const std::string& root, const Cancellation& cancellation,
                                          std::vector<UnlistedPath>& unlisted);

}  // namespace trailsql
