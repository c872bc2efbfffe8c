// What lies at the locations of a trail: for people who add one or look at it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/cancellation.h"
#include "catalog/trail_tables.h"
#include "service/location_resolver.h"
#include "store/file_store.h"
#include "store/trail_layout.h"

namespace trailsql {

/// The database of the trail that --logs makes for one run.
inline constexpr std::string_view kSessionTrailName = "logs";

/// Returns the location as the catalog keeps it: s3:// URLs normalised, paths absolute. Throws
/// INVALID_ARGUMENTS when nothing lies there, HIVE_FILESYSTEM_ERROR for an S3 location that is not
/// mapped to a folder of this machine.
std::string checked_trail_location(std::string_view location, const LocationResolver& resolver);

/// Makes a trail of these locations. Throws INVALID_ARGUMENTS for a name that is no plain word
/// (letters, digits, _) or is taken by the program, and as checked_trail_location does.
Trail make_trail(std::string_view name, const std::vector<std::string>& locations,
                 const LocationResolver& resolver);

/// Describes what lies at all locations of the trail: a line for each kind that has files, and for
/// each folder that could not be listed. Throws as summarize_trail does.
std::vector<std::string> describe_trail(const Trail& trail, const LocationResolver& resolver,
                                        const FileStore& storage, const Cancellation& cancellation);

}  // namespace trailsql
