// What else lies beside the logs in a trail's bucket.
#pragma once

#include <string>

#include "make_logs/object_writer.h"
#include "make_logs/record.h"

namespace trailsql::make_logs {

/// Writes one day's neighbours of a region's logs: a digest, and a configuration snapshot. They
/// hold no `Records`.
void write_neighbours(const std::string& folder, const RecordSite& site, ObjectWriter& objects,
                      Truth& truth);

}  // namespace trailsql::make_logs
