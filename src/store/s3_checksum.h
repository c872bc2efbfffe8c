// Whether an object arrived as it was stored.
#pragma once

#include <string>
#include <string_view>

#include "store/http_fields.h"

namespace trailsql {

/// Compares an object's bytes with the checksum of the whole object that the answer's headers name
/// (x-amz-checksum-…). Returns what is wrong, or nothing: also when there is no checksum, or one
/// made of those of an upload's parts. source: Amazon S3 User Guide, "Checking object integrity".
std::string checksum_problem(const HttpFields& headers, std::string_view bytes);

}  // namespace trailsql
