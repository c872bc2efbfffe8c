// Where a table's LOCATION lies on this machine: s3:// URLs through maps, local folders as they
// are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace trailsql {

/// Returns the location with its scheme in lower case and s3a://, s3n:// spelled s3://.
std::string normalize_location(std::string_view location);

/// Returns an S3 prefix as maps have it: normalised, with the final slash.
std::string normalize_url_prefix(std::string_view url_prefix);

/// Returns whether the location is an S3 URL, in any of its spellings.
bool is_s3_location(std::string_view location);

/// Returns whether the location is an s3:// or file:/ URL, or an absolute path.
bool is_absolute_location(std::string_view location);

/// Returns the command that maps the bucket of an S3 location, for messages.
std::string map_command_for(std::string_view location);

/// Makes a map from an s3:// prefix (with or without the final slash) to a folder, which is made
/// absolute. Throws INVALID_ARGUMENTS when the prefix is no S3 URL, the path is empty or no folder.
LocationMap make_location_map(std::string_view url_prefix, std::string_view local_path);

/// Parses "s3://bucket/=PATH". Throws INVALID_ARGUMENTS as make_location_map does.
LocationMap parse_location_map(std::string_view text);

/// Turns locations into local paths.
class LocationResolver {
 public:
  /// Maps of the command line come before remembered ones; among each, the longest prefix wins.
  LocationResolver(std::vector<LocationMap> command_line, std::vector<LocationMap> remembered);

  /// Returns where a location lies, as storage has it: the absolute path of a file:// URL, of an
  /// absolute path or of an s3:// URL that is mapped; other s3:// URLs as they are, normalised.
  /// Throws HIVE_FILESYSTEM_ERROR for anything else.
  std::string resolve(std::string_view location) const;

  /// Returns the s3:// URL of an absolute local path, if a map says so.
  std::optional<std::string> url_of(std::string_view local_path) const;

  /// Returns whether the location lies on this machine: what it says, or a map.
  bool is_mapped(std::string_view location) const;

 private:
  const LocationMap* find_map(std::string_view normalized) const;
  std::vector<LocationMap> maps_;  // in the order in which they are tried
};

}  // namespace trailsql
